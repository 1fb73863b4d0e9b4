/** Counts over all rows that belong together, straight from their numbers: cheap enough for every batch that is shown. */
import { emAt } from '../lib/exact-match';
import { MAX_STEPS, verdictOf } from './decode-trajectory';
import type { Verdict } from './decode-trajectory';
import type { RowNumbers } from './row-numbers';

export interface GroupSummary {
  group: number;
  size: number;
  /** Final trajectories with exact match, out of `size`. */
  right: number;
  /** Those of which it is unknown; missing where there are none. */
  unknown?: number;
  revised: number;
  /** Over those that are known; 0 where none is. */
  meanReward: number;
  /** All rewards equal: the group teaches nothing in this update. */
  zeroVariance: boolean;
}

export interface BatchSummary {
  rows: number;
  verdicts: Record<Verdict, number>;
  wrongDrafts: number;
  rightDrafts: number;
  /** [accepted, cut at 1 .. cut at 5], and further steps where there are some */
  cuts: number[];
  groups: GroupSummary[];
}

/** @param groupOf question of each row, ascending */
export function summarizeBatch(batch: RowNumbers, groupOf: ArrayLike<number>, hasRefiner: boolean): BatchSummary {
  const verdicts: Record<Verdict, number> = { saved: 0, harmed: 0, wasted: 0, missed: 0, kept: 0, none: 0 };
  const latest = batch.cuts.reduce((most, cut) => Math.max(most, cut), MAX_STEPS);
  const cuts = Array.from({ length: latest + 1 }, () => 0);
  const groups: GroupSummary[] = [];
  const rows = groupOf.length;
  let [rightDrafts, wrongDrafts] = [0, 0];
  let known = 0;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let row = 0; row < rows; row += 1) {
    const group = groupOf[row] ?? 0;
    let summary = groups.at(-1);
    if (summary?.group !== group) {
      summary = { group, size: 0, right: 0, revised: 0, meanReward: 0, zeroVariance: true };
      groups.push(summary);
      lowest = Infinity;
      highest = -Infinity;
      known = 0;
    }
    const cut = batch.cuts[row] ?? 0;
    const draftEm = emAt(batch.draft.em, row);
    const finalEm = emAt(batch.final.em, row);
    const reward = batch.final.rewards[row] ?? 0;
    verdicts[verdictOf(hasRefiner, cut, draftEm, finalEm)] += 1;
    cuts[cut] = (cuts[cut] ?? 0) + 1;
    if (draftEm === 1) rightDrafts += 1;
    if (draftEm === 0) wrongDrafts += 1;
    summary.right += finalEm ?? 0;
    if (finalEm === null) summary.unknown = (summary.unknown ?? 0) + 1;
    if (cut > 0) summary.revised += 1;
    summary.size += 1;
    if (!Number.isNaN(reward)) summary.meanReward += (reward - summary.meanReward) / (known += 1);
    // NaN from the first unknown one on, which equals nothing.
    lowest = Math.min(lowest, reward);
    highest = Math.max(highest, reward);
    summary.zeroVariance = lowest === highest;
  }
  return { rows, verdicts, rightDrafts, wrongDrafts, cuts, groups };
}

/** The row that says most at a glance: a saved one, else a harmed one, else any that was cut, else the first of the batch. */
export function tellingRow(batch: RowNumbers): number {
  let best = 0;
  let bestScore = -1;
  for (let row = 0; row < batch.cuts.length; row += 1) {
    const cut = batch.cuts[row] ?? 0;
    const [before, after] = [emAt(batch.draft.em, row), emAt(batch.final.em, row)];
    const gain = before === null || after === null ? 0 : after - before;
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

/** How many of a group are right, in words. */
export function rightOf({ right, size, unknown = 0 }: GroupSummary): string {
  if (unknown === size) return `${size} of unknown exact match`;
  return `${right} of ${size - unknown} right${unknown > 0 ? `, ${unknown} unknown` : ''}`;
}
