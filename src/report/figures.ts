/** Which curves a report draws. */
import { mean } from '../lib/stats';
import type { Arm } from './arms';
import {
  atTokens,
  atUpdate,
  commonTokens,
  evaluated,
  interpolate,
  REFINER_GAIN,
  type Measure,
  type Paired,
} from './compare';
import { pValue, signed } from './format';
import type { Values } from './record';
import { forestChart, lineChart, MOST_SERIES, type Point, type Series } from './svg';

export interface Figure {
  /** Without folder. */
  file: string;
  alt: string;
  svg: string;
}

/** Points of the axis of sampled tokens. */
const GRID = 40;

/** Mean over the seeds of an arm at x, from the lowest to the highest seed; none unless every seed has a value. */
function pointAt(arm: Arm, x: number, measure: Measure): Point[] {
  const values = [...arm.runs.values()].flatMap((run) => measure(run) ?? []);
  if (values.length < arm.runs.size) return [];
  return [{ x, y: mean(values), low: Math.min(...values), high: Math.max(...values) }];
}

/** Updates at which runs of the arms were evaluated, in order. */
export function checkpoints(arms: readonly Arm[]): number[] {
  const all = arms.flatMap(({ runs }) => [...runs.values()].flatMap((run) => run.evaluations));
  return [...new Set(all.flatMap((line) => line['update'] ?? []))].sort((a, b) => a - b);
}

function byUpdates(arm: Arm, key: string): Series {
  const points = checkpoints([arm]).flatMap((update) => pointAt(arm, update, atUpdate(key, update)));
  return { name: arm.name, points };
}

function byTokens(arm: Arm, key: string): Series {
  const end = commonTokens([arm]) ?? 0;
  const grid = Array.from({ length: GRID + 1 }, (_, i) => (i / GRID) * end);
  return { name: arm.name, points: end === 0 ? [] : grid.flatMap((at) => pointAt(arm, at, atTokens(key, at))) };
}

/** A curve of training windows, over updates. */
function ofTraining(arm: Arm, name: string, read: (line: Values) => number | null): Series {
  const runs = [...arm.runs.values()];
  const updates = [...new Set(runs.flatMap((run) => run.curves.flatMap((line) => line['update'] ?? [])))];
  const at =
    (update: number): Measure =>
    ({ curves }) =>
      interpolate(
        curves.map((line) => [line['update'] ?? null, read(line)]),
        update,
      );
  return { name, points: updates.sort((a, b) => a - b).flatMap((update) => pointAt(arm, update, at(update))) };
}

/** One figure, or several where there are too many lines for one: each begins with the one that the others are read beside. */
function lineFigures(
  file: string,
  text: { title: string; x: string; y: string },
  beside: Series,
  all: readonly Series[],
): Figure[] {
  const drawn = (list: readonly Series[]) => list.filter(({ points }) => points.length > 1);
  const first = drawn([beside]);
  const others = drawn(all);
  const room = MOST_SERIES - first.length;
  const parts = Math.max(1, Math.ceil(others.length / room));
  if (first.length + others.length === 0) return [];
  return Array.from({ length: parts }, (_, i) => {
    const title = parts === 1 ? text.title : `${text.title} (${i + 1} of ${parts})`;
    return {
      file: `${file}${parts === 1 ? '' : `-${i + 1}`}.svg`,
      alt: title,
      svg: lineChart({ ...text, title, series: [...first, ...others.slice(i * room, (i + 1) * room)] }),
    };
  });
}

const X_UPDATES = 'updates';
const X_TOKENS = 'sampled tokens';

export function curveFigures(prefix: string, arms: readonly Arm[], baseline: Arm): Figure[] {
  const figure = (file: string, title: string, x: string, series: (arm: Arm) => Series, among = arms) =>
    lineFigures(
      `${prefix}-${file}`,
      { title, x, y: 'exact match' },
      series(baseline),
      among.filter((arm) => arm !== baseline).map(series),
    );
  const answering = [baseline, ...refined(arms.filter((arm) => arm !== baseline))];
  return [
    ...figure('em-updates', 'emSampled: held-out worlds, actor alone', X_UPDATES, (arm) => byUpdates(arm, 'emSampled')),
    ...figure('em-tokens', 'emSampled: held-out worlds, actor alone', X_TOKENS, (arm) => byTokens(arm, 'emSampled')),
    ...(answering.length > 1
      ? figure(
          'system-tokens',
          'emSystem: held-out worlds, with the refiner where there is one',
          X_TOKENS,
          (arm) => byTokens(arm, 'emSystem'),
          answering,
        )
      : []),
  ];
}

/** Arms whose drafts were cut in evaluations, by a network, by labels or by rules. */
export function refined(arms: readonly Arm[]): Arm[] {
  const gains = (arm: Arm) =>
    [...arm.runs.values()].flatMap((run) => run.evaluations.map((line) => evaluated(line, REFINER_GAIN)));
  return arms.filter((arm) => gains(arm).some((gain) => gain !== null));
}

/** How well the networks of these arms read over training, beside the reader by rules on the drafts of the first, and what a cut adds. */
export function readingFigures(prefix: string, arms: readonly Arm[], baseline: Arm): Figure[] {
  const [first] = arms;
  if (!first) return [];
  const rules = { ...byUpdates(first, 'reviewAucReader'), name: `by rules (${first.name})` };
  const auc = { title: 'reviewAuc: wrong drafts told from right ones', x: X_UPDATES, y: 'AUC' };
  const gain = { title: 'What the refiner adds: emSampledRefined − emSampled', x: X_UPDATES, y: 'exact match' };
  const gains = arms.filter((arm) => arm !== baseline).map((arm) => byUpdates(arm, REFINER_GAIN));
  return [
    ...lineFigures(
      `${prefix}-auc-updates`,
      auc,
      rules,
      arms.map((arm) => byUpdates(arm, 'reviewAuc')),
    ),
    ...lineFigures(`${prefix}-gain-updates`, gain, byUpdates(baseline, REFINER_GAIN), gains),
  ];
}

/** How many times as often wrong drafts are revised as right ones would say less: both rates, of every arm that reviews. */
export function revisionFigures(prefix: string, arms: readonly Arm[]): Figure[] {
  return arms.flatMap((arm, i) => {
    const wrong = ofTraining(arm, 'wrong drafts revised', (line) => line['revisionRateWrong'] ?? null);
    const right = ofTraining(arm, 'right drafts revised', (line) => line['revisionRateRight'] ?? null);
    const series = [wrong, right].filter(({ points }) => points.length > 1);
    if (series.length === 0 || series.every(({ points }) => points.every(({ y }) => y === 0))) return [];
    const title = `Revisions in training: ${arm.name}`;
    const svg = lineChart({ title, x: X_UPDATES, y: 'share revised', series });
    return [{ file: `${prefix}-revisions-${i + 1}.svg`, alt: title, svg }];
  });
}

export function differenceFigure(prefix: string, title: string, rows: readonly Paired[]): Figure[] {
  if (rows.length === 0) return [];
  const svg = forestChart({
    title,
    x: 'difference of EM, 95 % interval over seeds',
    rows: rows.map(({ arm, difference, p }) => ({
      name: arm.name,
      value: difference.mean,
      low: difference.low,
      high: difference.high,
      words: `${signed(difference.mean)}, n ${difference.n}, p ${pValue(p)}`,
    })),
  });
  return [{ file: `${prefix}.svg`, alt: title, svg }];
}
