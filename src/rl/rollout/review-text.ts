/** What a review reads, and what it decides, for the loss and for measuring; the GPU writes the same texts in a rollout. */
import type { RunConfig } from '../../config/schema';
import { MAX_STEPS } from '../../env/episode-limits';
import { MAX_THOUGHTS } from '../../kernels/episode/row-layout';
import type { Vocabulary } from '../../retrieval/vocabulary';
import { textOfRow, type TrajectorySide } from './trajectory';

export type ReviewForm = Pick<RunConfig, 'reviewReading' | 'reviewSees'> & Partial<Pick<RunConfig, 'reviewThoughts'>>;

export interface ReviewText {
  tokens: number[];
  /** Input positions at which it decides: one behind the trajectory, or one behind each step. */
  decisions: number[];
  /** Input positions behind which a thought stands, one a hop of the question; none where the review does not think. */
  thinks: number[];
}

/** Bounds of the log-probability of a step's least likely token; as many as lie above it are the number behind the step. */
const CERTAINTY_BOUNDS = [-0.1, -0.5, -1, -2, -3.5].map(Math.fround);

/** `<cut:0>` and `<cut:1>` are what a verdict on a step says. */
export const FINE = 0;
export const FLAWED = 1;

/** @param thoughts (4) what it thinks of each hop, where that is known */
export function reviewText(
  side: TrajectorySide,
  row: number,
  { special }: Vocabulary,
  { reviewReading, reviewSees, reviewThoughts = 0 }: ReviewForm,
  thoughts?: ArrayLike<number>,
): ReviewText {
  const text = textOfRow(side, row);
  if (reviewReading === 'behind') return { tokens: [...text, special.review], decisions: [text.length], thinks: [] };
  const positions = side.tokens.length / side.lengths.length;
  const tokens: number[] = [special.review];
  const decisions: number[] = [];
  const thinks: number[] = [];
  let from = 0;
  for (let step = 0; step < (side.stepCounts[row] ?? 0); step++) {
    const isLast = step + 1 === side.stepCounts[row];
    const end = isLast ? text.length : (side.stepStarts[row * MAX_STEPS + step + 1] ?? 0);
    tokens.push(...text.subarray(from, end));
    const lowest = Math.min(...side.logProbs.subarray(row * positions + from, row * positions + end));
    const doubts = CERTAINTY_BOUNDS.filter((bound) => lowest < bound).length;
    if (isLast && reviewThoughts > 0) {
      tokens.push(special.review);
      for (let hop = 0; hop < hopsOf(text, special.question); hop++) {
        thinks.push(tokens.length - 1);
        tokens.push(thoughts?.[hop] ?? special.pad);
      }
    }
    decisions.push(tokens.length);
    tokens.push(reviewSees === 'certainty' ? (special.integers[doubts] ?? special.review) : special.review);
    from = end;
  }
  return { tokens, decisions, thinks };
}

/** Hops of the question that a trajectory begins with: `<bos>`, a relation each, the entity, `?`. */
function hopsOf(text: Uint16Array, questionMark: number): number {
  return text.indexOf(questionMark) - 2;
}

/** What the review of a row thought, of `Reviews.thoughts`. */
export function thoughtsOf(thoughts: Uint16Array | undefined, row: number): Uint16Array | undefined {
  return thoughts?.subarray(row * MAX_THOUGHTS, (row + 1) * MAX_THOUGHTS);
}

/**
 * What verdicts say together, as log-probabilities of 0..S: the last one, with the whole text before it, is whether the draft is
 * wrong, those before it where (shaders/review_verdicts.wgsl).
 *
 * @param odds (S) log-odds of flawed, behind each step
 */
export function saidByVerdicts(odds: readonly number[]): number[] {
  const steps = odds.length;
  const gate = odds.at(-1) ?? 0;
  const said = [logSigmoid(-gate)];
  let left = logSigmoid(gate);
  for (const z of odds.slice(0, steps - 1)) {
    said.push(left + logSigmoid(z));
    left += logSigmoid(-z);
  }
  return [...said, left];
}

/** One verdict of a review: behind step `step` (from 0), and its log-probability. */
export interface Verdict {
  step: number;
  says: typeof FINE | typeof FLAWED;
  logProb: number;
}

/**
 * The verdicts that an integer stands for, each with the log-probability that the six numbers give it: their sum is the
 * integer's. What lies behind the cut is not decided.
 *
 * @param logProbs (6) of the integers
 * @param mustCut whether 0 was illegal: then the gate is not decided either
 */
export function verdictsOf(integer: number, steps: number, logProbs: ArrayLike<number>, mustCut: boolean): Verdict[] {
  const at = (j: number) => logProbs[j] ?? -Infinity;
  /** Of all cuts from step j on. */
  const from = (j: number) => logSum(Array.from({ length: Math.max(0, steps - j + 1) }, (_, k) => at(j + k)));
  const last = steps - 1;
  if (integer === 0) return [{ step: last, says: FINE, logProb: at(0) }];
  const verdicts: Verdict[] = [];
  for (let j = 1; j < Math.min(integer + 1, steps); j++) {
    const isCut = j === integer;
    const left = from(j);
    verdicts.push({ step: j - 1, says: isCut ? FLAWED : FINE, logProb: (isCut ? at(j) : from(j + 1)) - left });
  }
  if (!mustCut) verdicts.push({ step: last, says: FLAWED, logProb: from(1) });
  return verdicts;
}

function logSum(values: readonly number[]): number {
  const highest = Math.max(...values);
  if (highest === -Infinity) return -Infinity;
  return highest + Math.log(values.reduce((sum, x) => sum + Math.exp(x - highest), 0));
}

function logSigmoid(z: number): number {
  return Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));
}
