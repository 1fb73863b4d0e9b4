/** A rollout as it was written, from its first word to its last: the prompt, then each message with who wrote what in it. */
import { environmentEvents, textEvents } from './reading/events';
import { promptOf, WHOLE_KEYS } from './reading/fields';
import { first, isObject, parsedLoosely } from './text/json';
import type { JsonObject } from './text/json';
import { callsOf, contentOf, isMessages, partedMessage, resultsIn, roleOf, thoughtsOf } from './reading/messages';
import type { Message } from './reading/messages';
import { sourceOf, withCommonKeys } from './reading/read-completion';
import { isOwnLine, readOwnLine } from './reading/read-own';
import { turnsOf } from './reading/turns';

export interface WholePart {
  kind: 'text' | 'thought' | 'call' | 'results';
  text: string;
  /** What the environment put there, within the model's own message or as one of its own. */
  inserted: boolean;
}

export interface WholeMessage {
  /** As the file calls it. */
  role: string;
  writer: 'prompt' | 'model' | 'environment';
  parts: WholePart[];
}

export interface WholeRollout {
  messages: WholeMessage[];
  /** null where the file has none. */
  prompt: string | null;
  /** Whether the messages go on behind `most` characters. */
  more: boolean;
}

/** @param most characters of the messages that are taken, about: long ones are cut off */
export function wholeOf(line: string, side: 'draft' | 'final', most = Infinity): WholeRollout {
  const value = parsedLoosely(line)?.value;
  const row = isObject(value) ? value : {};
  const { before, source } = isOwnLine(row) ? ownTexts(row, side) : textsOf(withCommonKeys(row), side);
  const taker = new Taker(most);
  for (const message of messagesIn(before, 'user')) taker.add(message, true);
  for (const message of messagesIn(source, 'assistant')) taker.add(message, false);
  return { messages: taker.messages, prompt: promptText(before), more: taker.more };
}

/** What stood before the model wrote, and what followed. */
interface Texts {
  before: unknown;
  source: unknown;
}

/** Tokens as words: our networks write nothing else. */
function ownTexts(row: JsonObject, side: 'draft' | 'final'): Texts {
  const { steps, tokens } = readOwnLine(row)[side];
  const begin = steps[0]?.start ?? 0;
  const words = (tokens ?? []).map(({ text }) => text);
  return { before: words.slice(0, begin).join(' '), source: words.slice(begin).join(' ') };
}

function textsOf(row: JsonObject, side: 'draft' | 'final'): Texts {
  const source = sourceOf(row, side);
  const prompt = promptOf(row);
  if (isMessages(source)) {
    const begin = source.findIndex((message) => roleOf(message) === 'assistant');
    // A chat that is all in one list begins with its prompt.
    if (prompt === undefined && begin > 0) return { before: source.slice(0, begin), source: source.slice(begin) };
  }
  const whole = first(row, WHOLE_KEYS);
  const inOneText = prompt === undefined && typeof whole === 'string' && typeof source === 'string';
  return { before: inOneText ? whole.slice(0, whole.length - source.length) : prompt, source };
}

function promptText(before: unknown): string | null {
  if (typeof before === 'string') return before === '' ? null : before;
  if (!isMessages(before)) return null;
  return before.map((message) => `${nameOf(message)}:\n${wordsOf(message)}`).join('\n\n');
}

/** A text by its turns is a chat too. */
interface Said {
  role: string;
  kind: ReturnType<typeof roleOf>;
  text: string;
  message: Message | null;
}

/** @param begins role of a text that does not say */
function* messagesIn(source: unknown, begins: 'user' | 'assistant'): Generator<Said> {
  if (typeof source === 'string') {
    for (const { role, start, end } of turnsOf(source, begins)) {
      yield { role, kind: role, text: source.slice(start, end), message: null };
    }
  } else if (isMessages(source)) {
    for (const message of source.flatMap(partedMessage)) {
      yield { role: nameOf(message), kind: roleOf(message), text: wordsOf(message), message };
    }
  }
}

function nameOf(message: JsonObject): string {
  const name = message['role'] ?? message['from'] ?? message['source'];
  return typeof name === 'string' ? name : 'unknown';
}

