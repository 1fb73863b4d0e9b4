/** What the loss covers, as sequences to be packed: tokens that the actor wrote, and integers that reviews said. */
import { aggregationWeights, type Aggregation } from '../kernels/grpo/grpo';
import type { Vocabulary } from '../retrieval/vocabulary';
import type { Sequence } from './pack';
import { policyPositions } from './policy-tokens';
import type { ReviewAction } from './review-actions';
import type { TrajectorySide } from './trajectory';

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

/** The tokens that the policy wrote in the final trajectories, with advantages (B). */
export function actorSequences(
  final: TrajectorySide,
  advantages: ArrayLike<number>,
  options: { aggregation: Aggregation; positions: number; vocabulary: Vocabulary },
): Sequence<LossRow>[] {
  const { aggregation, positions, vocabulary } = options;
  const written = Array.from(final.lengths, (length, b) =>
    policyPositions(final.tokens, b * positions, length, vocabulary.special),
  );
  const weights = aggregationWeights(
    aggregation,
    written.map((list) => list.length),
    positions,
  );
  return written.map((list, b) => ({
    tokens: final.tokens.subarray(b * positions, (b + 1) * positions),
    length: final.lengths[b] ?? 0,
    items: list.map((t) => ({
      position: t - 1,
      target: final.tokens[b * positions + t] ?? 0,
      allowed: 0,
      advantage: advantages[b] ?? 0,
      old: final.logProbs[b * positions + t] ?? 0,
      c: weights[b] ?? 0,
    })),
  }));
}

/**
 * Reviews, each after the trajectory that it read. One whose advantage is exactly 0 has exactly no gradient and is left out.
 *
 * @param perReview reviewWeight / B
 * @param mustCut 0 was illegal
 */
export function reviewSequences(
  actions: readonly ReviewAction[],
  options: { perReview: number; mustCut: boolean; positions: number; vocabulary: Vocabulary },
): Sequence<LossRow>[] {
  const { perReview, mustCut, positions, vocabulary } = options;
  const { special } = vocabulary;
  return actions.map(({ side, row, integer, old, advantage, weight }) => {
    const length = side.lengths[row] ?? 0;
    const tokens = [...side.tokens.subarray(row * positions, row * positions + length), special.review];
    const item = {
      position: length,
      target: special.integers[integer] ?? special.integers[0],
      allowed: allowedRow(side.stepCounts[row] ?? 0, mustCut),
      advantage,
      old,
      c: perReview * weight,
    };
    return { tokens, length: tokens.length, items: advantage === 0 ? [] : [item] };
  });
}
