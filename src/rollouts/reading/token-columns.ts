/** The numbers of tokens as a row keeps them: one list each, as long as the tokens. What a file lacks has no list. */
import { finite, isArray } from '../text/json';
import { TOKENS } from './writer';
import type { JsonObject } from '../text/json';

/** Natural logarithms and nats; null within a list is a token that the file says nothing of. */
export interface TokenColumns {
  strings?: readonly string[];
  ids?: readonly number[];
  /** 1 for each token that is trained on. */
  mask?: readonly number[];
  /** Under the policy that wrote it. */
  logProbs?: Numbers;
  /** Under the weights that are trained, as the trainer computed it. */
  current?: Numbers;
  reference?: Numbers;
  entropies?: Numbers;
  advantages?: Numbers;
  /** (M) how many tokens each of the row's messages has. */
  messages?: readonly number[];
  /** What the file calls the log-probabilities: a ratio is the second over the first. */
  names?: { logProbs?: string; current?: string; reference?: string };
}

export type Numbers = readonly (number | null)[];

/** To be spread at the end of a row; nothing where there is no token. */
export function withTokens(columns: { [K in keyof TokenColumns]?: TokenColumns[K] | null }): JsonObject {
  const there = Object.entries(columns).filter(([, value]) => value !== null);
  const told = there.some(
    ([key, value]) => key !== 'names' && key !== 'messages' && isArray(value) && value.length > 0,
  );
  return told ? { [TOKENS]: Object.fromEntries(there) } : {};
}

/** A list of numbers, null where it is none. @param length cuts off what pads it */
export function numbersIn(value: unknown, length = Infinity): (number | null)[] | null {
  if (!isArray(value) || value.length === 0) return null;
  return (value.length > length ? value.slice(0, length) : value).map(finite);
}

/** The same where every one has to be known: ids and masks. */
export function countsIn(value: unknown, length = Infinity): number[] | null {
  const numbers = numbersIn(value, length);
  return numbers?.every((number) => number !== null) ? numbers : null;
}

/** One value a token of what was sampled, spread over all tokens. */
export function spread(values: Numbers, mask: readonly number[]): (number | null)[] {
  let next = 0;
  return mask.map((sampled) => (sampled === 1 ? (values[next++] ?? null) : null));
}
