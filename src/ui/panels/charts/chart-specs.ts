/** Which metrics share a chart, and how each line is drawn. Every chart has one unit. */
import type { LessonId } from '../../../lessons/ids';
import type { TermId } from '../../terms/term-ids';
import { UPDATES_PER_MINUTE } from '../../../recordings/metric-history';

export interface SeriesSpec {
  metric: string;
  label: string;
  colour: string;
  /** What it is, in docs/glossary.md. */
  term?: TermId;
  /** Lines of one chart differ by dash as well as by colour; the cells of a strip by place. */
  dash?: string;
}

export interface ChartSpec {
  id: string;
  /** The one that tells most is large, four are beside it, and the rest is for those who look for a fault. */
  place: 'large' | 'small' | 'diagnostics';
  title: string;
  /** What it measures, in docs/glossary.md. */
  term: TermId;
  /** The lesson that explains it. */
  lesson: LessonId;
  /** What one sees in it, in a sentence, and which way is good. */
  reading: string;
  /** Lines over the update, or a strip with a row of cells for each series, darker for a larger share. */
  kind: 'lines' | 'strip';
  /** What one unit of the vertical axis is. */
  unit: string;
  /** What that is, where the word is not plain. */
  unitTerm?: TermId;
  /** Fixed limits where the metric has them, so that the picture does not rescale while training. */
  limits?: readonly [number, number];
  decimals: number;
  series: readonly SeriesSpec[];
  /** Lines across: the ceiling of the world, and what the base reached in the first evaluation. */
  references?: { ceiling: 'perfectReaderEm' | 'supportingShare'; base: string };
}

const INK = 'var(--ink)';
const GREY = 'var(--ink-3)';

export const CHARTS: readonly ChartSpec[] = [
  {
    id: 'em',
    lesson: 'train',
    place: 'large',
    title: 'Exact match',
    term: 'exact-match',
    reading:
      'How many trajectories end right, before and after the review; up is good, between where it began and a perfect reader.',
    kind: 'lines',
    unit: 'share of trajectories',
    limits: [0, 1],
    decimals: 2,
    references: { ceiling: 'perfectReaderEm', base: 'emTrain' },
    series: [
      { metric: 'emFinal', label: 'final', term: 'final-trajectory', colour: INK },
      { metric: 'emDraft', label: 'draft', term: 'draft', colour: GREY, dash: '4 3' },
    ],
  },
  {
    id: 'reward',
    lesson: 'worth',
    place: 'small',
    title: 'Reward',
    term: 'reward',
    reading: 'What the network is trained to raise: right answers, and more for searches that helped; up is good.',
    kind: 'lines',
    unit: 'mean R',
    limits: [0, 2],
    decimals: 2,
    series: [{ metric: 'rewardMean', label: 'mean', colour: INK }],
  },
  {
    id: 'evidence',
    lesson: 'worth',
    place: 'small',
    title: 'Evidence',
    term: 'coverage',
    reading: 'How much of what a question needs was found, and how much of what was found is new; up is good.',
    kind: 'lines',
    unit: 'share',
    limits: [0, 1],
    decimals: 2,
    series: [
      { metric: 'coverage', label: 'coverage', term: 'coverage', colour: INK },
      { metric: 'density', label: 'density', term: 'density', colour: 'var(--new)', dash: '6 2' },
    ],
  },
  {
    id: 'reviews',
    lesson: 'threshold',
    place: 'small',
    title: 'Reviews',
    term: 'review',
    reading: 'How often the refiner cuts, and what that changed: saved up and harmed down are good.',
    kind: 'lines',
    unit: 'rate',
    limits: [0, 1],
    decimals: 2,
    series: [
      { metric: 'revisionRate', label: 'cut', term: 'cut', colour: 'var(--cut)' },
      { metric: 'savedRate', label: 'saved', term: 'saved', colour: INK, dash: '6 2' },
      { metric: 'harmedRate', label: 'harmed', term: 'harmed', colour: GREY, dash: '2 2' },
    ],
  },
  {
    id: 'cuts',
    lesson: 'cut',
    place: 'small',
    title: 'Cut position',
    term: 'cut',
    reading: 'Where it cuts, darker for more drafts; one dark row all the time is a refiner that does not read.',
    kind: 'strip',
    unit: 'share of drafts',
    limits: [0, 1],
    decimals: 2,
    series: [
      ...[5, 4, 3, 2, 1].map((cut) => ({ metric: `cutShare${cut}`, label: String(cut), colour: 'var(--cut)' })),
      { metric: 'cutShare0', label: 'acc.', term: 'accept', colour: GREY },
    ],
  },
  {
    id: 'kl',
    lesson: 'wrong',
    place: 'diagnostics',
    title: 'KL to the base',
    term: 'kl',
    reading: 'How far the network has moved from where it began; slow growth is healthy, a jump is not.',
    kind: 'lines',
    unit: 'nats per token',
    unitTerm: 'nats',
    decimals: 4,
    series: [{ metric: 'klK3', label: 'k3', term: 'k3', colour: INK }],
  },
  {
    id: 'entropy',
    lesson: 'wrong',
    place: 'diagnostics',
    title: 'Entropy',
    term: 'entropy',
    reading: 'How undecided it is; falling to 0 early means that it stopped trying.',
    kind: 'lines',
    unit: 'nats per token',
    unitTerm: 'nats',
    decimals: 3,
    series: [{ metric: 'entropy', label: 'policy', term: 'policy', colour: INK }],
  },
  {
    id: 'clip',
    lesson: 'wrong',
    place: 'diagnostics',
    title: 'Clipped',
    term: 'clip',
    reading: 'How many tokens moved so far in one update that the loss ignored them; near 0 is good.',
    kind: 'lines',
    unit: 'share of tokens',
    // Exactly 0 with one epoch an update; an automatic axis would then run to 2, which no share can reach.
    limits: [0, 0.1],
    decimals: 4,
    series: [{ metric: 'clipFraction', label: 'ratio out of range', term: 'ratio', colour: INK }],
  },
  {
    id: 'equal',
    lesson: 'wrong',
    place: 'diagnostics',
    title: 'Equal groups',
    term: 'equal-rewards',
    reading: 'Questions that taught nothing, as all their trajectories got the same reward; down is good.',
    kind: 'lines',
    unit: 'questions',
    decimals: 0,
    series: [{ metric: 'zeroVarianceGroups', label: 'all rewards equal', colour: INK }],
  },
  {
    id: 'speed',
    lesson: 'wrong',
    place: 'diagnostics',
    title: 'Speed',
    term: 'update',
    reading: 'How fast it trains on this machine.',
    kind: 'lines',
    unit: 'updates per minute',
    decimals: 1,
    series: [{ metric: UPDATES_PER_MINUTE, label: 'updates/min', colour: INK }],
  },
];
