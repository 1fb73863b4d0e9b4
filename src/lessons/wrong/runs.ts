/** The broken runs of lesson 8: settings that really make them fail, and the one setting that cures each. */
import { configForPreset } from '../../config/schema';
import type { RunConfig, SettingKey } from '../../config/schema';
import { WINDOW } from '../../recordings/diagnosis';
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

const BROKEN_UPDATES = 36;
const CURED_UPDATES = 30;
const FEWEST_CURED = 2;
const FEWEST_PROMPTS = 2;

/** How the runs were made: with which seed, and at which scale (1 as recorded). */
export interface Made {
  seed: number;
  scale: number;
}

/** Updates before the cure, and with those after it. The doctor needs a whole window. */
export function updatesOf({ scale }: Pick<Made, 'scale'>): { broken: number; all: number } {
  const broken = Math.max(WINDOW, Math.round(scale * BROKEN_UPDATES));
  return { broken, all: broken + Math.max(FEWEST_CURED, Math.round(scale * CURED_UPDATES)) };
}

function configWith(preset: BrokenRun['preset'], { seed, scale }: Made, set: Partial<RunConfig>): RunConfig {
  const seeds = { worldSeed: seed, initSeed: seed, runSeed: seed };
  const small = { size: 'tiny', prompts: 8, groupSize: 8, evalEvery: 0, evalQuestions: 8 } as const;
  const all = { ...seeds, ...small, ...set };
  return configForPreset(preset, { ...all, prompts: Math.max(FEWEST_PROMPTS, Math.round(scale * all.prompts)) });
}

export function healthyConfig(made: Made): RunConfig {
  return configWith('process-only', made, {});
}

export function configOf({ preset, broken, cure }: BrokenRun, made: Made, cured: boolean): RunConfig {
  return configWith(preset, made, { ...broken, ...(cured ? cure : {}) });
}
