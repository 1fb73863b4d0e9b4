/** Events put together to steps: thought, then a search with its results or an answer. */
import { lastBox } from '../text/boxed';
import type { RolloutEvent } from './events';
import { arePieces, readPassages } from './passages';
import type { RawPassage } from './passages';
import { bearing } from '../text/squad';
import { WordSearch } from '../text/word-match';

export interface RawStep {
  kind: 'search' | 'answer' | 'unfinished';
  thought: string;
  text: string;
  start: number;
  end: number;
  passages: RawPassage[];
  /** An answer that a later one took the place of. */
  superseded?: boolean;
}

export interface RawSide {
  steps: RawStep[];
  answer: string | null;
  endReason: string | null;
  /** How the answer was found, where that is to be said. */
  note: string | null;
}

export const LAST_WORDS = 'the model’s last words: its answers are not tagged';
export const NOT_CLOSED = 'not closed; Search-R1’s own scorer gives 0';

interface Assembly {
  steps: RawStep[];
  /** Calls without results so far: several may be made at once. */
  waiting: RawStep[];
  lastSearch: RawStep | null;
  calls: Map<string, RawStep>;
  /** Calls that gave the answer: what they bring is no evidence. */
  answering: Set<string>;
  thoughts: RolloutEvent[];
  /** Answers, and whether each was closed. */
  answers: { step: RawStep; closed: boolean }[];
  results: { step: RawStep; found: unknown }[];
}

/**
 * @param lastWords whether words without a tag may be the answer
 * @param golds right answers, where of all passages only those are asked for that may hold one of them or the answer: it takes
 * long to tell passages apart, and most hold none
 */
export function readSteps(
  events: readonly RolloutEvent[],
  lastWords: boolean,
  golds: readonly string[] | null = null,
): RawSide {
  const all: Assembly = {
    steps: [],
    waiting: [],
    lastSearch: null,
    calls: new Map(),
    answering: new Set(),
    thoughts: [],
    answers: [],
    results: [],
  };
  for (let k = 0; k < events.length; k += 1) {
    const event = events[k]!;
    if (event.kind === 'think' || event.kind === 'environment') all.thoughts.push(event);
    // A word of the environment between two turns, where nobody called anything.
    else if (event.given === 'aside' && all.waiting.length === 0) all.thoughts.push({ ...event, kind: 'environment' });
    else if (event.kind === 'search') {
      const step = begin(all, 'unfinished', event, event.text);
      all.waiting.push(step);
      if (event.call !== undefined) all.calls.set(event.call, step);
    } else if (event.kind === 'answer') {
      if (event.call !== undefined) all.answering.add(event.call);
      all.answers.push({ step: begin(all, 'answer', event, lastBox(event.text) ?? event.text), closed: event.closed });
    } else {
      const results = [event];
      for (let next = events[k + 1]; next?.kind === 'information'; next = events[k + 1]) {
        results.push(next);
        k += 1;
      }
      takeResults(all, results);
    }
  }
  const side = finish(all, lastWords);
  const sought = golds && new WordSearch(bearing(side.answer === null ? golds : [...golds, side.answer]));
  for (const { step, found } of all.results) {
    if (sought && arePieces(found) && !sought.mayBeIn(found.toLowerCase())) continue;
    for (const passage of readPassages(found)) step.passages.push(passage);
  }
  return side;
}

function begin(all: Assembly, kind: RawStep['kind'], event: RolloutEvent, text: string): RawStep {
  const { thoughts } = all;
  const thought = thoughts.map(wordsOf).join('\n');
  const step = { kind, thought, text, start: thoughts[0]?.start ?? event.start, end: event.end, passages: [] };
  all.thoughts = [];
  all.steps.push(step);
  return step;
}

function wordsOf({ kind, text }: RolloutEvent): string {
  return kind === 'environment' ? `[environment] ${text}` : text;
}

/** Blocks of results that follow each other: by the calls they name, else to the last calls before them, in order. */
function takeResults(all: Assembly, blocks: readonly RolloutEvent[]): void {
  const results = blocks.filter(({ call }) => call === undefined || !all.answering.has(call));
  const named = new Map(
    results.map((event) => [event, event.call === undefined ? undefined : all.calls.get(event.call)]),
  );
  const taken = new Set(named.values());
  const free = all.waiting.filter((step) => !taken.has(step));
  const unnamed = results.filter((event) => named.get(event) === undefined);
  // Turns of a chat answer from the first call on; in one text a block follows its call.
  const skipped = unnamed[0]?.given ? 0 : Math.max(0, free.length - unnamed.length);
  const inOrder = free.slice(skipped);
  for (const event of results) {
    const step = named.get(event) ?? inOrder.shift() ?? callBefore(all, event);
    if (step === null) all.thoughts.push({ ...event, kind: 'think' });
    else {
      step.kind = 'search';
      all.lastSearch = step;
      all.results.push({ step, found: event.content ?? event.text });
      step.end = Math.max(step.end, event.end);
    }
  }
  all.waiting = results[0]?.given ? all.waiting.filter(({ kind }) => kind !== 'search') : [];
}

/** null where the model itself wrote the results: it made no call before, or has gone on since. */
function callBefore(all: Assembly, event: RolloutEvent): RawStep | null {
  const call = all.lastSearch;
  if (all.steps.at(-1)?.kind === 'answer') return null;
  if (event.given) return call ?? begin(all, 'unfinished', event, '');
  return all.thoughts.length === 0 && all.steps.at(-1) === call ? call : null;
}

function finish(all: Assembly, lastWords: boolean): RawSide {
  const { steps, answers, thoughts } = all;
  // Of several answers the last one that is closed counts, as in Search-R1's and verl's reward.
  const counted = answers.findLast(({ closed }) => closed) ?? answers.at(-1);
  for (const { step } of answers) if (step !== counted?.step) step.superseded = true;
  if (counted) {
    const { text } = counted.step;
    const endReason = text.trim() === '' ? 'empty answer' : counted.closed ? null : NOT_CLOSED;
    return { steps, answer: text, endReason, note: null };
  }
  const rest = thoughts[0];
  if (rest === undefined) {
    const last = steps.at(-1);
    const cut = last?.kind === 'unfinished' && last.text !== '';
    return { steps, answer: null, endReason: cut ? 'search without results' : 'no answer', note: null };
  }
  const words = thoughts.at(-1) ?? rest;
  const box = lastBox(thoughts.map(({ text }) => text).join('\n'));
  const said = lastWords && words.loose && words.kind === 'think' ? unwrapped(words.text) : null;
  const answer = box ?? said;
  if (answer === null) {
    begin(all, 'unfinished', { ...rest, end: words.end }, '');
    return { steps, answer: null, endReason: 'no answer', note: null };
  }
  if (box === null) thoughts.pop();
  const step = begin(all, 'answer', words, answer);
  step.end = words.end;
  return { steps, answer, endReason: answer === '' ? 'empty answer' : null, note: box === null ? LAST_WORDS : null };
}

/** Words in one tag around all of them: <response>Oslo</response>. */
function unwrapped(said: string): string {
  return /^<([A-Za-z][\w-]{1,30})>([^<]*)<\/\1>$/.exec(said)?.[2]?.trim() ?? said;
}
