/** What a step did to a group: pure functions of what the recording holds. */
import type { Group, Sibling } from './data';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** How many times as likely the whole try is after the step. */
export function timesOf({ before, after }: Sibling): number {
  return Math.exp(sum(after) - sum(before));
}

export function meanOf({ siblings }: Group): number {
  return sum(siblings.map(({ trajectory }) => trajectory.reward)) / siblings.length;
}

/** Sample standard deviation of the rewards. */
export function deviationOf(group: Group): number {
  const mean = meanOf(group);
  const squares = group.siblings.map(({ trajectory }) => (trajectory.reward - mean) ** 2);
  return Math.sqrt(sum(squares) / (group.siblings.length - 1));
}

export function bestOf({ siblings }: Group): number {
  const advantages = siblings.map(({ advantage }) => advantage);
  return advantages.indexOf(Math.max(...advantages));
}

/** Of those that lost, the one that became the least likely. */
export function worstOf({ siblings }: Group): number {
  const times = siblings.map((sibling) => (sibling.advantage < 0 ? timesOf(sibling) : Infinity));
  return times.indexOf(Math.min(...times));
}

/** A probability in percent, with digits enough to see that a small one moves. */
export function percent(logProb: number | undefined): string {
  const value = 100 * Math.exp(logProb ?? NaN);
  return value < 1 ? value.toPrecision(2) : value.toFixed(1);
}

/** Which way a token went, as far as its percents show. */
export function wayOf({ before, after }: Pick<Sibling, 'before' | 'after'>, token: number): 'up' | 'down' | 'same' {
  const [was, is] = [before[token], after[token]];
  if (percent(was) === percent(is)) return 'same';
  return (is ?? NaN) > (was ?? NaN) ? 'up' : 'down';
}

export function movesOf(sibling: Sibling): { rose: number; fell: number; same: number } {
  const ways = sibling.before.map((_, token) => wayOf(sibling, token));
  const count = (way: string): number => ways.filter((one) => one === way).length;
  return { rose: count('up'), fell: count('down'), same: count('same') };
}

/** Largest change of any token's probability, of 100. */
export function mostChanged({ siblings }: Group): number {
  const changes = siblings.flatMap(({ before, after }) =>
    before.map((was, at) => Math.abs(Math.exp(after[at] ?? NaN) - Math.exp(was))),
  );
  return 100 * Math.max(...changes);
}
