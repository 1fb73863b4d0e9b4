/** TRL: GRPOTrainer with the recipe's rollout (recipes/search_r2/src/search_r2/trl). */
import type { RunConfig } from '../../config/schema';
import type { Lack, Target, TargetContext } from './target';

const PAPERS_RATE = 1e-6;
/** A share of the updates, which transformers 5 takes in place of their number. */
const PAPERS_WARM_UP = 0.285;
/** Rows that one device takes at once, for a model of some billions of parameters. */
const ROWS_AT_ONCE = 8;

const LOSS_TYPES = { sequenceMean: 'grpo', tokenMean: 'dapo', fixedLength: 'dr_grpo' } as const;

export const TRL: Target = {
  title: 'TRL',
  document: 'TRL.md',
  machine:
    'It wants a GPU. Without one, export with a checkpoint of Cutpoint’s behind the command: that trains on a CPU.',
  extra: 'trl',
  pins: { trl: '1.16.0', transformers: '5.24.0', torch: '2.15.0' },
  command: 'python -m search_r2.trl .',
  refuses: ({ discardedTokens }) =>
    discardedTokens === 'out'
      ? null
      : {
          rule: 'discardedTokens must be out: a row of GRPOTrainer is one sequence, and a discarded suffix is another',
          hint: 'Set discardedTokens=out.',
        },
  lacks({ config }) {
    const all: Lack[] = [];
    if (config.entropyBonus > 0) {
      all.push({
        setting: 'entropyBonus',
        value: config.entropyBonus,
        instead: 'entropy_coef: the mean over all tokens, whatever the aggregation',
      });
    }
    return all;
  },
  trainer(context) {
    const { config, updates, notation, positions } = context;
    const rows = config.prompts * config.groupSize;
    const atOnce = notation === 'words' ? rows : fitting(rows);
    return {
      max_steps: updates,
      num_generations: config.groupSize,
      per_device_train_batch_size: atOnce,
      gradient_accumulation_steps: rows / atOnce,
      num_iterations: config.epochs,
      ...rate(context),
      adam_beta1: config.beta1,
      adam_beta2: config.beta2,
      adam_epsilon: 1e-8,
      weight_decay: config.weightDecay,
      max_grad_norm: config.maxGradNorm,
      beta: config.klBeta,
      // The penalty as it is written: by itself TRL multiplies it by the ratio, which changes its gradient.
      use_bias_correction_kl: false,
      epsilon: config.clipLow,
      epsilon_high: config.clipHigh,
      entropy_coef: config.entropyBonus,
      loss_type: LOSS_TYPES[config.aggregation],
      scale_rewards: config.advantage === 'grpo' ? 'group' : 'none',
      // What fixedLength divides by; the rollout has limits of its own.
      max_completion_length: notation === 'words' ? positions : 3000,
      temperature: 1,
      top_p: 1,
      top_k: 0,
      disable_dropout: true,
      bf16: notation === 'text',
      seed: config.runSeed,
      logging_steps: 1,
      save_strategy: 'no',
      report_to: [],
    };
  },
  files: () => new Map(),
};

function rate({ config, notation }: { config: RunConfig; notation: TargetContext['notation'] }) {
  return notation === 'words'
    ? { learning_rate: config.learningRate, lr_scheduler_type: 'constant' }
    : { learning_rate: PAPERS_RATE, lr_scheduler_type: 'constant_with_warmup', warmup_steps: PAPERS_WARM_UP };
}

/** The largest divisor of `rows` that is at most ROWS_AT_ONCE: a step's rows come in equal parts. */
function fitting(rows: number): number {
  let part = Math.min(rows, ROWS_AT_ONCE);
  while (rows % part !== 0) part--;
  return part;
}
