import type { Answer, Answers, Lesson, Told } from '../lesson';
import { say } from '../words';
import { readThreshold } from './data';
import type { ThresholdData } from './data';
import { ALWAYS, bestAmong, gainOf, outcomeAt } from './outcome';
import type { Outcome } from './outcome';

/** Ends of the slider, beyond which no more is cut, or no less. */
const SLIDER = { kind: 'number', min: -5, max: 5, step: 0.5, start: 0 } as const;
const THRESHOLDS = Array.from({ length: 21 }, (_, at) => SLIDER.min + at * SLIDER.step);
const GAINS = ['more', 'less', 'loss'] as const;

/** A true minus sign, and no more digits than so few drafts bear. */
const short = (value: number): string => value.toFixed(1).replace(/\.0$/, '').replace('-', '−');

/** What the reader's slider says, undefined before it was touched. */
export function thresholdOf({ margin }: Answers): number | undefined {
  return margin?.kind === 'number' ? margin.value : undefined;
}

function countsOf({ drafts, replicates }: ThresholdData): Told {
  const right = drafts.filter((draft) => draft.right).length;
  return { drafts: drafts.length, right, wrong: drafts.length - right, n: replicates };
}

export function outcomeTold(
  outcome: Outcome,
): Record<'cut' | 'cutRight' | 'cutWrong' | 'saved' | 'harmed' | 'gain', string> {
  const { cut, cutRight, saved, harmed } = outcome;
  const counts = { cut: String(cut), cutRight: String(cutRight), cutWrong: String(cut - cutRight) };
  return { ...counts, saved: short(saved), harmed: short(harmed), gain: short(gainOf(outcome)) };
}

export const thresholdText = short;

/** How near a guess is: to the drafts that there may be by chance. */
function guessed(answer: Answer | undefined, found: number): string {
  if (answer?.kind !== 'number') return '';
  const near = Math.abs(answer.value - found) <= 1;
  return say(near ? 'margin.near' : 'margin.said', { said: answer.value });
}

const cutAtZero = (data: ThresholdData): Outcome => outcomeAt(data, 0);

function always(data: ThresholdData, answer: Answer | undefined): Told {
  const outcome = outcomeAt(data, ALWAYS);
  const [gain, zero] = [gainOf(outcome), gainOf(cutAtZero(data))];
  const became = gain > zero ? 'more' : gain > 0 ? 'less' : 'loss';
  const chosen = answer?.kind === 'choice' ? GAINS[answer.choice] : undefined;
  const again = Math.round((100 * (outcome.cutRight - outcome.harmed)) / outcome.cutRight);
  const hit = say(chosen === became ? 'margin.hit' : 'margin.missed');
  return { ...outcomeTold(outcome), zeroGain: short(zero), again, hit };
}

export const THRESHOLD: Lesson<ThresholdData> = {
  id: 'threshold',
  minutes: 5,
  read: readThreshold,
  steps: [
    { id: 'idea', scene: 'drafts', told: countsOf },
    {
      id: 'saved',
      scene: 'drafts',
      ask: {
        ...{ kind: 'number', min: 0, step: 1, start: 0 },
        max: (data) => cutAtZero(data).cut - cutAtZero(data).cutRight,
      },
      told: (data, { saved }) => {
        const outcome = cutAtZero(data);
        return { ...countsOf(data), ...outcomeTold(outcome), hit: guessed(saved, outcome.saved) };
      },
    },
    {
      id: 'harmed',
      scene: 'drafts',
      ask: { kind: 'number', min: 0, max: (data) => cutAtZero(data).cutRight, step: 1, start: 0 },
      told: (data, { harmed }) => {
        const outcome = cutAtZero(data);
        return { ...outcomeTold(outcome), hit: guessed(harmed, outcome.harmed) };
      },
    },
    {
      id: 'margin',
      scene: 'drafts',
      ask: SLIDER,
      told: (data, answers) => {
        const yours = thresholdOf(answers) ?? 0;
        const best = bestAmong(data, THRESHOLDS);
        return {
          ...outcomeTold(outcomeAt(data, yours)),
          ...{ yours: short(yours), zeroGain: short(gainOf(cutAtZero(data))) },
          ...{ best: short(best.threshold), bestGain: short(gainOf(best.outcome)) },
        };
      },
    },
    {
      id: 'always',
      scene: 'always',
      ask: { kind: 'choice', options: () => GAINS.map((gain) => ({ label: say(`margin.${gain}`) })) },
      told: (data, answers) => always(data, answers['always']),
    },
    { id: 'curve', scene: 'curve' },
    { id: 'takeaway', scene: 'curve' },
  ],
};
