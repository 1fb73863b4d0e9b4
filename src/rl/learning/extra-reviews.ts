import type { RunConfig } from '../../config/schema';
import { MAX_STEPS } from '../../env/episode-limits';
import type { Slice } from '../../gpu/buffers';
import { philox4x32, PURPOSES, uniformFromWord, type Purpose } from '../../lib/philox';
import type { Vocabulary } from '../../retrieval/vocabulary';
import { advantageAgainst } from './advantage';
import { policyPositions } from '../rollout/policy-tokens';
import type { ReviewAction } from './review-actions';
import { thoughtsOf } from '../rollout/review-text';
import type { Roller, RolloutOptions, RolloutResult, RolloutRow, ShouldStop } from '../rollout/rollout';
import { sweepCuts, type Cut } from '../rollout/sweep';

/** Replicates of the random numbers of further reviews, and of what they lead to. */
const FIRST_REPLICATE = 5000;

export interface ExtraReviews {
  actions: ReviewAction[];
  /** Integers and regenerated tokens that were sampled for them, and tokens that the environment inserted. */
  sampledTokens: number;
  forcedTokens: number;
}

/** Whether a run trains further reviews: only where reviews are trained and have consequences. */
export function trainsExtraReviews({ refiner, reviewGate, reviewWeight, reviewSamples }: RunConfig): boolean {
  return refiner === 'model' && reviewGate !== 'never' && reviewWeight > 0 && reviewSamples > 1;
}

/**
 * Further reviews of the drafts of a rollout, said by the same distribution: training rows for the refiner alone. What an
 * integer is worth shows where the draft is regenerated from its cut: the rollout did so for its own review, a sweep does for
 * every other cut, once. Scored as the rollout's own reviews are (`refinerAdvantage`).
 */
export async function extraReviews(
  rollout: Roller,
  params: Slice,
  rows: readonly RolloutRow[],
  result: RolloutResult,
  given: { config: RunConfig; options: RolloutOptions; vocabulary: Vocabulary },
  shouldStop?: ShouldStop,
): Promise<ExtraReviews> {
  const { config, vocabulary } = given;
  const { runSeed, update, reward } = given.options;
  const { draft, reviews, final } = result;
  const said = rows.flatMap((row, b) =>
    Array.from({ length: config.reviewSamples - 1 }, (_, k) => sayAgain(row, b, k, result, given.options, config)),
  );
  const wanted = new Map(
    said.filter(({ cut, b }) => cut > 0 && cut !== reviews.cuts[b]).map((one) => [keyOf(one), one]),
  );
  const cuts: Cut[] = [...wanted.values()].map(({ b, cut }) => ({ draft: b, step: cut }));
  const sweep = { runSeed, update, reward, replicates: 1, firstReplicate: FIRST_REPLICATE, trajectories: true };
  const swept = await sweepCuts(rollout, params, rows, draft, cuts, sweep, shouldStop);
  const reached = new Map([...wanted.keys()].map((key, c) => [key, swept.rewards[c] ?? 0]));
  const { groupSize, refinerAdvantage, advantage: mode } = config;
  const actions = said.map((one): ReviewAction => {
    const { b, integer, cut } = one;
    const kept = draft.rewards[b] ?? 0;
    const outcome = cut === 0 ? kept : ((cut === reviews.cuts[b] ? final.rewards[b] : reached.get(keyOf(one))) ?? 0);
    const first = b - (b % groupSize);
    const group = final.rewards.subarray(first, first + groupSize);
    const thoughts = thoughtsOf(reviews.thoughts, b);
    const advantage = refinerAdvantage === 'group' ? advantageAgainst(group, outcome, mode) : outcome - kept;
    return {
      side: draft,
      row: b,
      integer,
      logProbs: reviews.logProbs.subarray(b * 6, b * 6 + 6),
      ...(thoughts === undefined ? {} : { thoughts }),
      advantage,
      weight: 1,
    };
  });
  let [sampledTokens, forcedTokens] = [actions.length, 0];
  cuts.forEach(({ draft: row, step }, c) => {
    if (swept.trajectories === null) return;
    const { tokens, lengths } = swept.trajectories;
    const length = lengths[c] ?? 0;
    const from = draft.stepStarts[row * MAX_STEPS + step - 1] ?? 0;
    const places = policyPositions(tokens, c * rollout.positions, length, vocabulary.special);
    const written = places.filter((t) => t >= from).length;
    sampledTokens += written;
    forcedTokens += length - from - written;
  });
  return { actions, sampledTokens, forcedTokens };
}

interface Said {
  b: number;
  integer: number;
  /** Where the draft is cut for it. */
  cut: number;
}

const keyOf = ({ b, cut }: Said): string => `${b} ${cut}`;

/** Further review k of row b: the counters of its own review, under a replicate of its own. */
function sayAgain(
  { logicalRow }: RolloutRow,
  b: number,
  k: number,
  { draft, reviews }: RolloutResult,
  { runSeed, update }: RolloutOptions,
  { reviewCut }: RunConfig,
): Said {
  const position = (draft.lengths[b] ?? 0) + 1;
  const uniform = (purpose: Purpose) =>
    uniformFromWord(philox4x32(position, logicalRow, update, FIRST_REPLICATE + k, runSeed, purpose)[0]);
  const integer = drawInteger(reviews.logProbs.subarray(b * 6, b * 6 + 6), uniform(PURPOSES.review));
  const drawn = 1 + Math.floor(uniform(PURPOSES.cut) * (draft.stepCounts[b] ?? 1));
  return { b, integer, cut: integer === 0 ? 0 : { model: integer, uniform: drawn, first: 1 }[reviewCut] };
}

/** The integer of a review at a uniform number, as the kernel draws it. */
function drawInteger(logProbs: Float32Array, uniform: number): number {
  let cumulative = 0;
  let last = 0;
  for (const [integer, logProb] of logProbs.entries()) {
    if (logProb === -Infinity) continue;
    cumulative += Math.exp(logProb);
    if (cumulative > uniform) return integer;
    last = integer;
  }
  return last;
}
