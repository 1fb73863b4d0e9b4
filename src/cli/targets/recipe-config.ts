/** What all targets share: the sections of config.json that recipes/search_r2 reads, and what it cannot do. */
import { type PresetId, configForPreset, presets, type RunConfig } from '../../config/schema';
import { MAX_STEPS, PASSAGES_PER_SEARCH } from '../../env/episode-limits';
import type { Lack, Refusal, TargetContext } from './target';

/** The paper's, of a response with its results; Search-R1's, of one turn. */
const TEXT_LIMITS = { max_turn_tokens: 500, max_response_tokens: 3000 };
/** `<think>`, two words, `</think>`, `<search>`, two words, `</search>`, and one more, at which it is too long. */
const WORDS_A_TURN = 9;

/** Sections `rollout`, `reward` and `objective`: settings.py of the recipe has the same keys. */
export function recipeSections({ config, notation, positions }: TargetContext) {
  const limits = notation === 'words' ? { max_turn_tokens: WORDS_A_TURN, max_response_tokens: positions } : TEXT_LIMITS;
  return {
    rollout: {
      max_turns: MAX_STEPS,
      topk: PASSAGES_PER_SEARCH,
      ...limits,
      refiner: config.refiner,
      rule: 'sampled',
      margin: config.margin,
      gate: config.reviewGate,
      cut: config.reviewCut,
      max_revisions: config.maxRevisions,
    },
    reward: { process: config.process, combine: config.combine, evidence: 'labels' },
    objective: {
      advantage: config.advantage,
      refiner_advantage: config.refinerAdvantage,
      review_weight: config.refiner === 'none' ? 0 : config.reviewWeight,
      discarded: config.discardedTokens,
      aggregation: config.aggregation,
      clip_low: config.clipLow,
      clip_high: config.clipHigh,
      kl_beta: config.klBeta,
    },
  };
}

const REFUSED: readonly { isIn: (config: RunConfig) => boolean; rule: string }[] = [
  {
    isIn: ({ refiner }) => refiner !== 'model' && refiner !== 'none',
    rule: 'refiner can be model or none: the perfect refiners and the reader without a network live in our engine alone',
  },
  {
    isIn: ({ refinerWeights }) => refinerWeights !== 'shared',
    rule: 'refinerWeights must be shared: the trainer has one network',
  },
  {
    isIn: ({ reviewReading }) => reviewReading !== 'behind',
    rule: 'reviewReading must be behind: a review there is one reply, with no verdict behind each step',
  },
  {
    isIn: ({ reviewSupervision }) => reviewSupervision > 0,
    rule: 'reviewSupervision must be 0: reviews are trained by their outcome alone',
  },
  {
    isIn: ({ reviewSamples, reviewBalance }) => reviewSamples > 1 || reviewBalance !== 'off',
    rule: 'reviewSamples must be 1 and reviewBalance off: a draft has one review, and all count the same',
  },
];

/** Why the recipe cannot make such a run, whatever the trainer; null where it can. */
export function recipeRefusal(config: RunConfig): Refusal | null {
  const refused = REFUSED.find(({ isIn }) => isIn(config));
  if (refused === undefined) return null;
  return { rule: refused.rule, hint: 'Change the setting by --set, or take another preset.' };
}

/** Presets that neither the recipe nor `refuses` refuses. */
export function presetsFor(refuses: (config: RunConfig) => Refusal | null): PresetId[] {
  const isPreset = (id: string): id is PresetId => Object.hasOwn(presets, id);
  const ids = Object.keys(presets).filter(isPreset);
  return ids.filter((id) => {
    const config = configForPreset(id);
    return recipeRefusal(config) === null && refuses(config) === null;
  });
}

/** Settings that the recipe drops, whatever the trainer; those of our engine's inside do not change what is computed. */
export function recipeLacks({ config, notation }: TargetContext): Lack[] {
  const lack = (setting: keyof RunConfig, instead: string): Lack => ({ setting, value: config[setting], instead });
  const all: Lack[] = [
    lack('poolSize', 'one world, the first of the pool: its facts could be learned by heart'),
    lack('redrawEvery', 'the world stays as it is'),
    lack('evalEvery', 'the questions of held-out.jsonl are there; when they are asked is the trainer’s setting'),
    lack('evalWorlds', 'held-out.jsonl asks about the one world that is written'),
    lack('evalTemperatures', 'one temperature, the trainer’s'),
    lack('kvCache', 'the sampler’s own'),
  ];
  if (config.marginFrom !== 'setting') all.push(lack('marginFrom', 'the number of margin'));
  if (config.theoryEvery > 0) all.push(lack('theoryEvery', 'nothing: theory is measured by our engine alone'));
  if (notation === 'text') {
    all.push(
      lack('size', 'your model'),
      lack('warmStartBatches', 'nothing is imitated first: your model follows instructions'),
      lack('learningRate', '1e-6, the paper’s: a rate belongs to a model'),
    );
  }
  return all;
}
