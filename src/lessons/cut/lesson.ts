import type { Answers, Lesson, LessonStep, Told } from '../lesson';
import { say } from '../words';
import { DRAFTS, readCut } from './data';
import type { CutData, CutDraft } from './data';
import { scoreOf, valuesOf } from './score';

const idOf = (draft: number): string => `draft-${draft + 1}`;

/** The draft that a step is about, undefined at the other steps. */
export function draftAt({ drafts }: CutData, step: string): CutDraft | undefined {
  return drafts[Number(/^draft-(\d+)$/.exec(step)?.[1] ?? 0) - 1];
}

/** The locked choice for each draft, -1 where there is none. */
export function cutsOf({ drafts }: CutData, answers: Answers): number[] {
  return drafts.map((_, at) => {
    const answer = answers[idOf(at)];
    return answer?.kind === 'cuts' ? (answer.cuts[0] ?? -1) : -1;
  });
}

/** A choice in words. */
export function inWords(cut: number): string {
  return cut === 0 ? say('beat.accept') : say('beat.cut', { step: cut });
}

const worth = (value: number | undefined): string => (value ?? NaN).toFixed(2);

function toldOf(at: number): (data: CutData, answers: Answers) => Told {
  return (data, answers) => {
    const row = data.drafts[at];
    const told = { draft: at + 1, drafts: data.drafts.length };
    if (row === undefined) return told;
    const { choices, best, n } = valuesOf(row);
    const cut = cutsOf(data, answers)[at] ?? -1;
    const of = (choice: number): string => worth(choices[choice]?.mean);
    return {
      ...told,
      right: say(row.draft.em > 0 ? 'beat.right' : 'beat.wrong', { answer: row.answer }),
      ...{ n, best: inWords(best), bestWorth: of(best) },
      ...{ yours: cut < 0 ? '' : inWords(cut), yourWorth: of(cut) },
      ...{ refiner: inWords(row.refiner), refinerWorth: of(row.refiner) },
    };
  };
}

function summary(data: CutData, answers: Answers): Told {
  const { made, better, same, worse, yours, refiner, random } = scoreOf(data, cutsOf(data, answers));
  if (made === 0) return { summary: say('beat.nothing') };
  const regrets = { yours: worth(yours), refiner: worth(refiner), random: worth(random) };
  return { summary: say('beat.summary', { made, better, same, worse, ...regrets }) };
}

export const CUT: Lesson<CutData> = {
  id: 'cut',
  minutes: 5,
  read: readCut,
  steps: [
    { id: 'idea', scene: 'example', told: ({ update }) => ({ update }) },
    ...Array.from({ length: DRAFTS }, (_, at): LessonStep<CutData> => ({
      id: idOf(at),
      words: 'draft',
      scene: 'draft',
      ask: {
        kind: 'cuts',
        drafts: ({ drafts }) => drafts.slice(at, at + 1).map(({ draft }) => draft.steps.map(({ text }) => text)),
      },
      told: toldOf(at),
    })),
    { id: 'result', scene: 'result', told: summary },
    { id: 'class', scene: 'class' },
    { id: 'takeaway', scene: 'result' },
  ],
};
