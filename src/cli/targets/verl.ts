/** verl: its default trainer with the recipe's agent loop, reward and trainer class (recipes/search_r2/src/search_r2/verl). */
import type { RunConfig } from '../../config/schema';
import type { Lack, Target } from './target';

const AGGREGATIONS = {
  sequenceMean: 'seq-mean-token-mean',
  tokenMean: 'token-mean',
  fixedLength: 'seq-mean-token-sum-norm',
} as const;

/** Of a response, the paper's: what `fixedLength` divides by. */
const RESPONSE_TOKENS = 3000;

/** Rows that a GPU takes at once, the paper's. */
const ROWS_AT_ONCE = 4;

export const VERL: Target = {
  title: 'verl',
  document: 'VERL.md',
  machine: 'It wants GPUs. With `--check` behind the command nothing starts, and what is wrong is named.',
  extra: 'verl-sglang',
  pins: { verl: '0.9.1', ray: '2.60.0', torch: '2.11.0', transformers: '5.9.0' },
  command: 'python -m search_r2.verl .',
  refuses: ({ advantage }) =>
    advantage === 'rloo'
      ? {
          rule: 'advantage must be grpo or drgrpo: with any other estimator verl takes a session’s reviews for members of the group',
          hint: 'Set advantage=grpo or drgrpo.',
        }
      : null,
  lacks({ config, notation }) {
    const all: Lack[] = [];
    const lack = (setting: keyof RunConfig, instead: string): void => {
      all.push({ setting, value: config[setting], instead });
    };
    if (config.epochs > 1 && config.refiner !== 'none') {
      lack(
        'epochs',
        'the same; from the second on a review is held near its own old log-probability by the KL penalty',
      );
    }
    if (config.aggregation === 'tokenMean' && config.refiner !== 'none') {
      lack('aggregation', 'refused at the start: a review of one token would hardly count; give sequenceMean');
    }
    if (config.discardedTokens === 'in') {
      lack('discardedTokens', 'the same; the KL penalty counts a trajectory that was cut twice, once a text');
    }
    if (notation === 'words') {
      lack(
        'size',
        'for a stand-in on a CPU alone (proofs/verl_run.py): inference servers have no attention for heads so small',
      );
    }
    return all;
  },
  trainer({ config, notation, updates, positions }) {
    const responseTokens = notation === 'words' ? positions : RESPONSE_TOKENS;
    return {
      'data.train_batch_size': config.prompts,
      'data.seed': config.runSeed,
      'algorithm.adv_estimator': 'grpo',
      'algorithm.norm_adv_by_std_in_grpo': config.advantage === 'grpo',
      'actor_rollout_ref.rollout.n': config.groupSize,
      ...actorKeys(config, responseTokens),
      // A learning rate belongs to a model: a language model has the paper's, as the config that ships says.
      ...(notation === 'words' ? ownRate(config) : {}),
      'trainer.total_training_steps': updates,
      'trainer.experiment_name': config.preset,
    };
  },
  files: () => new Map(),
};

function actorKeys(config: RunConfig, responseTokens: number): Readonly<Record<string, unknown>> {
  const actor = {
    ppo_mini_batch_size: config.prompts,
    ppo_micro_batch_size_per_gpu: ROWS_AT_ONCE,
    ppo_epochs: config.epochs,
    clip_ratio: config.clipLow,
    clip_ratio_low: config.clipLow,
    clip_ratio_high: config.clipHigh,
    loss_agg_mode: AGGREGATIONS[config.aggregation],
    loss_scale_factor: config.aggregation === 'fixedLength' ? responseTokens : null,
    use_kl_loss: config.klBeta > 0,
    kl_loss_coef: config.klBeta,
    entropy_coeff: config.entropyBonus,
    // actor.grad_clip is read by nothing in verl 0.9.1: findings/verl-grad-clip.sh.
    'optim.clip_grad': config.maxGradNorm,
    'optim.betas': [config.beta1, config.beta2],
    'optim.weight_decay': config.weightDecay,
  };
  return Object.fromEntries(Object.entries(actor).map(([key, value]) => [`actor_rollout_ref.actor.${key}`, value]));
}

function ownRate({ learningRate }: RunConfig): Readonly<Record<string, unknown>> {
  return {
    'actor_rollout_ref.actor.optim.lr': learningRate,
    'actor_rollout_ref.actor.optim.lr_warmup_steps_ratio': 0,
  };
}
