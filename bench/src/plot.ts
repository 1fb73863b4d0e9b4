/** The plot of growth as an SVG of its own, readable on light and dark pages. */
import { logAxis, place, tickLabel, type LogAxis } from './axes';
import type { GrowthRow, Report } from './results';

const PANEL = { width: 260, height: 190 };
const MARGIN = { left: 64, top: 76, right: 20, bottom: 40 };
const GAP = { x: 36, y: 62 };

const COLUMNS = [
  { along: 'B', label: 'batch B', of: (row: GrowthRow) => row.batch },
  { along: 'T', label: 'length T', of: (row: GrowthRow) => row.length },
  { along: 'width', label: 'width', of: (row: GrowthRow) => row.width },
] as const;

const SERIES = [
  { work: 'train', label: 'training step' },
  { work: 'decode', label: 'decoding' },
] as const;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .faint { fill: #59636e; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .refused { stroke-width: 1.5; }
  .line { fill: none; stroke-width: 2; }
  .train { stroke: #2458c5; } .train.mark { fill: #2458c5; }
  .decode { stroke: #a84300; } .decode.mark { fill: #a84300; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .faint { fill: #9aa6b2; }
    .grid { stroke: #3d444d; }
    .train { stroke: #7aa7ff; } .train.mark { fill: #7aa7ff; }
    .decode { stroke: #ff9d57; } .decode.mark { fill: #ff9d57; }
  }`;

type Measure = (row: GrowthRow) => number | null;

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function text(x: number, y: number, words: string, options: { anchor?: string; kind?: string } = {}): string {
  const { anchor = 'start', kind = '' } = options;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" class="${kind}">${escapeXml(words)}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${kind}"/>`;
}

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

/** Tokens a second above, milliseconds below, against each of B, T and width. On software adapters both are by CPU time. */
export function growthPlot(report: Report): string {
  const { growth, ratio, cores, adapter } = report;
  const norm = ratio === 'norm';
  const rate: Measure = ({ result }) => (result === null ? null : norm ? result.norm : result.rate);
  const cost: Measure = ({ result }) =>
    result === null ? null : norm ? (result.cpuMs === null ? null : result.cpuMs.median / cores) : result.ms.median;
  const measures = [
    { label: 'tokens a second', measure: rate },
    { label: 'milliseconds a run', measure: cost },
  ];
  const width = MARGIN.left + 3 * PANEL.width + 2 * GAP.x + MARGIN.right;
  const height = MARGIN.top + 2 * PANEL.height + GAP.y + MARGIN.bottom;
  const parts: string[] = [
    text(MARGIN.left, 20, `How cost grows: ${adapter.description || adapter.architecture}`, { kind: 'title' }),
  ];
  let legend = MARGIN.left;
  for (const { work, label } of SERIES) {
    parts.push(mark(work, legend + 4, 36), text(legend + 14, 40, label));
    legend += 30 + label.length * 6.5;
  }
  parts.push(
    text(legend, 40, `crosses: refused by the device${norm ? `; CPU time over ${cores} cores` : ''}`, {
      kind: 'faint',
    }),
  );
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
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="How cost grows with batch, length and width">`,
    `<style>${STYLE}\n</style>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}
