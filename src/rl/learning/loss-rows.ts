/** What the loss covers, as sequences to be packed: tokens that the actor wrote, and integers that reviews said. */
import { MAX_SEARCHES, MAX_STEPS } from '../../env/episode-limits';
import { aggregationWeights, type Aggregation } from '../../kernels/grpo/grpo';
import type { Vocabulary } from '../../retrieval/vocabulary';
import type { Sequence } from './pack';
import { policyPositions } from '../rollout/policy-tokens';
import type { ReviewAction } from './review-actions';
import { FINE, FLAWED, reviewText, thoughtsOf, verdictsOf, type ReviewForm } from '../rollout/review-text';
import type { RolloutResult } from '../rollout/rollout';
import { reviewRounds } from '../rollout/rounds';
import type { TrajectorySide } from '../rollout/trajectory';

export interface LossRow {
  target: number;
  /** Row of `allowedTable`. */
  allowed: number;
  advantage: number;
  old: number;
  /** Weight in the loss. */
  c: number;
}

/** Legal integers end at 0..5. */
const REVIEW_CHOICES = 6;

/** Rows of `allowedTable`: what a verdict on a step may say, and what a thought may be. */
const VERDICT_ROW = 1 + 2 * REVIEW_CHOICES;
const THOUGHT_ROW = VERDICT_ROW + 1;

/**
 * (15,V): row 0 what the actor may write, row 1 + S the legal integers 0..S of a review, row 7 + S those without 0, row 13 what a
 * verdict on a step may say, row 14 what a thought may be: an entity, or `?`.
 */
export function allowedTable(vocabulary: Vocabulary): Uint32Array<ArrayBuffer> {
  const { size, special, actorAllowed, entityBase } = vocabulary;
  const table = new Uint32Array((THOUGHT_ROW + 1) * size);
  table.set(actorAllowed, 0);
  for (const mustCut of [false, true]) {
    for (let steps = 0; steps < REVIEW_CHOICES; steps++) {
      const row = allowedRow(steps, mustCut) * size;
      for (let j = mustCut ? 1 : 0; j <= steps; j++) table[row + (special.integers[j] ?? 0)] = 1;
    }
  }
  for (const says of [FINE, FLAWED]) table[VERDICT_ROW * size + (special.integers[says] ?? 0)] = 1;
  table[THOUGHT_ROW * size + special.question] = 1;
  table.fill(1, THOUGHT_ROW * size + entityBase);
  return table;
}

function allowedRow(steps: number, mustCut: boolean): number {
  return 1 + (mustCut ? REVIEW_CHOICES : 0) + steps;
}

interface ActorOptions {
  aggregation: Aggregation;
  /** Whether what the cuts threw away is trained too, with the final trajectory's advantage. */
  discardedTokens: 'out' | 'in';
  positions: number;
  vocabulary: Vocabulary;
}

/**
 * The tokens that the policy wrote in the final trajectories, then those of discarded suffixes (each in the text that it was
 * cut from), with advantages (B). A row's tokens all weigh the same, discarded or not, and every sampled token stands in one
 * sequence only.
 */
export function actorSequences(
  result: RolloutResult,
  advantages: ArrayLike<number>,
  options: ActorOptions,
): Sequence<LossRow>[] {
  const { aggregation, discardedTokens, positions, vocabulary } = options;
  const { final } = result;
  const written = (side: TrajectorySide, row: number, from: number) => ({
    side,
    row,
    places: policyPositions(side.tokens, row * positions, side.lengths[row] ?? 0, vocabulary.special).filter(
      (t) => t >= from,
    ),
  });
  const parts = Array.from(final.em, (_, row) => written(final, row, 0));
  if (discardedTokens === 'in') {
    for (const { draft, reviews } of reviewRounds(result)) {
      reviews.cuts.forEach((cut, row) => {
        if (cut > 0) parts.push(written(draft, row, draft.stepStarts[row * MAX_STEPS + cut - 1] ?? 0));
      });
    }
  }
  const counts = new Array<number>(final.em.length).fill(0);
  for (const { row, places } of parts) counts[row] = (counts[row] ?? 0) + places.length;
  const weights = aggregationWeights(aggregation, counts, positions);
  return parts.map(({ side, row, places }) => ({
    tokens: side.tokens.subarray(row * positions, (row + 1) * positions),
    length: side.lengths[row] ?? 0,
    items: places.map((t) => ({
      position: t - 1,
      target: side.tokens[row * positions + t] ?? 0,
      allowed: 0,
      advantage: advantages[row] ?? 0,
      old: side.logProbs[row * positions + t] ?? 0,
      c: weights[row] ?? 0,
    })),
  }));
}

