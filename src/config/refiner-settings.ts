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
      help: 'Who reads a draft and decides whether it is kept or cut. The perfect refiners serve as comparisons: two know the facts, one tries every cut several times and takes the best. The reader without a network works out from the passages alone whether a draft holds together.',
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
      help: 'Who decides whether a draft is cut: the review, or nobody, because all or none are. Comparisons that show what the decision is worth.',
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
      help: 'Where a rejected draft is cut: at the step that the review names, at a step drawn by chance, or at the first step, which starts again from the question. Comparisons that show what the place is worth.',
      paper: 'model',
    },
  ),
  maxRevisions: int('Refiner', 1, 1, 4, {
    label: 'Most revisions',
    help: 'How often one trajectory may be reviewed and cut. After a cut the refiner reads what the actor wrote instead, until it accepts or this number is reached.',
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
      help: 'Whether one network writes and reviews, or a second one of the same size, which starts as the first does, learns to review. The second takes more time and memory.',
      paper: 'shared',
      restart: true,
    },
  ),
  reviewReading: oneOf(
    'Refiner',
    'behind',
    [
      ['behind', 'Behind the draft, one number'],
      ['steps', 'Again, a verdict behind every step'],
    ],
    {
      label: 'How it reads',
      help: 'Whether a review is one number behind the draft, over what was read while it was written, or the draft is read again, told first that it is to be reviewed, with a verdict behind every step.',
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
      help: 'Whether a refiner that reads again is also told, behind every step, how unlikely the least likely token was that the actor drew there.',
      paper: 'text',
      restart: true,
    },
  ),
  reviewSupervision: float('Refiner', 0, 0, 10, {
    label: 'Labels for reviews',
    help: 'How strongly reviews of the drafts of each update are trained towards what the world knows: whether a draft is wrong, and where it first goes wrong. 0 trains them by their outcome alone.',
  }),
  reviewLabelSteps: int('Refiner', 4, 1, 16, {
    label: 'Label steps',
    help: 'In how many training steps a second network learns the labels of an update, each from an equal part of the drafts. Where one network does both, it is one.',
    unit: 'steps',
  }),
  refinerLearningRate: float('Refiner', 0, 0, 0.1, {
    label: 'Refiner learning rate',
    help: 'The size of each training step of a refiner with weights of its own. 0 takes that of the actor.',
  }),
  reviewWeight: float('Refiner', 0.2, 0, 2, {
    label: 'Review weight',
    help: 'How strongly the reviews are trained beside the actor. 0 means that reviews are made but not trained.',
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
      help: 'How a review is scored: by how much the reward rose from draft to final trajectory, or by the advantage of the final trajectory.',
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
      help: 'How much each review counts in training. When most drafts are right, balancing keeps the few wrong ones from being drowned.',
      paper: 'off',
    },
  ),
  reviewSamples: int('Refiner', 1, 1, 8, {
    label: 'Reviews per draft',
    help: 'How many reviews of one draft are trained. Each further one costs one number, and one continuation of the draft for each cut that no other review had.',
    unit: 'reviews',
  }),
  oracleReplicates: int('Refiner', 4, 1, 32, {
    label: 'Tries of the perfect refiner',
    help: 'How often the perfect refiner that tries every cut of a draft continues from each before it chooses one.',
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
      help: 'Whether the margin of an evaluation is a number, or what gains most on training worlds; where nothing gains, no draft is cut.',
    },
  ),
  margin: float('Refiner', 0, -20, 20, {
    label: 'Evaluation margin',
    help: 'In evaluation a draft is cut only if the best cut is more likely than keeping it by at least this difference of log-probabilities.',
    unit: 'nats',
  }),
};
