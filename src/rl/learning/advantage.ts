/** Group advantages (method.md section 6), in float64 on the CPU. */
import { assert } from '../../lib/assert';

export type AdvantageMode = 'grpo' | 'drgrpo' | 'rloo';

export interface GroupAdvantages {
  /** (P, G), row-major like the rewards. */
  advantages: Float64Array;
  /** Groups whose rewards are all equal: they teach nothing and are counted. */
  zeroVarianceGroups: number;
}

/**
 * rewards (P, G) -> advantages (P, G); each row of `groupSize` rewards is one question.
 *
 *     grpo    (R - mean) / (std + eps), std with G - 1     DeepSeekMath, arXiv 2402.03300, section 4.1.2
 *     drgrpo  R - mean                                     Dr. GRPO, arXiv 2503.20783
 *     rloo    R_i - mean of the others                     RLOO, arXiv 2402.14740
 *
 * A row of equal rewards gives exactly 0, also where a rounded mean would differ from the reward; so does G = 1.
 * Throws where the rewards are not whole groups.
 */
export function groupAdvantages(args: {
  rewards: ArrayLike<number>;
  groupSize: number;
  mode: AdvantageMode;
  eps?: number;
}): GroupAdvantages {
  const { rewards, groupSize, mode, eps = 1e-6 } = args;
  assert(
    Number.isInteger(groupSize) && groupSize >= 1 && rewards.length % groupSize === 0,
    `groupAdvantages: ${rewards.length} rewards are not whole groups of ${groupSize}`,
  );
  const advantages = new Float64Array(rewards.length);
  let zeroVarianceGroups = 0;
  for (let start = 0; start < rewards.length; start += groupSize) {
    const group = Float64Array.from({ length: groupSize }, (_, g) => rewards[start + g]!);
    if (group.every((r) => r === group[0])) {
      zeroVarianceGroups += 1;
      continue;
    }
    advantages.set(unequalGroup(group, mode, eps), start);
  }
  return { advantages, zeroVarianceGroups };
}

function unequalGroup(group: Float64Array, mode: AdvantageMode, eps: number): Float64Array {
  const sum = group.reduce((a, r) => a + r, 0);
  const mean = sum / group.length;
  switch (mode) {
    case 'grpo': {
      const squares = group.reduce((a, r) => a + (r - mean) ** 2, 0);
      const std = Math.sqrt(squares / (group.length - 1));
      return group.map((r) => (r - mean) / (std + eps));
    }
    case 'drgrpo':
      return group.map((r) => r - mean);
    case 'rloo':
      return group.map((r) => r - (sum - r) / (group.length - 1));
  }
}

/**
 * How a reward that is not in the group compares with it: as in `groupAdvantages`, where rloo takes the whole group for the
 * others. 0 where the group's rewards are all equal.
 */
export function advantageAgainst(group: ArrayLike<number>, reward: number, mode: AdvantageMode, eps = 1e-6): number {
  const rewards = Array.from(group);
  if (rewards.every((r) => r === rewards[0])) return 0;
  const mean = rewards.reduce((a, r) => a + r, 0) / rewards.length;
  if (mode !== 'grpo') return reward - mean;
  const squares = rewards.reduce((a, r) => a + (r - mean) ** 2, 0);
  return (reward - mean) / (Math.sqrt(squares / (rewards.length - 1)) + eps);
}