/** Its text; what is no text as JSON. */
function wordsOf(message: Message): string {
  const said = contentOf(message);
  const { content } = message;
  const isTold = callsOf(message, said).length > 0 || resultsIn(message).length > 0 || thoughtsOf(message).length > 0;
  if (said !== '' || isTold || content === undefined || content === null || content === '') return said;
  return JSON.stringify(content, null, 2);
}

/** Puts messages together up to a number of characters. */
class Taker {
  readonly messages: WholeMessage[] = [];
  more = false;
  private taken = 0;
  /** Results belong to the environment where a call came before; else the model wrote them itself. */
  private called: 'no' | 'waiting' | 'answered' = 'no';

  constructor(private readonly most: number) {}

  add({ role, kind, text, message }: Said, isPrompt: boolean): void {
    if (this.taken >= this.most) this.more = true;
    if (this.more) return;
    const isModel = kind === 'assistant';
    const writer = isPrompt ? 'prompt' : isModel ? 'model' : 'environment';
    const parts = this.clipped(
      isPrompt ? plain(text) : isModel ? this.written(text, message) : given(text, kind, message),
    );
    if (writer === 'environment') this.called = 'answered';
    if (parts.length > 0) this.messages.push({ role, writer, parts });
  }

  private clipped(parts: readonly WholePart[]): WholePart[] {
    const kept: WholePart[] = [];
    for (const part of parts) {
      const left = this.most - this.taken;
      // Each counts for something, so that countless empty ones end too.
      this.taken += part.text.length + 1;
      if (left > 0) kept.push(part.text.length > left ? { ...part, text: part.text.slice(0, left) } : part);
      if (part.text.length > left) this.more = true;
    }
    return kept;
  }

  private written(text: string, message: Message | null): WholePart[] {
    const thoughts = message === null ? [] : thoughtsOf(message);
    const calls = message === null ? [] : callsOf(message, text);
    const said = calls.some(({ said: all }) => all) ? [] : this.segments(text);
    if (calls.length > 0) this.called = 'waiting';
    return [
      ...thoughts.map((thought): WholePart => ({ kind: 'thought', text: thought, inserted: false })),
      ...said,
      ...calls.map(({ asked }): WholePart => ({ kind: 'call', text: jsonText(asked), inserted: false })),
    ];
  }

  /** What the model said, with its calls, and what the environment put between its words. */
  private segments(text: string): WholePart[] {
    const source = text.slice(0, this.most);
    if (text.length > source.length) this.more = true;
    const parts: WholePart[] = [];
    let at = 0;
    const words = (to: number): void => {
      parts.push(...plain(source.slice(at, to)));
    };
    for (const { kind, start, end } of textEvents(source)) {
      if (kind === 'think' || kind === 'answer') {
        if (this.called === 'answered') this.called = 'no';
        continue;
      }
      if (kind === 'search') this.called = 'waiting';
      const inserted = kind === 'environment' || (kind === 'information' && this.called !== 'no');
      if (kind === 'information' && !inserted) continue;
      if (kind === 'information') this.called = 'answered';
      words(start);
      const what = kind === 'search' ? 'call' : kind === 'information' ? 'results' : 'text';
      parts.push({ kind: what, text: source.slice(start, end).trim(), inserted });
      at = end;
    }
    words(source.length);
    return parts;
  }
}

function plain(text: string): WholePart[] {
  const said = text.trim();
  return said === '' ? [] : [{ kind: 'text', text: said, inserted: false }];
}

/** A message of the environment: results, or words besides. */
function given(text: string, kind: Said['kind'], message: Message | null): WholePart[] {
  const results = message === null ? [] : resultsIn(message);
  if (results.length > 0) {
    return results.map(({ content }) => ({ kind: 'results', text: jsonText(content), inserted: true }));
  }
  const isResults = kind !== null && environmentEvents(text, kind, 0).some((event) => event.kind === 'information');
  return plain(text).map((part) => ({ ...part, kind: isResults ? 'results' : 'text', inserted: true }));
}

function jsonText(value: unknown): string {
  if (typeof value === 'string') return value;
  const text = contentOf({ content: value });
  return Array.isArray(value) && text !== '' ? text : JSON.stringify(value, null, 2);
}

/** As text to copy: who wrote it, then what. */
export function messagesText(messages: readonly WholeMessage[]): string {
  return messages.map(({ role, parts }) => `${role}:\n${parts.map(({ text }) => text).join('\n\n')}`).join('\n\n');
}
