/** What a trajectory is worth (method.md section 5): for the engine, and for whoever shows what goes into it. */

export interface RewardOptions {
  process: 'off' | 'collection' | 'passage';
  combine: 'gated' | 'sum';
}

/** What a reward knows of a search. */
export interface SearchWorth {
  /** u_i: 1 if the collection supports a hop not supported before, else 0. */
  readonly useful: number;
  /** Share of its passages that support and are new. */
  readonly share: number;
}

/**
 * R(y) = EM (1 + r_process), or EM + r_process with combine `sum`; r_process is the mean over the M searches of u_i
 * (`collection`, the paper's) or of the share of new supporting passages (`passage`), and 0 where M = 0.
 */
export function trajectoryReward(right: boolean, searches: readonly SearchWorth[], options: RewardOptions): number {
  const em = right ? 1 : 0;
  const process = processReward(searches, options.process);
  return options.combine === 'gated' ? em * (1 + process) : em + process;
}

function processReward(searches: readonly SearchWorth[], kind: RewardOptions['process']): number {
  if (kind === 'off' || searches.length === 0) return 0;
  let sum = 0;
  for (const search of searches) sum += kind === 'collection' ? search.useful : search.share;
  return sum / searches.length;
}
