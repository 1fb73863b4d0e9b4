/** Counts over a whole batch, straight from its arrays: cheap enough for every batch that is shown. */
import type { TrajectoryBatch } from '../trainer/protocol';
import { MAX_STEPS, verdictOf } from './decode';
import type { Verdict } from './decode';

export interface GroupSummary {
  group: number;
  /** Final trajectories with exact match, out of groupSize. */
  right: number;
  revised: number;
  meanReward: number;
  /** All rewards equal: the group teaches nothing in this update. */
  zeroVariance: boolean;
}

export interface BatchSummary {
  rows: number;
  verdicts: Record<Verdict, number>;
  wrongDrafts: number;
  rightDrafts: number;
  /** [accepted, cut at 1 .. cut at 5] */
  cuts: number[];
  groups: GroupSummary[];
}

export function summarizeBatch(batch: TrajectoryBatch, hasRefiner: boolean): BatchSummary {
  const { prompts, groupSize } = batch;
  const verdicts: Record<Verdict, number> = { saved: 0, harmed: 0, wasted: 0, missed: 0, kept: 0, none: 0 };
  const cuts = Array.from({ length: MAX_STEPS + 1 }, () => 0);
  const groups: GroupSummary[] = [];
  let rightDrafts = 0;
  for (let group = 0; group < prompts; group += 1) {
    let right = 0;
    let revised = 0;
    let rewardSum = 0;
    let lowest = Infinity;
    let highest = -Infinity;
    for (let row = group * groupSize; row < (group + 1) * groupSize; row += 1) {
      const cut = batch.cuts[row] ?? 0;
      const draftEm = batch.draft.em[row] ?? 0;
      const finalEm = batch.final.em[row] ?? 0;
      const reward = batch.final.rewards[row] ?? 0;
      verdicts[verdictOf(hasRefiner, cut, draftEm, finalEm)] += 1;
      cuts[cut] = (cuts[cut] ?? 0) + 1;
      rightDrafts += draftEm;
      right += finalEm;
      if (cut > 0) revised += 1;
      rewardSum += reward;
      lowest = Math.min(lowest, reward);
      highest = Math.max(highest, reward);
    }
    groups.push({ group, right, revised, meanReward: rewardSum / groupSize, zeroVariance: lowest === highest });
  }
  const rows = prompts * groupSize;
  return { rows, verdicts, rightDrafts, wrongDrafts: rows - rightDrafts, cuts, groups };
}

/** The row that says most at a glance: a saved one, else a harmed one, else any that was cut, else the first of the batch. */
export function tellingRow(batch: TrajectoryBatch): number {
  let best = 0;
  let bestScore = -1;
  for (let row = 0; row < batch.prompts * batch.groupSize; row += 1) {
    const cut = batch.cuts[row] ?? 0;
    const gain = (batch.final.em[row] ?? 0) - (batch.draft.em[row] ?? 0);
    // A group of unlike rewards says more, and cuts after the first step show best what is kept and what is regrown.
    const contrast = Math.abs(batch.advantages[row] ?? 0) > 0 ? 2 : 0;
    const score = cut === 0 ? 0 : 1 + (gain > 0 ? 8 : gain < 0 ? 4 : 0) + contrast + (cut > 1 ? 1 : 0);
    if (score > bestScore) {
      best = row;
      bestScore = score;
    }
  }
  return best;
}
