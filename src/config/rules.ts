/** Rules between settings: what the range of a single value cannot say. */
import { MODEL_SIZES, type RunConfig } from './schema';

interface Rule {
  isBroken: (config: RunConfig) => boolean;
  /** A sentence without its full stop. */
  message: string;
  /** What a person can do about it. */
  hint: string;
  /** The nearest configuration that keeps the rule. */
  repair: (config: RunConfig) => Partial<RunConfig>;
  /** What `repair` did, in front of the message. */
  repaired: string;
}

/** The share of demonstrated steps that go wrong, one way or another. */
const ERROR_KEYS = ['vagueQuery', 'wrongRelation', 'wrongEntity', 'guess'] as const;

/** Sums of decimals such as 0.42 + 0.58 may end just above 1. */
const SUM_TOLERANCE = 1e-9;

function errorShare(config: RunConfig): number {
  return ERROR_KEYS.reduce((sum, key) => sum + config[key], 0);
}

const reviewsAreTheNetworks = ({ refiner }: RunConfig): boolean => refiner === 'model';

const RULES: readonly Rule[] = [
  {
    isBroken: ({ minHops, maxHops }) => minHops > maxHops,
    message: 'minHops can be at most maxHops, as the shortest question is no longer than the longest',
    hint: 'Set minHops=1 or raise maxHops.',
    repair: () => ({ minHops: 1 }),
    repaired: 'Used 1',
  },
  {
    isBroken: ({ rumourSpread, noise }) => rumourSpread === 'outnumber' && noise === 0,
    message: 'rumourSpread can be outnumber only with noise above 0, as without rumours none outnumber anything',
    hint: 'Set noise=0.3 or rumourSpread=one.',
    repair: () => ({ rumourSpread: 'one' }),
    repaired: 'Used one',
  },
  {
    isBroken: (config) => errorShare(config) > 1 + SUM_TOLERANCE,
    message: `${ERROR_KEYS.join(', ')} must add up to at most 1, as at most one of them happens in a step`,
    hint: 'Lower one of them.',
    repair: (config) => Object.fromEntries(ERROR_KEYS.map((key) => [key, config[key] / errorShare(config)])),
    repaired: 'Scaled down',
  },
  {
    isBroken: (config) => config.reviewGate !== 'model' && !reviewsAreTheNetworks(config),
    message: 'reviewGate can be always or never only with refiner model, as it overrules what the network says',
    hint: 'Set refiner=model or reviewGate=model.',
    repair: () => ({ reviewGate: 'model' }),
    repaired: 'Used model',
  },
  {
    isBroken: (config) => config.reviewCut !== 'model' && !reviewsAreTheNetworks(config),
    message: 'reviewCut can be uniform or first only with refiner model, as it overrules what the network says',
    hint: 'Set refiner=model or reviewCut=model.',
    repair: () => ({ reviewCut: 'model' }),
    repaired: 'Used model',
  },
  {
    isBroken: ({ maxRevisions, refiner }) =>
      maxRevisions > 1 && (refiner === 'oracleValue' || refiner === 'oracleReader'),
    message: 'maxRevisions can be above 1 only with reviews; refiner oracleValue and oracleReader choose one cut',
    hint: 'Set another refiner or maxRevisions=1.',
    repair: () => ({ maxRevisions: 1 }),
    repaired: 'Used 1',
  },
  {
    isBroken: (config) => config.reviewSamples > 1 && config.maxRevisions > 1 && reviewsAreTheNetworks(config),
    message:
      'reviewSamples can be above 1 only with maxRevisions 1, as a review is scored by what its own cut leads to',
    hint: 'Set reviewSamples=1 or maxRevisions=1.',
    repair: () => ({ reviewSamples: 1 }),
    repaired: 'Used 1',
  },
  {
    isBroken: (config) => config.reviewReading !== 'behind' && !reviewsAreTheNetworks(config),
    message: 'reviewReading can be steps only with refiner model, as nobody else reads with a network',
    hint: 'Set refiner=model or reviewReading=behind.',
    repair: () => ({ reviewReading: 'behind' }),
    repaired: 'Used behind',
  },
  {
    isBroken: (config) => config.reviewSees !== 'text' && config.reviewReading !== 'steps',
    message: 'reviewSees can be certainty only with reviewReading steps, as it is told behind every step',
    hint: 'Set reviewReading=steps or reviewSees=text.',
    repair: () => ({ reviewSees: 'text' }),
    repaired: 'Used text',
  },
  {
    isBroken: (config) =>
      config.marginFrom === 'pool' && (!reviewsAreTheNetworks(config) || config.reviewGate !== 'model'),
    message: 'marginFrom can be pool only with refiner model and reviewGate model, as others ask for no margin',
    hint: 'Set refiner=model and reviewGate=model, or marginFrom=setting.',
    repair: () => ({ marginFrom: 'setting' }),
    repaired: 'Used setting',
  },
  {
    isBroken: (config) => config.reviewSupervision > 0 && !reviewsAreTheNetworks(config),
    message: 'reviewSupervision can be above 0 only with refiner model, as it trains the network’s reviews',
    hint: 'Set refiner=model or reviewSupervision=0.',
    repair: () => ({ reviewSupervision: 0 }),
    repaired: 'Used 0',
  },
  {
    isBroken: (config) => config.reviewSupervision > 0 && config.epochs > 1,
    message: 'reviewSupervision can be above 0 only with epochs 1, as the loss of a second epoch is clipped',
    hint: 'Set epochs=1 or reviewSupervision=0.',
    repair: () => ({ epochs: 1 }),
    repaired: 'Used 1',
  },
  {
    isBroken: (config) => config.refinerLearningRate > 0 && config.refinerWeights !== 'separate',
    message: 'refinerLearningRate can be above 0 only with refinerWeights separate, as one network has one rate',
    hint: 'Set refinerWeights=separate or refinerLearningRate=0.',
    repair: () => ({ refinerLearningRate: 0 }),
    repaired: 'Used 0',
  },
  {
    isBroken: ({ refinerLayers, refinerWeights, reviewReading }) =>
      refinerLayers > 0 && (refinerWeights !== 'separate' || reviewReading !== 'steps'),
    message:
      'refinerLayers can be above 0 only with refinerWeights separate and reviewReading steps, as others review with the actor’s layers',
    hint: 'Set refinerWeights=separate and reviewReading=steps, or refinerLayers=0.',
    repair: () => ({ refinerLayers: 0 }),
    repaired: 'Used 0',
  },
  {
    isBroken: ({ refinerLayers, size }) => refinerLayers > 0 && refinerLayers < MODEL_SIZES[size].layers,
    message: 'refinerLayers must be 0 or at least the number of layers of the actor, whose weights it begins with',
    hint: 'Set refinerLayers=0 or raise it.',
    repair: () => ({ refinerLayers: 0 }),
    repaired: 'Used 0',
  },
  {
    isBroken: ({ refinerWidth, refinerWeights, reviewReading }) =>
      refinerWidth > 0 && (refinerWeights !== 'separate' || reviewReading !== 'steps'),
    message:
      'refinerWidth can be above 0 only with refinerWeights separate and reviewReading steps, as others review with the actor’s width',
    hint: 'Set refinerWeights=separate and reviewReading=steps, or refinerWidth=0.',
    repair: () => ({ refinerWidth: 0 }),
    repaired: 'Used 0',
  },
  {
    isBroken: ({ refinerWidth, size }) => refinerWidth % MODEL_SIZES[size].width !== 0,
    message: 'refinerWidth must be 0 or a multiple of the width of the actor, of which it begins as copies',
    hint: 'Set refinerWidth=0 or a multiple: tiny is 32 wide, small 64, base 128, large 256.',
    repair: () => ({ refinerWidth: 0 }),
    repaired: 'Used 0',
  },
  {
    isBroken: ({ reviewThoughts, reviewReading, refinerWeights, reviewSupervision }) =>
      reviewThoughts > 0 && (reviewReading !== 'steps' || refinerWeights !== 'separate' || reviewSupervision === 0),
    message:
      'reviewThoughts can be above 0 only with reviewReading steps, refinerWeights separate and reviewSupervision above 0, as thoughts are written in a second reading and labels teach a second network to write them',
    hint: 'Set reviewReading=steps, refinerWeights=separate and reviewSupervision=1, or reviewThoughts=0.',
    repair: () => ({ reviewThoughts: 0 }),
    repaired: 'Used 0',
  },
  {
    isBroken: ({ reviewThoughts, reviewGate }) => reviewThoughts > 0 && reviewGate === 'always',
    message: 'reviewThoughts must be 0 with reviewGate always, as nothing asks for the verdict that they lead to',
    hint: 'Set reviewThoughts=0 or reviewGate=model.',
    repair: () => ({ reviewThoughts: 0 }),
    repaired: 'Used 0',
  },
];

/** The configuration with every broken rule repaired, in order, and the rules that were broken. */
export function settleRules(config: RunConfig): { config: RunConfig; broken: readonly Rule[] } {
  const broken: Rule[] = [];
  let settled = config;
  for (const rule of RULES) {
    if (!rule.isBroken(settled)) continue;
    broken.push(rule);
    settled = { ...settled, ...rule.repair(settled) };
  }
  return { config: settled, broken };
}
