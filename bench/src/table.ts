/** Tables for a terminal. */

export type Align = 'left' | 'right';

/** Rows of cells under heads, columns as wide as they need. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[], left = 1): string {
  const widths = heads.map((head, c) => Math.max(head.length, ...rows.map((row) => (row[c] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, c) => (c < left ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0)))
      .join('  ')
      .trimEnd();
  return [heads, ...rows].map(line).join('\n');
}

/** About three digits, thousands with commas; a dash for what is not there. */
export function short(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001) return value.toExponential(1);
  if (size >= 100) return Math.round(value).toLocaleString('en');
  return value.toPrecision(3);
}
