/**
 * The one table of settings: controls, link, command-line flags and validation all come from it.
 * schema.ts derives the types from it and is what other folders import.
 */
import { REFINER_SETTINGS } from './refiner-settings';
import { float, int, oneOf } from './setting-kinds';

/** Seeds are one key word of Philox, so u32. */
const MAX_SEED = 2 ** 32 - 1;

export const SETTINGS = {
  preset: oneOf(
    'Run',
    'search-r2',
    [
      ['search-r2', 'Search-R2: full method'],
      ['search-r2-paper', 'Search-R2 as in the paper'],
      ['search-r1', 'Search-R1: no refiner'],
      ['search-r1-matched', 'Search-R1 at equal tokens'],
      ['process-only', 'Process reward, no refiner'],
      ['refiner-only', 'Refiner not trained'],
      ['refiner-process', 'Refiner not trained, process reward'],
      ['group-advantage', 'Reviews scored by group'],
      ['discarded-in', 'Discarded steps trained'],
      ['separate-refiner', 'Refiner with weights of its own'],
      ['supervised-refiner', 'Refiner taught by labels'],
      ['second-reading', 'Refiner that reads again'],
      ['reading-refiner', 'Refiner that reads best'],
      ['hard', 'A hard world'],
      ['random-cut', 'Random cuts'],
      ['resample', 'Start again instead of cutting'],
      ['always-revise', 'Every draft is cut'],
      ['never-revise', 'No draft is cut'],
      ['oracle-label', 'Perfect refiner'],
      ['oracle-wrong-only', 'Perfect refiner of wrong drafts'],
      ['oracle-value', 'Best cut of all'],
      ['oracle-reader', 'Reader without a network'],
    ],
    { label: 'Preset', restart: true },
  ),
  world: oneOf(
    'Run',
    'microwiki',
    [
      ['microwiki', 'Microwiki (invented facts)'],
      ['atlas', 'Atlas (real countries and cities)'],
    ],
    { label: 'World', restart: true },
  ),
  worldSeed: int('Run', 1, 0, MAX_SEED, {
    label: 'World seed',
    restart: true,
  }),
  initSeed: int('Run', 1, 0, MAX_SEED, {
    label: 'Weights seed',
    restart: true,
  }),
  runSeed: int('Run', 1, 0, MAX_SEED, {
    label: 'Run seed',
    restart: true,
  }),

  noise: float('World', 0.3, 0, 0.9, {
    label: 'Rumours',
    restart: true,
  }),
  rumourSpread: oneOf(
    'World',
    'one',
    [
      ['one', 'One text among several true ones'],
      ['outnumber', 'Two texts against one true one'],
    ],
    {
      label: 'Spread of rumours',
      restart: true,
    },
  ),
  misfiled: float('World', 0, 0, 0.9, {
    label: 'Misfiled texts',
    restart: true,
  }),
  sharedNames: float('World', 0, 0, 0.9, {
    label: 'Shared names',
    restart: true,
  }),
  poolSize: int('World', 16, 1, 64, {
    label: 'Pool size',
    unit: 'worlds',
    restart: true,
  }),
  redrawEvery: int('World', 4, 0, 1000, {
    label: 'Redraw every',
    unit: 'batches',
    restart: true,
  }),
  minHops: int('World', 1, 1, 4, {
    label: 'Shortest question',
    unit: 'hops',
    restart: true,
  }),
  maxHops: int('World', 3, 1, 4, {
    label: 'Longest question',
    unit: 'hops',
    restart: true,
  }),

  size: oneOf(
    'Model',
    'small',
    [
      ['tiny', 'Tiny: width 32, 2 layers'],
      ['small', 'Small: width 64, 3 layers'],
      ['base', 'Base: width 128, 4 layers'],
      ['large', 'Large: width 256, 6 layers'],
    ],
    {
      label: 'Model size',
      restart: true,
    },
  ),

  prompts: int('Rollout', 24, 1, 64, {
    label: 'Questions per update',
    unit: 'questions',
  }),
  groupSize: int('Rollout', 8, 2, 32, {
    label: 'Group size',
    unit: 'trajectories',
  }),

  kvCache: oneOf(
    'Rollout',
    'f32',
    [
      ['f32', '32-bit floats'],
      ['auto', '16-bit where faster'],
    ],
    {
      label: 'Key/value cache',
      restart: true,
    },
  ),

  ...REFINER_SETTINGS,

  process: oneOf(
    'Reward',
    'collection',
    [
      ['off', 'Off: only the answer counts'],
      ['collection', 'Share of useful searches'],
      ['passage', 'Share of new supporting passages'],
    ],
    {
      label: 'Process reward',
      paper: 'collection',
    },
  ),
  combine: oneOf(
    'Reward',
    'gated',
    [
      ['gated', 'Gated: answer × (1 + process)'],
      ['sum', 'Sum: answer + process'],
    ],
    {
      label: 'Combination',
      paper: 'gated',
    },
  ),

  learningRate: float('Objective', 2e-4, 0, 0.1, {
    label: 'Learning rate',
  }),
  aggregation: oneOf(
    'Objective',
    'sequenceMean',
    [
      ['sequenceMean', 'Mean per trajectory'],
      ['tokenMean', 'Mean over all tokens'],
      ['fixedLength', 'Sum over a fixed length'],
    ],
    {
      label: 'Aggregation',
      paper: 'sequenceMean',
    },
  ),
  discardedTokens: oneOf(
    'Objective',
    'out',
    [
      ['out', 'Not trained'],
      ['in', 'Trained with the final reward'],
    ],
    {
      label: 'Discarded steps',
      paper: 'out',
    },
  ),
  advantage: oneOf(
    'Objective',
    'grpo',
    [
      ['grpo', 'GRPO: minus mean, over deviation'],
      ['drgrpo', 'Dr. GRPO: minus mean'],
      ['rloo', 'RLOO: minus mean of the others'],
    ],
    {
      label: 'Advantage',
      paper: 'grpo',
    },
  ),
  epochs: int('Objective', 1, 1, 4, {
    label: 'Epochs',
  }),
  clipLow: float('Objective', 0.2, 0, 1, {
    label: 'Clip, lower',
  }),
  clipHigh: float('Objective', 0.2, 0, 10, {
    label: 'Clip, upper',
  }),
  klBeta: float('Objective', 0.001, 0, 1, {
    label: 'KL weight',
  }),
  entropyBonus: float('Objective', 0, 0, 1, {
    label: 'Entropy bonus',
  }),
  maxGradNorm: float('Objective', 1, 0, 1000, {
    label: 'Largest gradient norm',
  }),
  weightDecay: float('Objective', 0, 0, 1, {
    label: 'Weight decay',
  }),
  beta1: float('Objective', 0.9, 0, 0.9999, {
    label: 'AdamW beta 1',
  }),
  beta2: float('Objective', 0.95, 0, 0.9999, {
    label: 'AdamW beta 2',
  }),

  warmStartBatches: int('WarmStart', 1200, 0, 20000, {
    label: 'Warm start length',
    unit: 'batches',
    restart: true,
  }),
  warmStartBatchSize: int('WarmStart', 64, 1, 512, {
    label: 'Warm start batch',
    unit: 'demonstrations',
    restart: true,
  }),
  warmStartLearningRate: float('WarmStart', 3e-3, 0, 0.1, {
    label: 'Warm start learning rate',
    restart: true,
  }),
  judgeAccuracy: float('WarmStart', 0.9, 0, 1, {
    label: 'Judge accuracy',
    restart: true,
  }),
  reviewTokenWeight: float('WarmStart', 5, 0, 100, {
    label: 'Review token weight',
    restart: true,
  }),
  vagueQuery: float('WarmStart', 0.42, 0, 1, {
    label: 'Vague queries',
    restart: true,
  }),
  wrongRelation: float('WarmStart', 0.13, 0, 1, {
    label: 'Wrong relations',
    restart: true,
  }),
  wrongEntity: float('WarmStart', 0.05, 0, 1, {
    label: 'Wrong names',
    restart: true,
  }),
  guess: float('WarmStart', 0.08, 0, 1, {
    label: 'Guesses',
    restart: true,
  }),

  evalEvery: int('Evaluation', 20, 0, 10000, {
    label: 'Evaluate every',
    unit: 'updates',
  }),
  evalQuestions: int('Evaluation', 256, 8, 4096, {
    label: 'Evaluation questions',
    unit: 'questions',
  }),
  evalWorlds: int('Evaluation', 8, 2, 64, {
    label: 'Evaluation worlds',
    unit: 'worlds',
    restart: true,
  }),
  evalTemperatures: oneOf(
    'Evaluation',
    'ends',
    [
      ['ends', '0 and 1'],
      ['five', '0, 0.25, 0.5, 0.75 and 1'],
    ],
    {
      label: 'Evaluation temperatures',
    },
  ),
  theoryEvery: int('Evaluation', 0, 0, 10000, {
    label: 'Measure theory every',
    unit: 'updates',
  }),
  theoryQuestions: int('Evaluation', 48, 4, 1024, {
    label: 'Theory questions',
    unit: 'questions',
  }),
  theoryReplicates: int('Evaluation', 8, 2, 256, {
    label: 'Theory replicates',
    unit: 'tries',
  }),
};
