/** Plots as SVG files of their own, readable on light and dark pages. */

export interface Point {
  x: number;
  y: number;
  low: number;
  high: number;
}

export interface Series {
  name: string;
  points: readonly Point[];
}

/** More series, with their bands, could not be told apart; the first one is drawn in the colour of text. */
export const MOST_SERIES = 5;

/**
 * Okabe and Ito's colours for all kinds of colour vision, [light page, dark page], darkened or lightened for contrast of at
 * least 3 to 1; marks and dashes tell series apart without any colour.
 */
const COLOURS: readonly (readonly [light: string, dark: string])[] = [
  ['#1f2328', '#e6edf3'],
  ['#0072b2', '#58a9e6'],
  ['#c44e00', '#ff8f4d'],
  ['#00805f', '#2fc99c'],
  ['#b0558c', '#e39ac4'],
];
const DASHES = ['', '', '7 4', '2 4', '9 3 2 3'];

const STYLE = `
  .page { fill: #ffffff; }
  text { font: 12px system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', sans-serif; fill: #1f2328; }
  .title { font-size: 14px; font-weight: 600; }
  .faint { fill: #59636e; }
  .grid { stroke: #d8dee4; stroke-width: 1; }
  .axis { stroke: #818b98; stroke-width: 1; }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
  .band { stroke: none; opacity: 0.1; }
${COLOURS.map(([light], i) => `  .s${i} { stroke: ${light}; } .f${i} { fill: ${light}; }`).join('\n')}
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; }
    text { fill: #e6edf3; }
    .faint { fill: #9198a1; }
    .grid { stroke: #2a313a; }
    .axis { stroke: #6e7681; }
    .band { opacity: 0.15; }
${COLOURS.map(([, dark], i) => `    .s${i} { stroke: ${dark}; } .f${i} { fill: ${dark}; }`).join('\n')}
  }`;

