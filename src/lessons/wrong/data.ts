/** Lesson 8: three runs that fail, and how each goes on with the one setting that cures it. */
import type { CheckedJson } from '../../recordings/capsule/checked-json';
import type { MetricRow } from '../../recordings/metric-history';
import { openRecording } from '../recording';
import { BROKEN_RUNS, updatesOf } from './runs';
import type { Made } from './runs';

/** What the detectors and the charts read (docs/metrics.md). */
export const KEPT_METRICS = [
  ...['rewardMean', 'emFinal', 'searches', 'repeatedSearchRate', 'zeroVarianceGroups', 'klK3', 'entropy', 'gradNorm'],
  ...['revisionRate', 'revisionRateRight', 'harmedRate', 'missedRate'],
] as const;
/** Digits that mean something of a number of 64 trajectories. */
const DIGITS = 3;

export type Row = Pick<MetricRow, 'update' | 'metrics'>;

export interface WrongData extends Made {
  /** A healthy one, and those of BROKEN_RUNS in their order; each with all its updates, those after the cure too. */
  healthy: readonly Row[];
  broken: readonly (readonly Row[])[];
}

/** Numbers by metric and update, in the form of the recording. */
export type Columns = Record<string, (number | null)[]>;

export function columnsOf(rows: readonly Row[]): Columns {
  const short = (value: number | null | undefined): number | null =>
    value === null || value === undefined ? null : Number(value.toPrecision(DIGITS));
  return Object.fromEntries(KEPT_METRICS.map((key) => [key, rows.map(({ metrics }) => short(metrics[key]))]));
}

export function readWrong(file: unknown): WrongData {
  const json = openRecording(file, 'wrong');
  const broken = json.object('broken');
  const scale = json.has('scale') ? Math.min(1, json.number('scale')) : 1;
  const { all } = updatesOf({ scale });
  return {
    seed: json.count('seed'),
    scale,
    healthy: rowsOf(json.object('healthy'), all),
    broken: BROKEN_RUNS.map(({ failure }) => rowsOf(broken.object(failure), all)),
  };
}

function rowsOf(json: CheckedJson, updates: number): Row[] {
  const columns = KEPT_METRICS.map((key) => ({ key, values: json.gaps(key) }));
  return Array.from({ length: updates }, (_, at) => ({
    update: at + 1,
    metrics: Object.fromEntries(columns.map(({ key, values }) => [key, values[at] ?? null])),
  }));
}
