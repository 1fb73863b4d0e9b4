import type { Answer, Lesson, Option, Told } from '../lesson';
import { say } from '../words';
import { bestOf, deviationOf, meanOf, mostChanged, movesOf, timesOf, worstOf } from './change';
import { readSiblings } from './data';
import type { Group, Sibling, SiblingsData } from './data';

const TOKENS = ['fall', 'mixed', 'same'] as const;
const EQUAL = ['allUp', 'allDown', 'nothing'] as const;
const optionsOf = (names: readonly (keyof typeof NAMES)[]): Option[] => names.map((name) => ({ label: NAMES[name] }));
const NAMES = {
  fall: say('group.fall'),
  mixed: say('group.mixed'),
  same: say('group.same'),
  allUp: say('group.allUp'),
  allDown: say('group.allDown'),
  nothing: say('group.nothing'),
};

const two = (value: number): string => value.toFixed(2).replace('-', '−');

function tryOf({ trajectory }: Sibling, at: number): Option {
  const rightness = say(trajectory.em === 1 ? 'shown.right' : 'shown.wrong');
  return { label: say('group.option', { number: at + 1, rightness, reward: two(trajectory.reward) }) };
}

function up({ mixed }: SiblingsData, answer: Answer | undefined): Told {
  const { siblings } = mixed;
  const mean = meanOf(mixed);
  const rose = siblings.map((sibling) => timesOf(sibling) > 1);
  const chosen = answer?.kind === 'many' ? answer.chosen : [];
  const numbers = rose.flatMap((is, at) => (is ? [at + 1] : []));
  return {
    ...{ of: siblings.length, mean: two(mean), up: numbers.join(', ') || say('group.none') },
    called: rose.filter((is, at) => is === chosen.includes(at)).length,
    agree: siblings.filter(({ trajectory }, at) => trajectory.reward > mean === rose[at]).length,
  };
}

function siblingAt({ siblings }: Group, at: number): Sibling {
  const sibling = siblings[at];
  if (sibling === undefined) throw new RangeError(`The group has no try ${at + 1}.`);
  return sibling;
}

function advantage({ mixed }: SiblingsData, answer: Answer | undefined): Told {
  const best = siblingAt(mixed, bestOf(mixed));
  const said = answer?.kind === 'number' ? answer.value : NaN;
  const close = Math.abs(said - best.advantage) <= 0.1;
  return {
    ...{ mean: two(meanOf(mixed)), deviation: two(deviationOf(mixed)), best: bestOf(mixed) + 1 },
    ...{ reward: two(best.trajectory.reward), advantage: two(best.advantage) },
    hit: say(close ? 'earn.hit' : 'earn.said', { said: two(said) }),
  };
}

function tokens({ mixed }: SiblingsData, answer: Answer | undefined): Told {
  const worst = siblingAt(mixed, worstOf(mixed));
  const moves = movesOf(worst);
  const became = moves.rose > 0 ? 'mixed' : moves.fell > 0 ? 'fall' : 'same';
  return {
    ...{ worst: worstOf(mixed) + 1, advantage: two(worst.advantage), tokens: worst.tokens.length, ...moves },
    times: two(timesOf(worst)),
    hit: say(answer?.kind === 'choice' && TOKENS[answer.choice] === became ? 'margin.hit' : 'margin.missed'),
  };
}

function equal({ equal: group }: SiblingsData, answer: Answer | undefined): Told {
  const called = answer?.kind === 'choice' && EQUAL[answer.choice] === 'nothing';
  return {
    reward: two(meanOf(group)),
    most: mostChanged(group).toPrecision(1),
    hit: say(called ? 'margin.hit' : 'margin.missed'),
  };
}

export const SIBLINGS: Lesson<SiblingsData> = {
  id: 'siblings',
  minutes: 4,
  read: readSiblings,
  steps: [
    { id: 'group', scene: 'rewards' },
    {
      id: 'up',
      scene: 'group',
      ask: { kind: 'many', options: ({ mixed }) => mixed.siblings.map(tryOf) },
      told: (data, answers) => up(data, answers['up']),
    },
    {
      id: 'advantage',
      scene: 'advantages',
      ask: { kind: 'number', min: -2, max: 2, step: 0.1, start: 0 },
      told: (data, answers) => advantage(data, answers['advantage']),
    },
    {
      id: 'tokens',
      scene: 'tokens',
      ask: { kind: 'choice', options: () => optionsOf(TOKENS) },
      told: (data, answers) => tokens(data, answers['tokens']),
    },
    {
      id: 'equal',
      scene: 'equal',
      ask: { kind: 'choice', options: () => optionsOf(EQUAL) },
      told: (data, answers) => equal(data, answers['equal']),
    },
    { id: 'takeaway', scene: 'advantages' },
  ],
};