const WIDTH = 760;

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function fix(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function text(x: number, y: number, words: string, anchor = 'start', kind = ''): string {
  return `<text x="${fix(x)}" y="${fix(y)}" text-anchor="${anchor}" class="${kind}">${escapeXml(words)}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return `<line x1="${fix(x1)}" y1="${fix(y1)}" x2="${fix(x2)}" y2="${fix(y2)}" class="${kind}"/>`;
}

/** A mark of its own shape for each series. */
function mark(i: number, x: number, y: number): string {
  const path = (points: readonly (readonly [number, number])[]) =>
    `<path d="M${points.map(([dx, dy]) => `${fix(x + dx)} ${fix(y + dy)}`).join('L')}Z" class="f${i}"/>`;
  const square = [
    [-3.5, -3.5],
    [3.5, -3.5],
    [3.5, 3.5],
    [-3.5, 3.5],
  ] as const;
  const up = [
    [0, -4.5],
    [4.5, 3.5],
    [-4.5, 3.5],
  ] as const;
  const down = [
    [0, 4.5],
    [4.5, -3.5],
    [-4.5, -3.5],
  ] as const;
  const diamond = [
    [0, -5],
    [4.5, 0],
    [0, 5],
    [-4.5, 0],
  ] as const;
  const shapes = [undefined, square, up, diamond, down];
  const shape = shapes[i % shapes.length];
  return shape === undefined ? `<circle cx="${fix(x)}" cy="${fix(y)}" r="3.8" class="f${i}"/>` : path(shape);
}

/** Round numbers that cover low..high in about `count` steps, and the ends that they give the axis. */
export function niceTicks(low: number, high: number, count: number): { ticks: number[]; digits: number } {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5, 10].find((m) => m * power >= raw) ?? 10);
  const digits = Math.max(0, -Math.floor(Math.log10(step)) + (step / power === 2.5 ? 1 : 0));
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(digits)));
  return { ticks, digits };
}

function tickWords(value: number, digits: number): string {
  if (Math.abs(value) >= 1e6) return `${Number((value / 1e6).toFixed(2))}M`;
  if (Math.abs(value) >= 1e4) return `${Number((value / 1e3).toFixed(1))}k`;
  return value.toFixed(digits);
}

function document(height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect width="${WIDTH}" height="${height}" class="page"/>`,
    text(20, 26, title, 'start', 'title'),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** Lines with bands from `low` to `high`, and a legend below. At most MOST_SERIES series. */
export function lineChart(chart: { title: string; x: string; y: string; series: readonly Series[] }): string {
  const [left, right, top, bottom] = [62, WIDTH - 24, 62, 352];
  const points = chart.series.flatMap((series) => series.points);
  const xs = niceTicks(Math.min(...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x)), 7);
  const ys = niceTicks(Math.min(...points.map(({ low }) => low)), Math.max(...points.map(({ high }) => high)), 6);
  const scale = (ticks: readonly number[], from: number, to: number) => {
    const [a, b] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
    return (value: number) => from + ((value - a) / (b - a)) * (to - from);
  };
  const [atX, atY] = [scale(xs.ticks, left, right), scale(ys.ticks, bottom, top)];
  const parts = [text(20, 48, chart.y, 'start', 'faint')];
  for (const tick of ys.ticks) {
    parts.push(line(left, atY(tick), right, atY(tick), 'grid'));
    parts.push(text(left - 8, atY(tick) + 4, tickWords(tick, ys.digits), 'end', 'faint'));
  }
  for (const tick of xs.ticks) parts.push(text(atX(tick), bottom + 18, tickWords(tick, xs.digits), 'middle', 'faint'));
  parts.push(line(left, bottom, right, bottom, 'axis'), text(right, bottom + 36, chart.x, 'end', 'faint'));
  const drawn = chart.series.map((series, i) => ({ ...series, i }));
  for (const { points: own, i } of drawn) {
    if (own.length < 2) continue;
    const edge = [
      ...own.map(({ x, high }) => `${fix(atX(x))},${fix(atY(high))}`),
      ...own.toReversed().map(({ x, low }) => `${fix(atX(x))},${fix(atY(low))}`),
    ];
    parts.push(`<polygon points="${edge.join(' ')}" class="band f${i}"/>`);
  }
  // The first series, which the others are compared with, lies on top.
  for (const { points: own, i } of drawn.toReversed()) {
    const path = own.map(({ x, y }) => `${fix(atX(x))},${fix(atY(y))}`).join(' ');
    parts.push(`<polyline points="${path}" class="line s${i}" stroke-dasharray="${DASHES[i] ?? ''}"/>`);
    const every = Math.max(1, Math.ceil(own.length / 12));
    for (const [k, { x, y }] of own.entries()) if (k % every === 0) parts.push(mark(i, atX(x), atY(y)));
  }
  let y = bottom + 60;
  for (const { name, i } of drawn) {
    const dash = `stroke-dasharray="${DASHES[i] ?? ''}"`;
    parts.push(`<polyline points="${left},${y - 4} ${left + 34},${y - 4}" class="line s${i}" ${dash}/>`);
    parts.push(mark(i, left + 17, y - 4), text(left + 44, y, name));
    y += 19;
  }
  return document(y, chart.title, parts);
}

export interface ForestRow {
  name: string;
  value: number;
  low: number;
  high: number;
  /** Printed at the right. */
  words: string;
}

/** One row each: the value with its interval, against a line at 0. */
export function forestChart(chart: { title: string; x: string; rows: readonly ForestRow[] }): string {
  const longest = Math.max(...chart.rows.map(({ name }) => name.length));
  const [left, right, top] = [Math.min(330, 40 + longest * 6.6), WIDTH - 190, 58];
  const bottom = top + chart.rows.length * 26;
  const ends = chart.rows.flatMap(({ value, low, high }) => [value, low, high]).filter(Number.isFinite);
  const { ticks, digits } = niceTicks(Math.min(0, ...ends), Math.max(0, ...ends), 5);
  const [a, b] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const at = (value: number) => left + ((value - a) / (b - a)) * (right - left);
  const parts: string[] = [];
  for (const tick of ticks) {
    parts.push(line(at(tick), top - 6, at(tick), bottom, tick === 0 ? 'axis' : 'grid'));
    parts.push(text(at(tick), bottom + 18, tick.toFixed(digits), 'middle', 'faint'));
  }
  for (const [i, { name, value, low, high, words }] of chart.rows.entries()) {
    const y = top + i * 26 + 12;
    const most = Math.floor((left - 40) / 6.6);
    const shown = name.length > most ? `${name.slice(0, most - 1)}…` : name;
    parts.push(`<g><title>${escapeXml(name)}</title>`, text(left - 14, y + 4, shown, 'end'), '</g>');
    if (Number.isFinite(low)) {
      parts.push(`<polyline points="${fix(at(low))},${y} ${fix(at(high))},${y}" class="line s1"/>`);
      for (const end of [low, high]) parts.push(line(at(end), y - 4, at(end), y + 4, 'line s1'));
    }
    parts.push(mark(1, at(value), y), text(WIDTH - 20, y + 4, words, 'end', 'faint'));
  }
  parts.push(text(right, bottom + 36, chart.x, 'end', 'faint'));
  return document(bottom + 48, chart.title, parts);
}
