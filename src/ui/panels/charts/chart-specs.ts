/** Which metrics share a chart, and how each line is drawn. Every chart has one unit. */
import { UPDATES_PER_MINUTE } from '../../../recordings/metric-history';

export interface SeriesSpec {
  metric: string;
  label: string;
  colour: string;
  /** Lines of one chart differ by dash as well as by colour; the cells of a strip by place. */
  dash?: string;
}

export interface ChartSpec {
  id: string;
  title: string;
  /** Lines over the update, or a strip with a row of cells for each series, darker for a larger share. */
  kind: 'lines' | 'strip';
  /** What one unit of the vertical axis is. */
  unit: string;
  /** Fixed limits where the metric has them, so that the picture does not rescale while training. */
  limits?: readonly [number, number];
  decimals: number;
  series: readonly SeriesSpec[];
  /** A ceiling of the world drawn as a reference line. */
  ceiling?: 'perfectReaderEm' | 'supportingShare';
}

const INK = 'var(--ink)';
const GREY = 'var(--ink-3)';

export const CHARTS: readonly ChartSpec[] = [
  {
    id: 'em',
    title: 'Exact match',
    kind: 'lines',
    unit: 'share of trajectories',
    limits: [0, 1],
    decimals: 2,
    ceiling: 'perfectReaderEm',
    series: [
      { metric: 'emFinal', label: 'final', colour: INK },
      { metric: 'emDraft', label: 'draft', colour: GREY, dash: '4 3' },
    ],
  },
  {
    id: 'reward',
    title: 'Reward',
    kind: 'lines',
    unit: 'mean R',
    limits: [0, 2],
    decimals: 2,
    series: [{ metric: 'rewardMean', label: 'mean', colour: INK }],
  },
  {
    id: 'evidence',
    title: 'Evidence',
    kind: 'lines',
    unit: 'share',
    limits: [0, 1],
    decimals: 2,
    series: [
      { metric: 'coverage', label: 'coverage', colour: INK },
      { metric: 'density', label: 'density', colour: 'var(--new)', dash: '6 2' },
    ],
  },
  {
    id: 'reviews',
    title: 'Reviews',
    kind: 'lines',
    unit: 'rate',
    limits: [0, 1],
    decimals: 2,
    series: [
      { metric: 'revisionRate', label: 'cut', colour: 'var(--cut)' },
      { metric: 'savedRate', label: 'saved', colour: INK, dash: '6 2' },
      { metric: 'harmedRate', label: 'harmed', colour: GREY, dash: '2 2' },
    ],
  },
  {
    id: 'cuts',
    title: 'Cut position',
    kind: 'strip',
    unit: 'share of drafts',
    limits: [0, 1],
    decimals: 2,
    series: [
      ...[5, 4, 3, 2, 1].map((cut) => ({ metric: `cutShare${cut}`, label: String(cut), colour: 'var(--cut)' })),
      { metric: 'cutShare0', label: 'acc.', colour: GREY },
    ],
  },
  {
    id: 'kl',
    title: 'KL to the base',
    kind: 'lines',
    unit: 'nats per token',
    decimals: 4,
    series: [{ metric: 'klK3', label: 'k3', colour: INK }],
  },
  {
    id: 'entropy',
    title: 'Entropy',
    kind: 'lines',
    unit: 'nats per token',
    decimals: 3,
    series: [{ metric: 'entropy', label: 'policy', colour: INK }],
  },
  {
    id: 'clip',
    title: 'Clipped',
    kind: 'lines',
    unit: 'share of tokens',
    // Exactly 0 with one epoch an update; an automatic axis would then run to 2, which no share can reach.
    limits: [0, 0.1],
    decimals: 4,
    series: [{ metric: 'clipFraction', label: 'ratio out of range', colour: INK }],
  },
  {
    id: 'equal',
    title: 'Equal groups',
    kind: 'lines',
    unit: 'questions',
    decimals: 0,
    series: [{ metric: 'zeroVarianceGroups', label: 'all rewards equal', colour: INK }],
  },
  {
    id: 'speed',
    title: 'Speed',
    kind: 'lines',
    unit: 'updates per minute',
    decimals: 1,
    series: [{ metric: UPDATES_PER_MINUTE, label: 'updates/min', colour: INK }],
  },
];
