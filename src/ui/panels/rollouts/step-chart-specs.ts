/** What is drawn over the training steps of a file: only what the file has. Each chart has one unit. */
import type { RowSet, SetSummary } from '../../../store/view/rollout-sets';
import type { TermId } from '../../terms/term-ids';

/** A training step and what its rows came to. */
export interface StepPoint extends SetSummary {
  step: number;
}

export interface StepSeries {
  label: string;
  dashed?: boolean;
  valueOf: (point: StepPoint) => number | null;
}

export interface StepChartSpec {
  title: string;
  term: TermId | null;
  unit: string;
  /** Fixed where a share is drawn. */
  limits?: readonly [number, number];
  decimals: number;
  series: readonly StepSeries[];
  /** In place of the lines, where there is nothing to draw. */
  unknown: string | null;
}

export function stepCharts(
  points: readonly StepPoint[],
  { reviewed, sizeUnit }: Pick<RowSet['table'], 'reviewed' | 'sizeUnit'>,
): StepChartSpec[] {
  const has = (valueOf: StepSeries['valueOf']): boolean => points.some((point) => (valueOf(point) ?? 0) !== 0);
  const em: StepSeries[] = [{ label: 'final', valueOf: (point) => point.em }];
  if (reviewed) em.push({ label: 'draft', dashed: true, valueOf: (point) => point.emDraft });
  const single = (valueOf: StepSeries['valueOf']): readonly StepSeries[] => [{ label: 'mean', valueOf }];
  const equalShare = ({ realGroups, equalGroups }: StepPoint): number | null =>
    realGroups === 0 ? null : equalGroups / realGroups;
  const charts: (StepChartSpec & { shown: boolean })[] = [
    {
      ...{ title: 'Reward', term: 'reward', unit: 'mean R', decimals: 3, unknown: null, shown: true },
      series: single(({ reward }) => reward),
    },
    {
      ...{ title: 'Exact match', term: 'exact-match', unit: 'share of trajectories', limits: [0, 1], decimals: 3 },
      series: em,
      shown: true,
      unknown: points.some(({ known }) => known > 0) ? null : 'Unknown: the file names no right answer.',
    },
    {
      ...{ title: 'Searches', term: null, unit: 'a trajectory', decimals: 2, unknown: null },
      series: single(({ searches }) => searches),
      shown: has(({ searches }) => searches),
    },
    {
      ...{ title: 'Length', term: null, decimals: 0, unknown: null },
      unit: `${sizeUnit === 'mixed' ? 'characters or tokens' : sizeUnit}, passages included`,
      series: single(({ size }) => size),
      shown: has(({ size }) => size),
    },
    {
      ...{ title: 'Equal rewards', term: 'equal-rewards', unit: 'share of groups', limits: [0, 1], decimals: 3 },
      unknown: null,
      series: [{ label: 'share', valueOf: equalShare }],
      shown: points.some(({ realGroups }) => realGroups > 0),
    },
  ];
  return charts.filter(({ shown }) => shown);
}

/** Lowest and highest value on the axis: from 0, unless something lies below it. */
export function valueSpan(values: readonly number[], limits?: readonly [number, number]): [number, number] {
  if (limits) return [limits[0], limits[1]];
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  return low === high ? [0, 1] : [low, high];
}
