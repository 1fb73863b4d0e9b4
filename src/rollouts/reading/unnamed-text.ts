/** What a model wrote where no key says so: a text with calls, answers or turns of a chat in it. */
import { tagsIn } from '../text/tags';
import { first, isArray } from '../text/json';
import type { JsonObject } from '../text/json';
import { CHAT_KEYS, COMPLETION_KEYS, messagesOf, WHOLE_KEYS } from './fields';
import { contentOf, isMessages, roleOf } from './messages';
import { turnsOf } from './turns';
import { without } from './writer';

const NAMED = [...COMPLETION_KEYS, ...WHOLE_KEYS, 'draft', 'final', 'full_traces'];
/** What it was asked or told, and what is right. */
const OTHERS =
  /prompt|instruction|question|query|problem|task|goal|system|template|tools|truth|gold|target|label|expected|reference|^input$/i;

export interface UnnamedText {
  key: string;
  text: string;
  /** Whether it begins with what was asked. */
  whole: boolean;
}

/** The row with it under a key that is known; as it is where it has one, or no such text. */
export function withUnnamedText(row: JsonObject): JsonObject {
  if (first(row, NAMED) !== undefined) return row;
  const messages = messagesOf(row);
  if (messages !== undefined) {
    const said = wholeMessage(messages);
    return said === null ? row : { ...without(row, CHAT_KEYS), text: said };
  }
  const found = longestIn(row);
  return found === null ? row : { ...without(row, [found.key]), [found.whole ? 'text' : 'completion']: found.text };
}

/** null where another key has what the model wrote. */
export function unnamedText(row: JsonObject): UnnamedText | null {
  return first(row, NAMED) !== undefined || messagesOf(row) !== undefined ? null : longestIn(row);
}

/** A chat of one message, which holds a whole chat as text: Atropos' groups, whose tokens were decoded. */
function wholeMessage(messages: unknown): string | null {
  if (!isArray(messages) || messages.length !== 1 || !isMessages(messages)) return null;
  const [only] = messages;
  if (only === undefined || roleOf(only) !== 'user') return null;
  const said = contentOf(only);
  return isWhole(said) ? said : null;
}

function longestIn(row: JsonObject): UnnamedText | null {
  let longest: UnnamedText | null = null;
  for (const [key, text] of Object.entries(row)) {
    if (typeof text !== 'string' || text.length <= (longest?.text.length ?? 0) || OTHERS.test(key)) continue;
    if (!text.includes('<')) continue;
    const whole = isWhole(text);
    if (whole || tagsIn(text).some(({ kind, closes }) => closes && (kind === 'search' || kind === 'answer'))) {
      longest = { key, text, whole };
    }
  }
  return longest;
}

/** Whether turns of a chat stand in it, one of the model among them. */
function isWhole(text: string): boolean {
  const turns = turnsOf(text, 'user');
  return turns.length > 1 && turns.some(({ role }) => role === 'assistant');
}
