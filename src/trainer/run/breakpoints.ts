import type { Breakpoints, UpdateMetrics } from '../protocol/protocol';

/** Why an update meets a breakpoint, in words; null if it meets none. Undefined metrics meet none. */
export function breakReason(breakpoints: Breakpoints, metrics: UpdateMetrics): string | null {
  const { zeroVarianceGroups, revisionRate, entropyBelow } = breakpoints;
  const { zeroVarianceGroups: equal, revisionRate: revised, entropy } = metrics;
  if (zeroVarianceGroups !== null && typeof equal === 'number' && equal >= zeroVarianceGroups) {
    return `${equal} ${equal === 1 ? 'question has' : 'questions have'} equal rewards`;
  }
  if (revisionRate !== null && typeof revised === 'number') {
    const { low, high } = revisionRate;
    if (revised < low) return `${percent(revised)} of the drafts were cut, fewer than ${percent(low)}`;
    if (revised > high) return `${percent(revised)} of the drafts were cut, more than ${percent(high)}`;
  }
  if (entropyBelow !== null && typeof entropy === 'number' && entropy < entropyBelow) {
    return `entropy ${entropy.toFixed(3)} is below ${entropyBelow}`;
  }
  return null;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
