/** The part of the table of settings that says who reviews, what a review may do, and how reviews are trained. */
import { float, int, oneOf } from './setting-kinds';

export const REFINER_SETTINGS = {
  refiner: oneOf(
    'Refiner',
    'model',
    [
      ['none', 'None'],
      ['model', 'The network itself'],
      ['oracleLabel', 'Perfect: cuts at the flawed step'],
      ['oracleWrong', 'Perfect: cuts wrong drafts alone'],
      ['oracleValue', 'Perfect: tries every cut'],
      ['oracleReader', 'A reader without a network'],
    ],
    {
      label: 'Refiner',
      paper: 'model',
    },
  ),
  reviewGate: oneOf(
    'Refiner',
    'model',
    [
      ['model', 'The review decides'],
      ['always', 'Every draft is cut'],
      ['never', 'No draft is cut'],
    ],
    {
      label: 'Whether to cut',
      paper: 'model',
    },
  ),
  reviewCut: oneOf(
    'Refiner',
    'model',
    [
      ['model', 'The review decides'],
      ['uniform', 'At any step, by chance'],
      ['first', 'At the first step'],
    ],
    {
      label: 'Where to cut',
      paper: 'model',
    },
  ),
  maxRevisions: int('Refiner', 1, 1, 4, {
    label: 'Most revisions',
    unit: 'revisions',
    restart: true,
  }),
  refinerWeights: oneOf(
    'Refiner',
    'shared',
    [
      ['shared', 'Those of the actor'],
      ['separate', 'A second network'],
    ],
    {
      label: 'Refiner weights',
      paper: 'shared',
      restart: true,
    },
  ),
  refinerLayers: int('Refiner', 0, 0, 12, {
    label: 'Refiner layers',
    unit: 'layers',
    restart: true,
  }),
  refinerWidth: int('Refiner', 0, 0, 1024, {
    label: 'Refiner width',
    unit: 'numbers',
    restart: true,
  }),
  reviewReading: oneOf(
    'Refiner',
    'behind',
    [
      ['behind', 'Behind the draft, one number'],
      ['steps', 'Again, a verdict behind every step'],
    ],
    {
      label: 'How it reads',
      paper: 'behind',
      restart: true,
    },
  ),
  reviewSees: oneOf(
    'Refiner',
    'text',
    [
      ['text', 'The text alone'],
      ['certainty', 'How sure the actor was, too'],
    ],
    {
      label: 'What it sees',
      paper: 'text',
      restart: true,
    },
  ),
  reviewThoughts: float('Refiner', 0, 0, 10, {
    label: 'Thoughts before the verdict',
    restart: true,
  }),
  reviewSupervision: float('Refiner', 0, 0, 10, {
    label: 'Labels for reviews',
  }),
  reviewLabelSteps: int('Refiner', 4, 1, 16, {
    label: 'Label steps',
    unit: 'steps',
  }),
  refinerLearningRate: float('Refiner', 0, 0, 0.1, {
    label: 'Refiner learning rate',
  }),
  reviewWeight: float('Refiner', 0.2, 0, 2, {
    label: 'Review weight',
  }),
  refinerAdvantage: oneOf(
    'Refiner',
    'draftBaseline',
    [
      ['draftBaseline', 'Gain over the draft'],
      ['group', 'Advantage within the group'],
    ],
    {
      label: 'Review score',
      paper: 'group',
    },
  ),
  reviewBalance: oneOf(
    'Refiner',
    'off',
    [
      ['off', 'Every review counts the same'],
      ['balanced', 'Right and wrong drafts count equally'],
    ],
    {
      label: 'Review balance',
      paper: 'off',
    },
  ),
  reviewSamples: int('Refiner', 1, 1, 8, {
    label: 'Reviews per draft',
    unit: 'reviews',
  }),
  oracleReplicates: int('Refiner', 4, 1, 32, {
    label: 'Tries of the perfect refiner',
    unit: 'tries',
  }),
  marginFrom: oneOf(
    'Refiner',
    'setting',
    [
      ['setting', 'The number below'],
      ['pool', 'What pays on training worlds'],
    ],
    {
      label: 'Margin from',
    },
  ),
  margin: float('Refiner', 0, -20, 20, {
    label: 'Evaluation margin',
    unit: 'nats',
  }),
};
