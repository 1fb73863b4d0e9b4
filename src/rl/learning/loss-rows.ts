/** What the loss covers, as sequences to be packed: tokens that the actor wrote, and integers that reviews said. */
import { MAX_STEPS } from '../../env/episode-limits';
import { aggregationWeights, type Aggregation } from '../../kernels/grpo/grpo';
import type { Vocabulary } from '../../retrieval/vocabulary';
import type { Sequence } from './pack';
import { policyPositions } from '../rollout/policy-tokens';
import type { ReviewAction } from './review-actions';
import type { RolloutResult } from '../rollout/rollout';
import { reviewRounds } from '../rollout/rounds';
import { textOfRow, type TrajectorySide } from '../rollout/trajectory';

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

/** (13,V): row 0 what the actor may write, row 1 + S the legal integers 0..S of a review, row 7 + S those without 0. */
export function allowedTable(vocabulary: Vocabulary): Uint32Array<ArrayBuffer> {
  const { size, special, actorAllowed } = vocabulary;
  const table = new Uint32Array((1 + 2 * REVIEW_CHOICES) * size);
  table.set(actorAllowed, 0);
  for (const mustCut of [false, true]) {
    for (let steps = 0; steps < REVIEW_CHOICES; steps++) {
      const row = allowedRow(steps, mustCut) * size;
      for (let j = mustCut ? 1 : 0; j <= steps; j++) table[row + (special.integers[j] ?? 0)] = 1;
    }
  }
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

/** What a review of row `row` reads: the trajectory, then `<review>`, after which it says its integer. */
export function reviewText(side: TrajectorySide, row: number, { special }: Vocabulary): number[] {
  return [...textOfRow(side, row), special.review];
}

/**
 * Reviews, each after the trajectory that it read. One whose advantage is exactly 0 has exactly no gradient and is left out.
 *
 * @param perReview reviewWeight / B
 * @param mustCut 0 was illegal
 */
export function reviewSequences(
  actions: readonly ReviewAction[],
  options: { perReview: number; mustCut: boolean; vocabulary: Vocabulary },
): Sequence<LossRow>[] {
  const { perReview, mustCut, vocabulary } = options;
  const { special } = vocabulary;
  return actions.map(({ side, row, integer, old, advantage, weight }) => {
    const tokens = reviewText(side, row, vocabulary);
    const item = {
      position: tokens.length - 1,
      target: special.integers[integer] ?? special.integers[0],
      allowed: allowedRow(side.stepCounts[row] ?? 0, mustCut),
      advantage,
      old,
      c: perReview * weight,
    };
    return { tokens, length: tokens.length, items: advantage === 0 ? [] : [item] };
  });
}
