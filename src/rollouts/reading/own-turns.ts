/**
 * Turns of the model that stand in the prompt: of a rollout in several turns ms-swift logs the last one as the completion and all
 * before it as the prompt, and so do rows that were made for each turn.
 */
import type { JsonObject } from '../text/json';
import { tagsIn } from '../text/tags';
import { COMPLETION_KEYS, isAsked, PROMPT_KEYS } from './fields';
import { callsOf, contentOf, isMessages, roleOf } from './messages';
import type { Message } from './messages';
import { areResults } from './question';
import { turnsOf, withoutMarks } from './turns';

/** What templates put in front of the model's words. */
const OPENING = /^\s*(?:<think>\s*(?:<\/think>\s*)?)?$/;

/** The row with them where they belong: in front of the completion. */
export function withOwnTurns(row: JsonObject): JsonObject {
  const key = PROMPT_KEYS.find((one) => row[one] !== undefined && row[one] !== null);
  const prompt = key === undefined ? undefined : row[key];
  if (key === undefined || row['draft'] !== undefined || row['final'] !== undefined) return row;
  if (typeof prompt === 'string') {
    const at = ownTurnsAt(prompt);
    const wrote = COMPLETION_KEYS.find((one) => typeof row[one] === 'string');
    if (at === null || wrote === undefined) return row;
    return { ...row, [key]: prompt.slice(0, at), [wrote]: `${prompt.slice(at)}${String(row[wrote])}` };
  }
  if (!isMessages(prompt)) return row;
  const at = prompt.findLastIndex(isAsked) + 1;
  const own = prompt.slice(at);
  const wrote = COMPLETION_KEYS.find((one) => typeof row[one] === 'string' || isMessages(row[one]));
  if (at === 0 || wrote === undefined || !own.some(isOwn)) return row;
  const last = row[wrote];
  const said = isMessages(last) ? last : [{ role: 'assistant', content: last }];
  return { ...row, [key]: prompt.slice(0, at), [wrote]: [...own, ...said] };
}

function isOwn(message: Message): boolean {
  const said = contentOf(message);
  return roleOf(message) === 'assistant' && (said.trim() !== '' || callsOf(message, said).length > 0);
}

/** Where the first of them begins behind the question; null where there is none. */
function ownTurnsAt(prompt: string): number | null {
  if (last?.prompt !== prompt) last = { prompt, at: find(prompt) };
  return last.at;
}

/** Rows of a group follow each other, and have the same. */
let last: { prompt: string; at: number | null } | null = null;

function find(prompt: string): number | null {
  const turns = turnsOf(prompt, 'user');
  if (turns.length < 2) return null;
  const said = turns.map(({ start, end }) => withoutMarks(prompt.slice(start, end)).trim());
  const asked = turns.findLastIndex(({ role }, k) => role === 'user' && said[k] !== '' && !areResults(said[k] ?? ''));
  const own = turns.findIndex(({ role }, k) => k > asked && role === 'assistant' && !OPENING.test(said[k] ?? ''));
  if (asked < 0 || own < 0) return null;
  // The last turn of all may be words that were put into the model's mouth.
  const goesOn = own < turns.length - 1 || tagsIn(said[own] ?? '').some(({ kind }) => kind === 'search');
  return goesOn ? (turns[own]?.start ?? null) : null;
}
