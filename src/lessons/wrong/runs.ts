/** The broken runs of lesson 8: settings that really make them fail, and the one setting that cures each. */
import { configForPreset } from '../../config/schema';
import type { RunConfig, SettingKey } from '../../config/schema';
import type { FailureId } from '../../recordings/diagnosis';

export interface BrokenRun {
  failure: FailureId;
  /** What was set wrong. */
  preset: 'search-r1' | 'process-only' | 'search-r2';
  broken: Partial<RunConfig>;
  /** The settings that its cure changes. */
  cure: Partial<RunConfig>;
  /** The one of them that the lesson is about. */
  knob: SettingKey;
}

/** As the lesson shows them. */
export const BROKEN_RUNS: readonly BrokenRun[] = [
  {
    failure: 'klRunaway',
    preset: 'search-r1',
    broken: { entropyBonus: 0.12, learningRate: 5e-4 },
    cure: { entropyBonus: 0, klBeta: 1 },
    knob: 'entropyBonus',
  },
  {
    failure: 'deadGroups',
    preset: 'search-r1',
    broken: { groupSize: 2, prompts: 24 },
    cure: { groupSize: 8, prompts: 8 },
    knob: 'groupSize',
  },
  {
    failure: 'stuffing',
    preset: 'process-only',
    broken: { combine: 'sum', learningRate: 2e-3 },
    cure: { combine: 'gated' },
    knob: 'combine',
  },
];

/** Updates before the cure, and after it. */
export const BROKEN_UPDATES = 36;
export const CURED_UPDATES = 30;

/** @param seed of worlds, weights and sampling */
export function configOf({ preset, broken, cure }: BrokenRun, seed: number, cured: boolean): RunConfig {
  const seeds = { worldSeed: seed, initSeed: seed, runSeed: seed };
  const small = { size: 'tiny', prompts: 8, groupSize: 8, evalEvery: 0, evalQuestions: 8 } as const;
  return configForPreset(preset, { ...seeds, ...small, ...broken, ...(cured ? cure : {}) });
}
