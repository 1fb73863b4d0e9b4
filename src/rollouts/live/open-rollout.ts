/** A recorded rollout as the text that its model saw, so that a model server can go on from any step of it. */
import { UserError } from '../../lib/assert';
import { promptOf, supportingTitles, WHOLE_KEYS } from '../reading/fields';
import { isMessages } from '../reading/messages';
import { readCompletion, sourceOf, withCommonKeys } from '../reading/read-completion';
import { isOwnLine, readOwnLine } from '../reading/read-own';
import type { RolloutSide } from '../reading/record';
import { turnsOf } from '../reading/turns';
import { finite, first, isArray, isObject, parsedLoosely } from '../text/json';
import type { JsonObject } from '../text/json';
import { OWN_LIVE_FORMAT } from './formats';
import type { LiveFormat } from './formats';
import type { WorldSeed } from './live-server';
import { ownSide } from './own-text';
import { ownSeed } from './served-seed';
import { openChat } from './open-chat';
import type { Chat } from './open-chat';
import { END, START, TURN } from './chat-text';
import { textFormat } from './text-format';
import type { CallNotation } from './text-format';

/** Where a trajectory can be cut: the text before it, and the searches in that. */
export interface Beginning {
  text: string;
  searches: number;
}

/** From what a rollout can be opened again. */
export interface RolloutSource {
  /** Of the file. */
  line: string;
  /** What a person asked in the place of its question; null where nobody did. */
  asked: { question: string; golds: readonly string[] } | null;
}

export interface LiveRollout {
  source: RolloutSource;
  question: string;
  golds: readonly string[];
  /** All that stood before the model's first word. */
  prompt: string;
  /** What the model wrote, with what the environment put between. */
  text: string;
  format: LiveFormat;
  world: WorldSeed;
  /** Of our own server, by which it regenerates as the engine does; null where the file does not tell. */
  seed: bigint | null;
  /** What differs from how it was written, in words. */
  notes: readonly string[];
  /** Where the file keeps messages: its text is in marks of our own, and a server is asked by messages. */
  chat: Chat | null;
  /** A text behind the prompt in steps, with exact match and reward by one rule for all. */
  read: (text: string) => RolloutSide;
  /** The same prompt with another question, and nothing written yet. @throws UserError where its question is not in it */
  ask: (question: string, golds: readonly string[]) => LiveRollout;
  /** Where each step of a text begins. */
  beginnings: (text: string) => Beginning[];
}

/** @throws UserError where no server could go on from it exactly, with the reason */
export function openRollout(line: string, side: 'draft' | 'final'): LiveRollout {
  const value = parsedLoosely(line)?.value;
  if (!isObject(value)) throw new UserError('This line is not read as a trajectory.');
  const opened = isOwnLine(value) ? openOwn(value, side) : openText(withCommonKeys(value), side);
  return withSource(opened, { line, asked: null });
}

/** @throws UserError as `openRollout` */
export function reopenRollout({ line, asked }: RolloutSource): LiveRollout {
  const rollout = openRollout(line, 'draft');
  return asked === null ? rollout : rollout.ask(asked.question, asked.golds);
}

type Opened = Omit<LiveRollout, 'source' | 'ask'> & { ask: (...how: Parameters<LiveRollout['ask']>) => Opened };

function withSource(opened: Opened, source: RolloutSource): LiveRollout {
  return {
    ...{ ...opened, source },
    ask: (question, golds) => withSource(opened.ask(question, golds), { ...source, asked: { question, golds } }),
  };
}

function openOwn(row: JsonObject, side: 'draft' | 'final'): Opened {
  const given = isObject(row[side]) ? row[side] : row['draft'];
  const { question, golds } = readOwnLine(row);
  const tokens = isObject(given) && isArray(given['tokens']) ? given['tokens'].map(String) : [];
  const starts = isObject(given) && isArray(given['stepStarts']) ? given['stepStarts'] : [];
  const begin = finite(starts[0]) ?? 0;
  return ownRollout({
    ...{ question, golds, world: finite(row['worldSeed']) },
    seed: ownSeed(finite(row['update']), finite(row['row']), finite(row['runSeed'])),
    prompt: tokens.slice(0, begin).join(' '),
    text: tokens.slice(begin).join(' '),
  });
}

function ownRollout(parts: Pick<LiveRollout, 'question' | 'golds' | 'world' | 'seed' | 'prompt' | 'text'>): Opened {
  const { prompt, golds } = parts;
  const read = (text: string): RolloutSide => ownSide(text, golds);
  return {
    ...{ ...parts, read, format: OWN_LIVE_FORMAT, chat: null },
    notes: ['Searches count as useful where a passage holds the answer: the server’s passages have no labels.'],
    // In the words of its world: relation:capital country:Fenwick.
    ask: (question, known) =>
      ownRollout({
        ...{ ...parts, question, golds: known, text: '', seed: null },
        prompt: `<bos> ${question.replace(/\s*\?$/, '')} ?`,
      }),
    beginnings: (text) =>
      read(text).steps.map(({ start }, searches) => ({
        text: `${prompt} ${text.slice(0, start)}`.trimEnd(),
        searches,
      })),
  };
}

