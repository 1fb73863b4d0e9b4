/** Which step each token of a row belongs to: by its text, by the messages that it is counted to, or by the mask. */
import { text } from '../text/json';
import type { JsonObject } from '../text/json';
import { contentOf, isMessages, roleOf } from './messages';
import type { Message } from './messages';
import type { RolloutStep } from './record';
import type { TokenColumns } from './token-columns';

/** How byte-level tokenizers write a space and a line break. */
const MARKS: Readonly<Record<string, string>> = { Ġ: ' ', Ċ: '\n', '▁': ' ' };

export function plainToken(token: string): string {
  return token.replace(/[ĠĊ▁]/g, (mark) => MARKS[mark] ?? mark);
}

type Span = Pick<RolloutStep, 'start' | 'end'>;

/** (T) 1-based step of each token, 0 for what the model was told before; null where nothing tells. */
export function stepsOfTokens(row: JsonObject, columns: TokenColumns, steps: readonly Span[]): number[] | null {
  if (steps.length === 0) return null;
  const { strings, mask, messages: lengths } = columns;
  const messages = isMessages(row['messages']) ? row['messages'] : null;
  const completion = text(row['completion']);
  if (strings && completion !== null) {
    const found = byText(strings, completion, steps);
    if (found !== null) return found;
  }
  const total = (strings ?? columns.ids ?? mask ?? columns.logProbs ?? []).length;
  if (messages !== null && lengths?.length === messages.length && countTo(lengths, total)) {
    return byMessages(lengths, messages, steps);
  }
  if (!mask || mask.length === 0) return null;
  if (messages !== null) {
    const guessed = lengthsByMask(mask, messages);
    if (guessed !== null) return byMessages(guessed, messages, steps);
  }
  return byMask(mask, steps);
}

function countTo(lengths: readonly number[], total: number): boolean {
  const sum = lengths.reduce((before, length) => before + length, 0);
  return sum === total && lengths.every((length) => Number.isInteger(length) && length >= 0);
}

/** Characters of the completion; tokens may hold the prompt before it. */
function byText(strings: readonly string[], completion: string, steps: readonly Span[]): number[] | null {
  const [whole, said] = [strings.join(''), plainToken(completion)];
  const begin = whole.startsWith(said) || said.startsWith(whole) ? 0 : whole.lastIndexOf(said);
  if (begin < 0 || whole === '') return null;
  let at = -begin;
  return strings.map((token) => {
    const start = at;
    at += token.length;
    if (at <= 0) return 0;
    // White space between two steps goes to the one before it.
    return Math.max(1, steps.filter((step) => step.start <= start).length);
  });
}

/** @param lengths (M) tokens of each message */
function byMessages(lengths: readonly number[], messages: readonly Message[], steps: readonly Span[]): number[] {
  const begin = messages.findIndex((message) => roleOf(message) === 'assistant');
  let offset = 0;
  let last = 0;
  return messages.flatMap((message, k) => {
    const length = lengths[k] ?? 0;
    if (begin < 0 || k < begin) return new Array<number>(length).fill(0);
    const [start, end] = [offset, offset + contentOf(message).length];
    offset = end;
    // A message that only calls has no characters: it begins the next step.
    const at = steps.findIndex((step, place) => place >= last && (step.end > start || step.start >= end));
    if (at >= 0) last = at;
    return new Array<number>(length).fill(last + 1);
  });
}

/** What the model wrote in one go is one run of ones in the mask; null where there are not as many as turns of the model. */
function lengthsByMask(mask: readonly number[], messages: readonly Message[]): number[] | null {
  const ones = runsOf(mask);
  const groups: { from: number; model: boolean }[] = [];
  messages.forEach((message, from) => {
    const model = roleOf(message) === 'assistant';
    if (groups.at(-1)?.model !== model) groups.push({ from, model });
  });
  if (groups.filter(({ model }) => model).length !== ones.length) return null;
  const lengths = new Array<number>(messages.length).fill(0);
  let turn = 0;
  groups.forEach(({ from, model }) => {
    const [before, run, next] = [ones[turn - 1], ones[turn], ones[turn]];
    if (model) {
      lengths[from] = (run?.end ?? 0) - (run?.start ?? 0);
      turn += 1;
    } else lengths[from] = (next?.start ?? mask.length) - (before?.end ?? 0);
  });
  // Without a turn of the environment between them there are no tokens to give it.
  return countTo(lengths, mask.length) ? lengths : null;
}

/** One run a step, with what the environment answered behind it. */
function byMask(mask: readonly number[], steps: readonly Span[]): number[] | null {
  const ones = runsOf(mask);
  if (ones.length !== steps.length) return null;
  return mask.map((_, token) => ones.filter(({ start }) => start <= token).length);
}

function runsOf(mask: readonly number[]): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  mask.forEach((value, token) => {
    if (value !== 1) return;
    const last = runs.at(-1);
    if (last?.end === token) last.end = token + 1;
    else runs.push({ start: token, end: token + 1 });
  });
  return runs;
}
