import type { Answers, Lesson, Option } from '../lesson';
import { say } from '../words';
import { readStudy } from './data';
import type { Bounds, Contrast, StudyData } from './data';

/** Whether a difference could be nothing at all. */
export function holdsZero({ low, high }: Bounds): boolean {
  return low <= 0 && high >= 0;
}

/** Places in `arms`, the best first. */
export function trueOrder({ arms }: StudyData): number[] {
  return arms.map((_, at) => at).sort((a, b) => (arms[b]?.mean ?? 0) - (arms[a]?.mean ?? 0));
}

/** The order that was given; empty where none was. */
export function givenOrder({ order }: Answers): readonly number[] {
  return order?.kind === 'order' ? order.order : [];
}

/** The place of the seed that flatters most. */
export function luckySeed({ anecdote: { differences } }: StudyData): number {
  return differences.indexOf(Math.max(...differences));
}

export function contrastName({ arm, of }: Pick<Contrast, 'arm' | 'of'>): string {
  return say(of === 'emSystem' ? 'arms.system' : 'arms.alone', { arm: say(`arms.${arm}`) });
}

export const difference = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** With its interval. */
export function inBounds({ mean, low, high }: Bounds): string {
  return `${difference(mean)} [${difference(low)}, ${difference(high)}]`;
}

const contrastOf = ({ contrasts }: StudyData, arm: string, of: string): Contrast | undefined =>
  contrasts.find((contrast) => contrast.arm === arm && contrast.of === of);

/** "a, b and c" */
function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : say('arms.and', { some: names.slice(0, -1).join(', '), last });
}

export const STUDY: Lesson<StudyData> = {
  id: 'study',
  minutes: 5,
  read: readStudy,
  steps: [
    {
      id: 'arms',
      scene: 'arms',
      told: ({ runs, updates, questions }) => ({ runs, updates, questions: questions.toLocaleString('en-US') }),
    },
    {
      id: 'order',
      scene: 'order',
      ask: {
        kind: 'order',
        options: ({ arms }): Option[] => arms.map(({ arm }) => ({ label: say(`arms.${arm}`) })),
      },
      told: (data, answers) => {
        const best = trueOrder(data);
        const given = givenOrder(answers);
        const right = best.filter((at, place) => given[place] === at).length;
        const names = best.map((at) => say(`arms.${data.arms[at]?.arm ?? ''}`));
        return { right, of: best.length, order: listed(names), best: names[0] ?? '' };
      },
    },
    {
      id: 'seed',
      scene: 'seeds',
      ask: { kind: 'number', min: 0, max: 4, step: 1, start: 2 },
      told: (data, { seed }) => {
        const { differences } = data.anecdote;
        const lucky = luckySeed(data);
        const others = differences.filter((_, at) => at !== lucky);
        return {
          ...{ lucky: lucky + 1, ahead: difference(differences[lucky] ?? 0), others: others.length },
          agree: others.filter((value) => value > 0).length,
          said: seed?.kind === 'number' ? seed.value : '',
          all: inBounds(contrastOf(data, data.anecdote.arm, 'emSampled') ?? { mean: NaN, low: NaN, high: NaN }),
        };
      },
    },
    {
      id: 'zero',
      scene: 'intervals',
      ask: { kind: 'many', options: ({ contrasts }) => contrasts.map((one) => ({ label: contrastName(one) })) },
      told: ({ contrasts }, { zero }) => {
        const chosen = zero?.kind === 'many' ? zero.chosen : [];
        const right = contrasts.filter((one, at) => holdsZero(one) === chosen.includes(at)).length;
        const holding = contrasts.filter(holdsZero).map((one) => `“${contrastName(one)}”`);
        return { right, of: contrasts.length, holding: listed(holding) };
      },
    },
    {
      id: 'faster',
      scene: 'elsewhere',
      ask: {
        kind: 'choice',
        options: () => ['better', 'level', 'worse'].map((id) => ({ label: say(`arms.${id}`) })),
      },
      told: (data, { faster }) => {
        const behind = data.elsewhere.filter(({ mean }) => mean < 0).length;
        const clear = data.elsewhere.filter(({ high }) => high < 0).length;
        const [study] = data.contrasts.filter(({ arm, of }) => arm === 'search-r2' && of === 'emSampled');
        const truth = study === undefined || holdsZero(study) ? 1 : study.mean > 0 ? 0 : 2;
        return {
          called: say(faster?.kind === 'choice' && faster.choice === truth ? 'arms.called' : 'arms.missed'),
          ...{ behind, clear, settings: data.elsewhere.length },
          study: study === undefined ? '' : inBounds(study),
          greedy: inBounds(data.greedy),
        };
      },
    },
    {
      id: 'takeaway',
      scene: 'order',
      told: (data) => {
        const [base, ...others] = data.arms;
        const [gain = '', reads = '', perfect = ''] = others.map(({ mean }) => difference(mean - (base?.mean ?? NaN)));
        return { gain, reads, perfect };
      },
    },
  ],
};
