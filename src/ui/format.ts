/** Numbers as the page writes them: fixed decimals, so that nothing jumps while they change. */
import type { Em } from '../lib/exact-match';

const UNDEFINED = '–';

export function fixed(value: number | null | undefined, decimals = 2): string {
  const number = value ?? NaN;
  if (!Number.isFinite(number)) return UNDEFINED;
  // A true minus sign has the width of the plus sign and of a digit.
  return number.toFixed(decimals).replace('-', '\u2212');
}

export function signed(value: number | null, decimals = 2): string {
  return value !== null && value > 0 ? `+${fixed(value, decimals)}` : fixed(value, decimals);
}

/** Probabilities as in the literature's tables: ".81", "1.0". */
export function probability(value: number): string {
  if (value >= 0.995) return '1.0';
  return value.toFixed(2).slice(1);
}

export function percent(value: number | null | undefined, decimals = 1): string {
  const text = fixed(100 * (value ?? NaN), decimals);
  return text === UNDEFINED ? text : `${text} %`;
}

/** Whether an answer is right, in a word. */
export function rightness(em: Em): 'right' | 'wrong' | 'right or wrong is unknown' {
  return em === null ? 'right or wrong is unknown' : em === 1 ? 'right' : 'wrong';
}

export function emText(em: Em): string {
  return em === null ? 'unknown' : String(em);
}

/** With commas. Integers are grouped here: the browser's own way reads its tables of languages first, 10 ms at the start. */
export function count(value: number): string {
  if (!Number.isSafeInteger(value)) return value.toLocaleString('en-US');
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A setting's value without binary noise: 0.0002 as 0.0002, not 2e-4 or 0.00019999. */
export function settingText(value: number | string): string {
  if (typeof value === 'string') return value;
  if (value !== 0 && Math.abs(value) < 1e-4) return value.toExponential().replace('-', '\u2212');
  return String(value);
}

/** Time to wait, in the two largest units that say something: "8 s", "4 min", "1 h 20 min". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
