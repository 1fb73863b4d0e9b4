import type { CutSweep } from '../trainer/protocol/protocol';

/** The sweep with more replicates; with other weights, or numbers that do not follow on, the newer one alone. */
export function mergeSweeps(old: CutSweep | null, more: CutSweep): CutSweep {
  const follows = old !== null && more.firstReplicate === old.firstReplicate + old.replicates;
  if (!follows || old.update !== more.update) return more;
  const replicates = old.replicates + more.replicates;
  const steps = more.rewards.length / more.replicates;
  const rewards = new Float32Array(steps * replicates);
  const em = new Uint8Array(steps * replicates);
  for (let k = 0; k < steps; k += 1) {
    for (const [sweep, offset] of [[old, 0] as const, [more, old.replicates] as const]) {
      const [from, to] = [k * sweep.replicates, (k + 1) * sweep.replicates];
      rewards.set(sweep.rewards.subarray(from, to), k * replicates + offset);
      em.set(sweep.em.subarray(from, to), k * replicates + offset);
    }
  }
  return { update: more.update, firstReplicate: old.firstReplicate, replicates, rewards, em };
}