function openText(row: JsonObject, side: 'draft' | 'final'): Opened {
  const source = sourceOf(row, side);
  const { question, golds } = readCompletion(row);
  const known = { question, golds, titles: supportingTitles(row) };
  if (isMessages(source) || isMessages(promptOf(row))) {
    const { prompt, text, notation, tools, notes } = openChat(row, source);
    const { format, insertions, exact } = textFormat(text, notation.calls ? TOOL_CALLS : undefined);
    // A server that reads calls out of what its model writes must see their ends.
    const heard = notation.calls ? { ...format, stop: [] } : format;
    const chat = { notation, tools };
    return textRollout({
      ...{ ...known, prompt, text, chat, format: heard },
      notes: [...notes, ...styleNotes(exact, insertions)],
    });
  }
  if (typeof source !== 'string') throw new UserError('The file has no text of this rollout.');
  const prompt = promptText(row, source);
  requireWhole(prompt, source);
  const { format, insertions, exact } = textFormat(source);
  return textRollout({
    ...{ ...known, prompt, text: source, format, chat: null, notes: styleNotes(exact, insertions) },
  });
}

/** As messages of calls and results stand in our text. */
const TOOL_CALLS: CallNotation = {
  ...{ close: '</tool_call>', before: `${END}${START}tool\n` },
  ...{ open: '<tool_response>', end: '</tool_response>', after: `${END}${TURN}` },
};

function styleNotes(exact: boolean, insertions: readonly unknown[]): string[] {
  return exact || insertions.length === 0
    ? []
    : ['Passages are written as Search-R1 writes them, not as in this file.'];
}

interface TextParts extends Pick<LiveRollout, 'question' | 'golds' | 'prompt' | 'text' | 'format' | 'notes' | 'chat'> {
  titles: readonly string[];
}

function textRollout({ titles, ...parts }: TextParts): Opened {
  const { question, golds, prompt } = parts;
  const kept = { question, golden_answers: golds, supporting_titles: titles, prompt };
  const read = (text: string): RolloutSide =>
    text.trim() === '' ? nothing(golds) : readCompletion({ ...kept, completion: text }).final;
  return {
    ...{ ...parts, world: null, seed: null, read },
    ask: (asked, known) => {
      const at = prompt.lastIndexOf(question);
      if (at < 0)
        throw new UserError('The question does not stand in the prompt as it is, so no other can take its place.');
      const changed = prompt.slice(0, at) + asked + prompt.slice(at + question.length);
      return textRollout({ ...parts, titles: [], question: asked, golds: known, prompt: changed, text: '' });
    },
    beginnings: (text) => beginningsOf(text, prompt, read),
  };
}

/** A model that ended at once. */
function nothing(golds: readonly string[]): RolloutSide {
  const em = golds.length > 0 ? 0 : null;
  return {
    ...{ steps: [], answer: null, em, reward: em, rewardGiven: false, coverage: 0 },
    ...{ endReason: 'no answer', note: null, judgedBy: 'none', tokens: null },
  };
}

/** Step 1 begins where the model does; behind results it is where the environment ended. */
function beginningsOf(text: string, prompt: string, read: (text: string) => RolloutSide): Beginning[] {
  const { insertions } = textFormat(text);
  const { steps } = read(text);
  return steps.map(({ start }, k) => {
    if (k === 0) return { text: prompt, searches: 0 };
    const before = insertions.filter(({ from }) => from < start);
    const last = before.at(-1);
    const previous = steps[k - 1];
    const follows = last !== undefined && previous !== undefined && last.from > previous.start;
    return { text: prompt + text.slice(0, follows ? last.to : start), searches: before.length };
  });
}

function promptText(row: JsonObject, source: string): string {
  const prompt = promptOf(row);
  if (typeof prompt === 'string') return prompt;
  const whole = first(row, WHOLE_KEYS);
  if (prompt === undefined && typeof whole === 'string' && whole.endsWith(source) && whole.length > source.length)
    return whole.slice(0, whole.length - source.length);
  throw new UserError(
    prompt === undefined
      ? 'The file has no prompt, so what its model saw before its first word is unknown.'
      : 'The file has no prompt as text.',
    'Save the prompt as text beside the completion, special tokens included.',
  );
}

/** Roles without the marks of a template: they were dropped when it was saved, and the model would go on from another text. */
function requireWhole(prompt: string, source: string): void {
  const marked = /<\|[^|<>]{1,40}\|>|<start_of_turn>|\[INST\]|<｜[^｜<>]{1,40}｜>/;
  const turns = turnsOf(prompt, 'user').length + turnsOf(source, 'assistant').length;
  if (turns <= 2 || marked.test(prompt)) return;
  throw new UserError(
    'Its prompt was saved without special tokens: bare lines such as “user” stand for turns of a chat.',
    'Save it with skip_special_tokens=False to cut it: a model would not go on from this text as it did.',
  );
}
