import type { Answers, Lesson, Option } from '../lesson';
import { say } from '../words';
import { readTrain } from './data';
import type { TrainData } from './data';

const MOST_QUESTIONS = 100;

/** The three whose ends are compared, in the order in which they are offered. */
const ENDS = ['searchR1', 'actor', 'refined'] as const;

function endsOf({ searchR1, searchR2 }: TrainData): Record<(typeof ENDS)[number], number> {
  const last = (values: readonly number[]): number => values.at(-1) ?? NaN;
  return { searchR1: last(searchR1.actor), actor: last(searchR2.actor), refined: last(searchR2.refined) };
}

/** Exact match at the drawn points, of the system: with its refiner. */
export function trueCurve({ searchR2 }: TrainData): readonly number[] {
  return searchR2.refined.slice(1);
}

/** Questions that the system answers right before the first update. */
export function rightAtFirst({ questions, searchR2 }: Pick<TrainData, 'questions' | 'searchR2'>): number {
  return Math.round(questions * (searchR2.refined[0] ?? NaN));
}

/** The curve that was drawn; empty where none was. */
export function drawnCurve(answers: Answers): readonly number[] {
  const { draw } = answers;
  return draw?.kind === 'curve' ? draw.points : [];
}

/** How far the drawn curve is from the true one, on average over its points. */
export function meanGap(drawn: readonly number[], real: readonly number[]): number {
  return real.reduce((sum, value, at) => sum + Math.abs(value - (drawn[at] ?? NaN)), 0) / real.length;
}

const share = (value: number | undefined): string => (value ?? NaN).toFixed(2);
const options = (): Option[] => ENDS.map((id) => ({ label: say(`curves.${id}`) }));

export const TRAIN: Lesson<TrainData> = {
  id: 'train',
  minutes: 4,
  read: readTrain,
  steps: [
    {
      id: 'start',
      scene: 'questions',
      told: (data) => ({
        ...{ right: rightAtFirst(data), questions: data.questions },
        refined: share(data.searchR2.refined[0]),
      }),
    },
    {
      id: 'draw',
      scene: 'questions',
      ask: {
        kind: 'curve',
        xs: ({ updates }) => updates.slice(1),
        known: ({ searchR2 }) => [{ x: 0, y: searchR2.refined[0] ?? 0 }],
        min: 0,
        max: 1,
        step: 0.02,
      },
      told: ({ updates, searchR2 }) => ({ updates: updates.at(-1) ?? 0, refined: share(searchR2.refined[0]) }),
    },
    {
      id: 'play',
      scene: 'curves',
      ask: { kind: 'press' },
      told: (data, answers) => {
        const drawn = drawnCurve(answers);
        const real = trueCurve(data);
        const said = { drawn: share(drawn.at(-1)), gap: share(meanGap(drawn, real)) };
        return {
          ...{ updates: data.updates.at(-1) ?? 0, first: share(data.searchR2.refined[0]), last: share(real.at(-1)) },
          yours: drawn.length === 0 ? say('curves.notDrawn') : say('curves.drawn', said),
        };
      },
    },
    {
      id: 'without',
      scene: 'curves',
      ask: { kind: 'choice', options },
      told: (data, { without }) => {
        const ends = endsOf(data);
        const highest = Math.max(...Object.values(ends));
        const chosen = without?.kind === 'choice' ? ENDS[without.choice] : undefined;
        return {
          called: say(chosen !== undefined && ends[chosen] === highest ? 'curves.called' : 'curves.missed'),
          ...{ searchR1: share(ends.searchR1), actor: share(ends.actor), refined: share(ends.refined) },
          // Of the difference of two shares, each near one half, with as many questions: 1.96 sqrt(2 / 4n).
          noise: (1.96 * Math.sqrt(0.5 / data.questions)).toFixed(2),
        };
      },
    },
    {
      id: 'closed',
      scene: 'curves',
      ask: { kind: 'number', min: 0, max: MOST_QUESTIONS, step: 1, start: MOST_QUESTIONS / 2 },
      told: ({ searchR2, updates }, { closed }) => ({
        updates: updates.at(-1) ?? 0,
        said: closed?.kind === 'number' ? closed.value : '',
        found: Math.round(MOST_QUESTIONS * (searchR2.closedBook.at(-1) ?? NaN)),
        ...{ of: MOST_QUESTIONS, before: Math.round(MOST_QUESTIONS * (searchR2.closedBook[0] ?? NaN)) },
      }),
    },
    { id: 'takeaway', scene: 'curves' },
  ],
};
