/** The numbers of tokens that a trainer's file has, step by step: read when a row's tokens are looked at. */
import { finite, isArray, isObject, parsedLoosely, text } from '../text/json';
import type { JsonObject } from '../text/json';
import type { RolloutStep } from './record';
import { plainToken, stepsOfTokens } from './token-steps';
import type { TokenColumns } from './token-columns';
import { countsIn, numbersIn } from './token-columns';
import { TOKENS } from './writer';

export interface FileToken {
  position: number;
  /** 1-based; 0 where the file does not tell. */
  step: number;
  text: string;
  written: boolean;
  logProb: number | null;
  entropy: number | null;
  current: number | null;
  reference: number | null;
  advantage: number | null;
}

const NUMBERS = {
  logProb: 'logProbs',
  entropy: 'entropies',
  current: 'current',
  reference: 'reference',
  advantage: 'advantages',
} as const;
type TokenNumber = keyof typeof NUMBERS;
const WORDS: Readonly<Record<TokenNumber, string>> = {
  logProb: 'log-probabilities',
  entropy: 'entropies',
  current: 'second log-probabilities to make a ratio of',
  reference: 'reference log-probabilities',
  advantage: 'advantages of tokens',
};
const ORDER: readonly TokenNumber[] = ['logProb', 'entropy', 'current', 'reference', 'advantage'];

export interface FileTokens {
  tokens: FileToken[];
  has: Record<TokenNumber, boolean>;
  notes: string[];
}

/** @param line of the file's bytes; @param steps of its trajectory; null where it has no numbers of tokens */
export function fileTokens(line: string, steps: readonly RolloutStep[]): FileTokens | null {
  const row = parsedLoosely(line)?.value;
  if (!isObject(row)) return null;
  const columns = columnsOf(row[TOKENS]);
  if (columns === null) return null;
  const { strings, ids, mask, names = {} } = columns;
  const length = (strings ?? ids ?? mask ?? columns.logProbs ?? []).length;
  const found = stepsOfTokens(row, columns, steps);
  const at = (key: TokenNumber, token: number): number | null => columns[NUMBERS[key]]?.[token] ?? null;
  const all = Array.from({ length }, (_, position): FileToken => ({
    position,
    step: found?.[position] ?? 0,
    text: strings?.[position] ?? (ids ? `#${ids[position] ?? '?'}` : '·'),
    written: (mask?.[position] ?? 1) === 1,
    ...{ logProb: at('logProb', position), entropy: at('entropy', position), current: at('current', position) },
    ...{ reference: at('reference', position), advantage: at('advantage', position) },
  }));
  const tokens = found === null ? all : all.filter(({ step }) => step > 0);
  const has = {
    ...{ logProb: columns.logProbs !== undefined, entropy: columns.entropies !== undefined },
    ...{ current: columns.current !== undefined, reference: columns.reference !== undefined },
    advantage: columns.advantages !== undefined,
  };
  return { tokens, has, notes: notesOf(columns, has, names, found !== null) };
}

function notesOf(
  { strings, ids, mask }: TokenColumns,
  has: Readonly<Record<TokenNumber, boolean>>,
  names: NonNullable<TokenColumns['names']>,
  aligned: boolean,
): string[] {
  const missing = ORDER.filter((key) => !has[key]).map((key) => WORDS[key]);
  const { logProbs = 'its log-probabilities', current = '', reference = '' } = names;
  return [
    ...(has.logProb ? [`log p: ${logProbs} in the file.`] : []),
    ...(has.current ? [`Ratio: ${current} over ${logProbs}.`] : []),
    ...(has.reference ? [`Base: ${reference}.`] : []),
    ...(missing.length > 0 ? [`The file has no ${listed(missing)}.`] : []),
    ...(strings
      ? []
      : ids
        ? ['It has no token texts: #1234 is a token’s id.']
        : ['It has neither texts nor ids of tokens.']),
    ...(mask ? [] : ['It has no mask: which of them are trained on is unknown.']),
    ...(aligned ? [] : ['Which step they belong to cannot be told from the file.']),
  ];
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** Nothing of a line is taken on trust, though a reader of ours wrote it: it may have been saved and opened again. */
function columnsOf(value: unknown): TokenColumns | null {
  if (!isObject(value)) return null;
  const given = value['strings'];
  const strings = isArray(given) ? given.map((token) => plainToken(text(token) ?? '')) : null;
  const lists = ['logProbs', 'current', 'reference', 'entropies', 'advantages'] as const;
  const names = isObject(value['names']) ? value['names'] : {};
  const entries: JsonObject = {
    ...{ strings, ids: countsIn(value['ids']), mask: countsIn(value['mask']), messages: countsIn(value['messages']) },
    ...Object.fromEntries(lists.map((key) => [key, numbersIn(value[key])])),
    names: Object.fromEntries(['logProbs', 'current', 'reference'].map((key) => [key, text(names[key]) ?? undefined])),
  };
  const columns: TokenColumns = Object.fromEntries(Object.entries(entries).filter(([, list]) => list !== null));
  return finite((columns.strings ?? columns.ids ?? columns.mask ?? columns.logProbs)?.length) ? columns : null;
}
