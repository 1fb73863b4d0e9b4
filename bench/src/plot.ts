/** The plot of growth as an SVG of its own, readable on light and dark pages. */
import { logAxis, place, tickLabel, type LogAxis } from './axes';
import { escapeXml, GAP, line, MARGIN, PANEL, round, STYLE, text } from './plot-parts';
import { worldPanels } from './plot-worlds';
import type { GrowthRow, Report } from './results';

const COLUMNS = [
  { along: 'B', label: 'batch B', of: (row: GrowthRow) => row.batch },
  { along: 'T', label: 'length T', of: (row: GrowthRow) => row.length },
  { along: 'width', label: 'width', of: (row: GrowthRow) => row.width },
] as const;

const SERIES = [
  { work: 'train', label: 'training step' },
  { work: 'decode', label: 'decoding' },
] as const;

type Measure = (row: GrowthRow) => number | null;

function mark(work: string, x: number, y: number): string {
  return work === 'train'
    ? `<circle cx="${round(x)}" cy="${round(y)}" r="3.5" class="train mark"/>`
    : `<rect x="${round(x - 3.5)}" y="${round(y - 3.5)}" width="7" height="7" class="decode mark"/>`;
}

interface Frame {
  left: number;
  top: number;
  x: LogAxis;
  y: LogAxis;
}

/** One panel: grid, lines, marks, and a cross on the axis where the device refused. */
function panel(rows: readonly GrowthRow[], frame: Frame, xOf: (row: GrowthRow) => number, measure: Measure): string[] {
  const { left, top, x, y } = frame;
  const right = left + PANEL.width;
  const bottom = top + PANEL.height;
  const atX = (value: number) => place(x, value, left, right);
  const atY = (value: number) => place(y, value, bottom, top);
  const parts = y.ticks.map((tick) => line(left, atY(tick), right, atY(tick), 'grid'));
  for (const tick of x.ticks)
    parts.push(text(atX(tick), bottom + 16, String(tick), { anchor: 'middle', kind: 'faint' }));
  for (const { work } of SERIES) {
    const points: string[] = [];
    for (const row of rows.filter((candidate) => candidate.work === work).toSorted((a, b) => xOf(a) - xOf(b))) {
      const value = measure(row);
      if (value === null) {
        const [cx, cy] = [atX(xOf(row)), bottom - 8 - (work === 'train' ? 0 : 12)];
        parts.push(`<g><title>${escapeXml(`${work}: ${row.refused ?? ''}`)}</title>`);
        parts.push(
          line(cx - 4, cy - 4, cx + 4, cy + 4, `refused ${work}`),
          line(cx - 4, cy + 4, cx + 4, cy - 4, `refused ${work}`),
          '</g>',
        );
        continue;
      }
      points.push(`${round(atX(xOf(row)))},${round(atY(value))}`);
      parts.push(mark(work, atX(xOf(row)), atY(value)));
    }
    if (points.length > 1) parts.push(`<polyline points="${points.join(' ')}" class="line ${work}"/>`);
  }
  return parts;
}

/** What the device computes against batch, length and width above, what a world costs against its facts below, as far as measured. */
export function growthPlot(report: Report): string {
  const { growth, worlds, adapter, cores, ratio } = report;
  const width = MARGIN.left + 3 * PANEL.width + 2 * GAP.x + MARGIN.right;
  const rows = (growth.length > 0 ? 2 : 0) + (worlds.length > 0 ? 2 : 0);
  const height = MARGIN.top + Math.max(1, rows) * (PANEL.height + GAP.y) - GAP.y + MARGIN.bottom;
  const top = MARGIN.top + (growth.length > 0 ? 2 : 0) * (PANEL.height + GAP.y);
  const legend = growth.length > 0 ? modelLegend() : [];
  const crosses = growth.length > 0 ? 'crosses: refused by the device' : '';
  const clock =
    ratio === 'norm' ? `CPU time over ${cores} cores${worlds.length > 0 ? '; of worlds, all CPU time' : ''}` : '';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="How cost grows">`,
    `<style>${STYLE}\n</style>`,
    text(MARGIN.left, 20, `How cost grows: ${adapter.description || adapter.architecture}`, { kind: 'title' }),
    ...legend,
    text(MARGIN.left + (growth.length > 0 ? 200 : 0), 40, [crosses, clock].filter(Boolean).join('; '), {
      kind: 'faint',
    }),
    ...(growth.length > 0 ? modelPanels(report) : []),
    ...(worlds.length > 0 ? worldPanels(worlds, top) : []),
    '</svg>',
    '',
  ].join('\n');
}

function modelLegend(): string[] {
  let at = MARGIN.left;
  return SERIES.flatMap(({ work, label }) => {
    const parts = [mark(work, at + 4, 36), text(at + 14, 40, label)];
    at += 30 + label.length * 6.5;
    return parts;
  });
}

/** Tokens a second above, milliseconds below, against each of B, T and width. On software adapters both are by CPU time. */
function modelPanels({ growth, ratio, cores }: Report): string[] {
  const norm = ratio === 'norm';
  const rate: Measure = ({ result }) => (result === null ? null : norm ? result.norm : result.rate);
  const cost: Measure = ({ result }) =>
    result === null ? null : norm ? (result.cpuMs === null ? null : result.cpuMs.median / cores) : result.ms.median;
  const measures = [
    { label: 'tokens a second', measure: rate },
    { label: 'milliseconds a run', measure: cost },
  ];
  const parts: string[] = [];
  measures.forEach(({ label, measure }, r) => {
    const top = MARGIN.top + r * (PANEL.height + GAP.y);
    const y = logAxis(growth.flatMap((row) => (row.along === 'all' ? [] : (measure(row) ?? []))));
    parts.push(text(MARGIN.left, top - 8, label, { kind: 'title' }));
    for (const tick of y.ticks) {
      const at = place(y, tick, top + PANEL.height, top);
      parts.push(text(MARGIN.left - 8, at + 4, tickLabel(tick), { anchor: 'end', kind: 'faint' }));
    }
    COLUMNS.forEach(({ along, label: name, of }, c) => {
      const rows = growth.filter((row) => row.along === along);
      const left = MARGIN.left + c * (PANEL.width + GAP.x);
      // Marks stand exactly at the values that were measured.
      const ticks = [...new Set(rows.map(of))].sort((a, b) => a - b);
      const x = { min: ticks[0] ?? 1, max: ticks.at(-1) ?? 10, ticks };
      if (x.max > x.min) parts.push(...panel(rows, { left, top, x, y }, of, measure));
      parts.push(text(left + PANEL.width / 2, top + PANEL.height + 32, name, { anchor: 'middle' }));
    });
  });
  return parts;
}
