/** What a world costs against its facts: a panel for each cost. */
import { logAxis, place, tickLabel } from './axes';
import { GAP, line, MARGIN, PANEL, round, text } from './plot-parts';
import type { WorldRow } from './results';

const MEGA = 2 ** 20;

/** In the order of a run. */
const PANELS: readonly { label: string; of: (row: WorldRow) => number | null }[] = [
  { label: 'opening the world, ms', of: ({ openMs }) => openMs },
  { label: 'one more world of the pool, ms', of: ({ worldMs, putMs }) => worldMs.median + putMs.median },
  { label: 'index of a run on the GPU, MiB', of: ({ indexBytes }) => indexBytes / MEGA },
  { label: 'a batch of the warm start, ms', of: ({ batchMs }) => batchMs },
  { label: 'a rollout, ms', of: ({ rolloutMs }) => rolloutMs.median },
  { label: '256 right searches, ms', of: ({ askedMs }) => askedMs?.median ?? null },
];

/** Two rows of three, `top` pixels down. */
export function worldPanels(rows: readonly WorldRow[], top: number): string[] {
  const facts = rows.map((row) => row.facts);
  // Marks stand exactly at the values that were measured.
  const x = { min: Math.min(...facts), max: Math.max(...facts) };
  return PANELS.flatMap(({ label, of }, n) => {
    const left = MARGIN.left + (n % 3) * (PANEL.width + GAP.x);
    const upper = top + Math.floor(n / 3) * (PANEL.height + GAP.y);
    const [right, lower] = [left + PANEL.width, upper + PANEL.height];
    const measured = rows.flatMap((row) => {
      const value = of(row);
      return value === null || value <= 0 ? [] : [{ facts: row.facts, value }];
    });
    const y = logAxis(measured.map(({ value }) => value));
    const atX = (value: number) => (x.max > x.min ? place(x, value, left, right) : (left + right) / 2);
    const atY = (value: number) => place(y, value, lower, upper);
    const points = measured.map(({ facts: at, value }) => `${round(atX(at))},${round(atY(value))}`);
    return [
      text(left, upper - 8, label, { kind: 'title' }),
      ...y.ticks.flatMap((tick) => [
        line(left, atY(tick), right, atY(tick), 'grid'),
        // The highest line's stands below it, where the title is not.
        text(left + 2, atY(tick) + (atY(tick) < upper + 12 ? 12 : -3), tickLabel(tick), { kind: 'faint' }),
      ]),
      ...facts.map((tick) => text(atX(tick), lower + 16, tickLabel(tick), { anchor: 'middle', kind: 'faint' })),
      text(left + PANEL.width / 2, lower + 32, 'facts', { anchor: 'middle' }),
      ...measured.map(
        ({ facts: at, value }) =>
          `<circle cx="${round(atX(at))}" cy="${round(atY(value))}" r="3.5" class="train mark"/>`,
      ),
      ...(points.length > 1 ? [`<polyline points="${points.join(' ')}" class="line train"/>`] : []),
    ];
  });
}
