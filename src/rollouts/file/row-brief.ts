/** What the table keeps of a rollout, as numbers but for a few words. */
import type { Em } from '../../lib/exact-match';
import type { Rollout, RolloutSide } from '../reading/record';
import type { Remark } from '../reading/remarks';
import { faultsOf } from './row-faults';
import type { Faults } from './row-faults';

export interface SideBrief {
  em: Em;
  /** null where unknown. */
  reward: number | null;
  coverage: number;
  density: number;
  /** Whether it ended with an answer. */
  answered: boolean;
  searches: number;
  size: number;
}

export interface RowBrief {
  question: string;
  group: string;
  /** null where the file does not tell. */
  step: number | null;
  draft: SideBrief;
  final: SideBrief;
  /** Of the final side, as the file or something else tells it. */
  rewardGiven: boolean;
  hasTokens: boolean;
  cut: number;
  reviewed: boolean;
  /** Log-probability of accepting, 0 where nothing reviewed. */
  accept: number;
  advantage: number | null;
  reviewAdvantage: number | null;
  faults: Faults;
  remarks: readonly Remark[];
}

export function briefOf(rollout: Rollout): RowBrief {
  const { question, group, step, draft, final, cut, reviewed, review, advantage, reviewAdvantage } = rollout;
  const finalBrief = sideBrief(final);
  return {
    ...{ question, group, step, cut, reviewed, advantage, reviewAdvantage },
    draft: draft === final ? finalBrief : sideBrief(draft),
    final: finalBrief,
    rewardGiven: final.rewardGiven,
    hasTokens: final.tokens !== null,
    accept: review ? Math.log(Math.max(review[0] ?? 0, 1e-30)) : 0,
    faults: faultsOf(rollout),
    remarks: rollout.remarks ?? [],
  };
}

function sideBrief({ steps, em, reward, coverage, endReason }: RolloutSide): SideBrief {
  let [searches, useful, end] = [0, 0, 0];
  for (const step of steps) {
    // Calls of one message share its place, and the first one's results may end after the last one's.
    end = Math.max(end, step.end);
    if (step.kind !== 'search') continue;
    searches += 1;
    useful += step.useful ?? 0;
  }
  const density = searches > 0 ? useful / searches : 0;
  return {
    ...{ em, reward, coverage, density, searches },
    answered: endReason === null,
    size: end - (steps[0]?.start ?? 0),
  };
}
