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
    { label: 'Preset', help: 'The experiment that all other settings start from.', restart: true },
  ),
  world: oneOf(
    'Run',
    'microwiki',
    [
      ['microwiki', 'Microwiki (invented facts)'],
      ['atlas', 'Atlas (real countries and cities)'],
    ],
    { label: 'World', help: 'The facts and texts that the questions are about.', restart: true },
  ),
  worldSeed: int('Run', 1, 0, MAX_SEED, {
    label: 'World seed',
    help: 'Decides which facts, texts and rumours are drawn. The same number gives the same worlds.',
    restart: true,
  }),
  initSeed: int('Run', 1, 0, MAX_SEED, {
    label: 'Weights seed',
    help: 'Decides the random weights that the network has before its warm start.',
    restart: true,
  }),
  runSeed: int('Run', 1, 0, MAX_SEED, {
    label: 'Run seed',
    help: 'Decides which questions are asked and every random choice during training.',
    restart: true,
  }),

  noise: float('World', 0.3, 0, 0.9, {
    label: 'Rumours',
    help: 'The chance that a fact also has one text that states it wrongly.',
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
      help: 'How many texts repeat a rumour. Two against one true text fool a reader who counts, not one who weighs sources.',
      restart: true,
    },
  ),
  misfiled: float('World', 0, 0, 0.9, {
    label: 'Misfiled texts',
    help: 'The chance that a text is found by its names alone, not by what it states of them.',
    restart: true,
  }),
  sharedNames: float('World', 0, 0, 0.9, {
    label: 'Shared names',
    help: 'The share of names that stand for two things of different kinds in drawn worlds.',
    restart: true,
  }),
  poolSize: int('World', 16, 1, 64, {
    label: 'Pool size',
    help: 'How many training worlds exist side by side. They share names and relations, but their facts differ.',
    unit: 'worlds',
    restart: true,
  }),
  redrawEvery: int('World', 4, 0, 1000, {
    label: 'Redraw every',
    help: 'After this many batches (in training: updates) one training world gets new facts, so that facts cannot be learned by heart. 0 never redraws.',
    unit: 'batches',
    restart: true,
  }),
  minHops: int('World', 1, 1, 4, {
    label: 'Shortest question',
    help: 'The smallest number of facts that must be chained to answer a question.',
    unit: 'hops',
    restart: true,
  }),
  maxHops: int('World', 3, 1, 4, {
    label: 'Longest question',
    help: 'The largest number of facts that must be chained to answer a question. Four leave no search to spare.',
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
      help: 'How large the network is. Larger ones learn more and train more slowly.',
      restart: true,
    },
  ),

  prompts: int('Rollout', 24, 1, 64, {
    label: 'Questions per update',
    help: 'How many different questions one update trains on.',
    unit: 'questions',
  }),
  groupSize: int('Rollout', 8, 2, 32, {
    label: 'Group size',
    help: 'How many times each question is tried. The tries of one question are compared with each other.',
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
      help: 'How rollouts keep what they have read. With 16-bit floats, tokens are drawn from a slightly rounded policy; whether they are used is measured at the start, so runs repeat exactly with 32-bit floats only.',
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
      help: 'Which part of the reward judges the searches: none, the share of searches that found something new and needed, or the share of passages that did.',
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
      help: 'How answer and process reward are combined. Gated means that good searches count only if the answer is right.',
      paper: 'gated',
    },
  ),

  learningRate: float('Objective', 2e-4, 0, 0.1, {
    label: 'Learning rate',
    help: 'The size of each training step. Too large makes training unstable, too small makes it slow.',
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
      help: 'How the losses of single tokens are averaged, which decides how much a long trajectory counts.',
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
      help: 'Whether the steps that a cut threw away are trained too, with the reward of what replaced them.',
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
      help: 'How the reward of a trajectory is compared with the others of its group.',
      paper: 'grpo',
    },
  ),
  epochs: int('Objective', 1, 1, 4, {
    label: 'Epochs',
    help: 'How many training steps are made from the same trajectories before new ones are drawn.',
  }),
  clipLow: float('Objective', 0.2, 0, 1, {
    label: 'Clip, lower',
    help: 'How far the probability of a token may fall, relative to when it was written, before its gradient stops.',
  }),
  clipHigh: float('Objective', 0.2, 0, 10, {
    label: 'Clip, upper',
    help: 'How far the probability of a token may rise, relative to when it was written, before its gradient stops.',
  }),
  klBeta: float('Objective', 0.001, 0, 1, {
    label: 'KL weight',
    help: 'How strongly the actor is held near the policy that it had after the warm start. 0 lets it move freely.',
  }),
  entropyBonus: float('Objective', 0, 0, 1, {
    label: 'Entropy bonus',
    help: 'A reward for staying undecided, which keeps the actor exploring. 0 is off.',
  }),
  maxGradNorm: float('Objective', 1, 0, 1000, {
    label: 'Largest gradient norm',
    help: 'A gradient longer than this is shortened to this length. 0 is off.',
  }),
  weightDecay: float('Objective', 0, 0, 1, {
    label: 'Weight decay',
    help: 'How strongly AdamW pulls the weights toward 0 in each training step.',
  }),
  beta1: float('Objective', 0.9, 0, 0.9999, {
    label: 'AdamW beta 1',
    help: 'How slowly the running average of the gradient changes. 0 uses the newest gradient alone.',
  }),
  beta2: float('Objective', 0.95, 0, 0.9999, {
    label: 'AdamW beta 2',
    help: 'How slowly the running average of the squared gradient changes.',
  }),

  warmStartBatches: int('WarmStart', 1200, 0, 20000, {
    label: 'Warm start length',
    help: 'How many batches of demonstrations the network imitates before reinforcement learning begins.',
    unit: 'batches',
    restart: true,
  }),
  warmStartBatchSize: int('WarmStart', 64, 1, 512, {
    label: 'Warm start batch',
    help: 'How many demonstrations are imitated at once.',
    unit: 'demonstrations',
    restart: true,
  }),
  warmStartLearningRate: float('WarmStart', 3e-3, 0, 0.1, {
    label: 'Warm start learning rate',
    help: 'The largest step size while demonstrations are imitated. It falls to 0 along a cosine.',
    restart: true,
  }),
  judgeAccuracy: float('WarmStart', 0.9, 0, 1, {
    label: 'Judge accuracy',
    help: 'How often a demonstrated review is right about the flawed step. Otherwise it picks any step, or none, at random.',
    restart: true,
  }),
  reviewTokenWeight: float('WarmStart', 5, 0, 100, {
    label: 'Review token weight',
    help: 'How much the one token of a review counts in the warm start, compared with any other token.',
    restart: true,
  }),
  vagueQuery: float('WarmStart', 0.42, 0, 1, {
    label: 'Vague queries',
    help: 'How often, at a step, the demonstrator searches for a name without saying what it wants to know.',
    restart: true,
  }),
  wrongRelation: float('WarmStart', 0.13, 0, 1, {
    label: 'Wrong relations',
    help: 'How often, at a step, the demonstrator asks for the wrong property of the right name.',
    restart: true,
  }),
  wrongEntity: float('WarmStart', 0.05, 0, 1, {
    label: 'Wrong names',
    help: 'How often, at a step, the demonstrator asks about the wrong name.',
    restart: true,
  }),
  guess: float('WarmStart', 0.08, 0, 1, {
    label: 'Guesses',
    help: 'How often, at a step, the demonstrator stops searching and guesses an answer.',
    restart: true,
  }),

  evalEvery: int('Evaluation', 20, 0, 10000, {
    label: 'Evaluate every',
    help: 'After this many updates the network answers questions about worlds it never trained on. 0 does so only at the start and the end.',
    unit: 'updates',
  }),
  evalQuestions: int('Evaluation', 256, 8, 4096, {
    label: 'Evaluation questions',
    help: 'How many questions one evaluation asks. More give a steadier number and take longer.',
    unit: 'questions',
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
      help: 'At which temperatures an evaluation lets the actor answer. With five each arm can be compared where it is best; it takes about twice as long.',
    },
  ),
  theoryEvery: int('Evaluation', 0, 0, 10000, {
    label: 'Measure theory every',
    help: 'On the command line: after this many updates every cut of many drafts is tried out, which splits what the refiner gains into its causes. 0 never does.',
    unit: 'updates',
  }),
  theoryQuestions: int('Evaluation', 48, 4, 1024, {
    label: 'Theory questions',
    help: 'How many questions one such measurement asks, each of them several times.',
    unit: 'questions',
  }),
  theoryReplicates: int('Evaluation', 8, 2, 256, {
    label: 'Theory replicates',
    help: 'How often each cut of a draft is tried out in such a measurement. Half of the tries choose the best cut, the others tell what it is worth.',
    unit: 'tries',
  }),
};
