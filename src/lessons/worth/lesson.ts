import type { Answer, Answers, Lesson, LessonStep, Told } from '../lesson';
import type { ShownTrajectory } from '../scene-data';
import { say } from '../words';
import { MOST_SEARCHES, rearranged, rewardOf, searchesOf } from './bench';
import { readWorth } from './data';
import type { Scored, WorthData } from './data';

/** What the bench can be switched to, in the order of its buttons. */
const COMBINES = ['gated', 'sum'] as const;
type Combine = (typeof COMBINES)[number];
const setting = (combine: Combine) => ({ label: say(`earn.${combine}`) });

const STEPS = {
  score: 'right',
  terms: 'right',
  lucky: 'lucky',
  full: 'right',
  wrong: 'wrong',
  stuff: 'wrong',
} as const;

const isStep = (step: string): step is keyof typeof STEPS => Object.hasOwn(STEPS, step);

/** What a step is about, as it stands on the bench where there is one. @param answer what is being given, or was */
export function shownAt(
  data: WorthData,
  step: string,
  answer: Answer | null,
): { scored: Scored; trajectory: ShownTrajectory; combine: Combine } {
  const scored = data[isStep(step) ? STEPS[step] : 'right'];
  if (answer?.kind !== 'build') return { scored, trajectory: scored.trajectory, combine: 'gated' };
  const combine = COMBINES[answer.setting] ?? 'gated';
  return { scored, trajectory: rearranged(scored.trajectory, answer.pieces, combine), combine };
}

const PREDICTED = { kind: 'number', min: 0, max: 2, step: 0.05, start: 1 } as const;

function toldOf({ trajectory, answer }: Scored, given: Answer | undefined): Told {
  const searches = searchesOf(trajectory);
  const useful = searches.filter((search) => search.useful === 1).length;
  const reward = rewardOf(trajectory, 'gated');
  const said = given?.kind === 'number' ? given.value : NaN;
  // Half a step of the slider lies between a number and its nearest neighbour on it.
  const close = Math.abs(said - reward) <= PREDICTED.step / 2 + 1e-9;
  const hit = close ? say('earn.hit') : say('earn.said', { said: said.toFixed(2) });
  const numbers = { reward: reward.toFixed(2), process: (useful / searches.length).toFixed(2) };
  return { ...numbers, searches: searches.length, useful, answer, given: trajectory.steps.at(-1)?.text ?? '', hit };
}

function predict(id: keyof typeof STEPS): LessonStep<WorthData> {
  const told = (data: WorthData, answers: Answers): Told => toldOf(data[STEPS[id]], answers[id]);
  return { id, scene: 'scored', ask: PREDICTED, told };
}

function build(id: keyof typeof STEPS, combines: readonly Combine[], goal: number): LessonStep<WorthData> {
  const trajectoryOf = (data: WorthData): ShownTrajectory => data[STEPS[id]].trajectory;
  return {
    id,
    scene: 'bench',
    ask: {
      kind: 'build',
      pieces: (data) => searchesOf(trajectoryOf(data)).map(({ text }) => ({ label: text })),
      settings: combines.map(setting),
      most: MOST_SEARCHES,
      value: (data, { pieces, setting: at }) => rearranged(trajectoryOf(data), pieces, combines[at] ?? 'gated').reward,
      goal,
    },
    told(data, answers) {
      const { trajectory } = shownAt(data, id, answers[id] ?? null);
      return { ...toldOf(data[STEPS[id]], undefined), left: searchesOf(trajectory).length, goal };
    },
  };
}

export const WORTH: Lesson<WorthData> = {
  id: 'worth',
  minutes: 5,
  read: readWorth,
  steps: [
    predict('score'),
    { id: 'terms', scene: 'scored' },
    predict('lucky'),
    build('full', ['gated'], 2),
    predict('wrong'),
    build('stuff', COMBINES, 1),
    { id: 'takeaway', scene: 'scored' },
  ],
};
