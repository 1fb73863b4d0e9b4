import type { Slice } from '../../gpu/buffers';
import { mean } from '../../lib/stats';
import { PURPOSES } from '../../lib/philox';
import type { Roller, RolloutOptions, RolloutResult, RolloutRow, ShouldStop } from '../rollout/rollout';
import { everyCut, sweepCuts, type Cut } from '../rollout/sweep';
import { readerReviews } from '../rollout/symbolic-reader';
import { replaceRows, type Reviews, type TrajectorySide } from '../rollout/trajectory';

export interface RefinedOptions extends RolloutOptions {
  /** Who chooses the cuts in place of a network; null where reviews choose, or nobody. */
  chooser: Chooser | null;
}

/** The value oracle, with its tries a cut; or the symbolic reader, which is told how likely a fact has a rumour. */
export type Chooser = { by: 'value'; replicates: number } | { by: 'reader'; rumours: number };

/** Most tries a cut, and the first replicate of a sweep's random numbers that are an oracle's: each condition has its own. */
const MOST_REPLICATES = 32;
const FIRST_REPLICATE = 8192;

/**
 * A rollout with whatever refines it: reviews, which the rollout makes itself, the value oracle or the symbolic reader. The value
 * oracle tries every cut of every draft n times and regenerates from the one of the highest mean reward, where that exceeds the
 * draft's; else it accepts. The tries choose only: the regeneration has the numbers that a review's cut would have, so its reward
 * is not selected by them.
 */
export async function refinedRollout(
  rollout: Roller,
  params: Slice,
  rows: readonly RolloutRow[],
  options: RefinedOptions,
  shouldStop?: ShouldStop,
): Promise<RolloutResult> {
  const { chooser } = options;
  if (chooser === null) return rollout.run(params, rows, options, shouldStop);
  const { runSeed, update, blank, reward } = options;
  const drafted = await rollout.run(params, rows, { ...options, review: null }, shouldStop);
  const { draft } = drafted;
  options.onPhase?.('review');
  const shared = { runSeed, update, blank, reward, temperature: options.suffixTemperature };
  const tryCuts = async (replicates: number): Promise<Reviews> => {
    const every = everyCut(draft);
    const firstReplicate = FIRST_REPLICATE + options.replicate * MOST_REPLICATES;
    const tries = { ...shared, replicates, firstReplicate };
    const { rewards } = await sweepCuts(rollout, params, rows, draft, every, tries, shouldStop);
    return asReviews(bestCuts(draft, every, rewards, replicates), draft.em.length);
  };
  const reviews =
    chooser.by === 'value' ? await tryCuts(chooser.replicates) : readerReviews(rows, draft, chooser.rumours);
  const cuts = [...reviews.cuts].flatMap((step, row): Cut[] => (step === 0 ? [] : [{ draft: row, step }]));
  options.onPhase?.('regenerate');
  const again = {
    ...shared,
    replicates: 1,
    firstReplicate: options.replicate,
    purpose: PURPOSES.rollout,
    trajectories: true,
  };
  const { trajectories } = await sweepCuts(rollout, params, rows, draft, cuts, again, shouldStop);
  const places = cuts.map((cut) => cut.draft);
  const final = trajectories === null ? draft : replaceRows(draft, places, trajectories);
  return { ...drafted, reviews, final };
}

/**
 * The cut of the highest mean reward of each draft, the earliest among equals, where it exceeds the draft's reward.
 *
 * @param rewards (cuts, n) of all cuts of the drafts
 */
export function bestCuts(
  { rewards: kept }: Pick<TrajectorySide, 'rewards'>,
  cuts: readonly Cut[],
  rewards: Float32Array,
  replicates: number,
): Cut[] {
  const best = new Map<number, { cut: Cut; value: number }>();
  cuts.forEach((cut, c) => {
    const value = mean(rewards.subarray(c * replicates, (c + 1) * replicates));
    if (value > (best.get(cut.draft)?.value ?? kept[cut.draft] ?? 0)) best.set(cut.draft, { cut, value });
  });
  return [...best.values()].map(({ cut }) => cut);
}

/** The oracle's cuts as reviews. No network made them, so all log-probabilities are 0. */
function asReviews(best: readonly Cut[], batch: number): Reviews {
  const cuts = new Uint8Array(batch);
  for (const { draft, step } of best) cuts[draft] = step;
  return { reviewed: cuts.map(() => 1), cuts, integers: cuts.slice(), logProbs: new Float32Array(batch * 6) };
}