interface ReviewOptions {
  /** Weight / B. */
  perReview: number;
  /** 0 was illegal. */
  mustCut: boolean;
  vocabulary: Vocabulary;
  form: ReviewForm;
}

/**
 * Reviews, each after the trajectory that it read. One whose advantage is exactly 0 has exactly no gradient and is left out.
 * Where verdicts stand behind the steps, an integer is all those that it stands for: its log-probability is their sum. What a
 * review thought was written greedily: it is read, as it was then, and has no advantage.
 */
export function reviewSequences(actions: readonly ReviewAction[], options: ReviewOptions): Sequence<LossRow>[] {
  const { perReview, mustCut, vocabulary, form } = options;
  return actions.map(({ side, row, integer, logProbs, thoughts, advantage, weight }) => {
    const { tokens, decisions } = reviewText(side, row, vocabulary, form, thoughts);
    const steps = side.stepCounts[row] ?? 0;
    const said =
      form.reviewReading === 'steps'
        ? verdictsOf(integer, steps, logProbs, mustCut)
        : [{ step: 0, says: integer, logProb: logProbs[integer] ?? 0 }];
    const items = said.map(({ step, says, logProb }) => ({
      ...{ position: decisions[step] ?? 0, target: tokenOf(vocabulary, says), old: logProb },
      allowed: form.reviewReading === 'steps' ? VERDICT_ROW : allowedRow(steps, mustCut),
      ...{ advantage, c: perReview * weight },
    }));
    return { tokens, length: tokens.length, items: advantage === 0 ? [] : items };
  });
}

/** What reviews that think are taught to think of texts, beside what they did think. */
export interface Thoughts {
  /** (B,4) as `Reviews.thoughts`. */
  written: Uint16Array;
  labels: Uint16Array;
  /** Weight of a thought's label, of that of a verdict's. */
  weight: number;
}

/**
 * Reviews of texts as the labels would have them: of a wrong one its flawed step, of a right one 0, and behind each step whether
 * its search brought nothing new. With an advantage of 1 and ratio 1 the loss's gradient is that of the cross-entropy.
 *
 * @param thoughts where reviews think. Each thought is taught behind the true ones before it, the verdicts behind what was
 *   thought, as they will find it: in one text where both are the same, else in two
 * @returns (B) the sequences of each text
 */
export function labelSequences(
  texts: TrajectorySide,
  options: ReviewOptions,
  thoughts?: Thoughts,
): Sequence<LossRow>[][] {
  const { perReview, mustCut, vocabulary, form } = options;
  return Array.from(texts.em, (em, row) => {
    const written = thoughtsOf(thoughts?.written, row);
    const { tokens, decisions } = reviewText(texts, row, vocabulary, form, written);
    const steps = texts.stepCounts[row] ?? 0;
    const right = em === 1;
    const says = decisions.map((_, step) => {
      if (form.reviewReading === 'behind') return right ? 0 : (texts.flawed[row] ?? 0);
      const fine = step + 1 === steps ? right : texts.useful[row * MAX_SEARCHES + step] === 1;
      return fine ? FINE : FLAWED;
    });
    // Where every draft is cut, a right one has no label, and the gate says nothing.
    const labelled = (step: number, label: number) =>
      !mustCut || (form.reviewReading === 'steps' ? step + 1 < steps : label > 0);
    const items = decisions.flatMap((position, step) => {
      const label = says[step] ?? 0;
      if (!labelled(step, label)) return [];
      const allowed = form.reviewReading === 'steps' ? VERDICT_ROW : allowedRow(steps, mustCut);
      return [{ position, target: tokenOf(vocabulary, label), allowed, advantage: 1, old: 0, c: perReview }];
    });
    const verdicts = { tokens, length: tokens.length, items };
    if (thoughts === undefined) return [verdicts];
    const labels = thoughtsOf(thoughts.labels, row);
    const taught = reviewText(texts, row, vocabulary, form, labels);
    const thinks = taught.thinks.map((position, hop) => ({
      ...{ position, target: labels?.[hop] ?? 0, allowed: THOUGHT_ROW, advantage: 1, old: 0 },
      c: perReview * thoughts.weight,
    }));
    if (taught.tokens.some((token, t) => token !== tokens[t]))
      return [verdicts, { tokens: taught.tokens, length: taught.tokens.length, items: thinks }];
    return [{ ...verdicts, items: [...items, ...thinks].sort((a, b) => a.position - b.position) }];
  });
}

function tokenOf({ special }: Vocabulary, integer: number): number {
  return special.integers[integer] ?? special.integers[0];
}
