/** Numbers and tables as GitHub's Markdown shows them. */
import type { Estimate } from '../lib/inference';

/** A minus sign that is as wide as the plus sign. */
function minus(words: string): string {
  return words.replace('-', '−');
}

export function number(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined || !Number.isFinite(value) ? '–' : minus(value.toFixed(digits));
}

export function signed(value: number, digits = 3): string {
  return `${value >= 0 ? '+' : ''}${number(value, digits)}`;
}

/** `0.712 [0.690, 0.734]`; without an interval where there is one value. */
export function withInterval(estimate: Estimate | undefined, write: (value: number) => string = number): string {
  if (estimate === undefined) return '–';
  const { mean, low, high } = estimate;
  return Number.isNaN(low) ? write(mean) : `${write(mean)} [${write(low)}, ${write(high)}]`;
}

export function pValue(p: number): string {
  if (Number.isNaN(p)) return '–';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

export function tokens(count: number): string {
  return count >= 1e6
    ? `${(count / 1e6).toFixed(2)}M`
    : count >= 1e4
      ? `${Math.round(count / 1e3)}k`
      : String(Math.round(count));
}

/** Columns are as wide as their longest cell; the first is left-aligned, the others right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (words: string) => words.replaceAll('|', '\\|');
  const all = [head, ...rows].map((row) => row.map(cell));
  const widths = head.map((_, c) => Math.max(4, ...all.map((row) => (row[c] ?? '').length)));
  const write = (row: readonly string[]) =>
    `| ${widths.map((w, c) => (c === 0 ? (row[c] ?? '').padEnd(w) : (row[c] ?? '').padStart(w))).join(' | ')} |`;
  const rule = `| ${widths.map((w, c) => (c === 0 ? '-'.repeat(w) : `${'-'.repeat(w - 1)}:`)).join(' | ')} |`;
  return [write(all[0] ?? []), rule, ...all.slice(1).map(write)].join('\n');
}
