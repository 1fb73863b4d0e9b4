/** How the rollouts of a run are made, from its settings (method.md sections 4 and 9). */
import type { RunConfig } from '../../config/schema';
import type { Slice } from '../../gpu/buffers';
import type { RefinedOptions } from './refined-rollout';

/**
 * Options of a training rollout; evaluations change some of them.
 *
 * @param ownRefiner weights of a refiner of its own; null where the actor's review
 */
export function trainingOptions(config: RunConfig, update: number, ownRefiner: Slice | null): RefinedOptions {
  return {
    runSeed: config.runSeed,
    update,
    replicate: 0,
    temperature: 1,
    suffixTemperature: 1,
    ...refinement(config, 'sample', ownRefiner),
    blank: false,
    reward: { process: config.process, combine: config.combine },
  };
}

/** Who refines drafts, and how reviews choose; null leaves drafts as they are. */
export function refinement(
  config: RunConfig,
  mode: 'sample' | 'greedy' | null,
  ownRefiner: Slice | null,
): Pick<RefinedOptions, 'review' | 'chooser'> {
  const { refiner, margin, reviewGate: gate, reviewCut: cut, oracleReplicates: replicates, noise } = config;
  if (mode === null || refiner === 'none') return { review: null, chooser: null };
  if (refiner === 'oracleValue') return { review: null, chooser: { by: 'value', replicates } };
  if (refiner === 'oracleReader') return { review: null, chooser: { by: 'reader', rumours: noise } };
  const review = { mode: refiner === 'model' ? mode : refiner, margin, gate, cut };
  const own = ownRefiner === null ? {} : { refiner: ownRefiner };
  return { review: { ...review, ...own }, chooser: null };
}
