/**
 * Requests of one conversation: each turn of an agent is asked for with all that came before, and who logs the requests logs it
 * again each time. The row that goes on where another one ended takes its place.
 */
import { fnv1a64Hex } from '../../lib/hash';
import { contentOf, isMessages, messageEvents, resultsIn, roleOf } from './messages';
import type { Message } from './messages';
import { isAsked } from './fields';
import type { JsonObject } from '../text/json';
import { NAMED, SUPERSEDES } from './writer';

/** @param row with what was asked as the messages of `prompt`, and the answer as those of `completion` */
export function continuing(row: JsonObject): JsonObject {
  const { prompt, completion } = row;
  if (!isMessages(prompt) || !isMessages(completion)) return row;
  const own = prompt.findLastIndex((message) => roleOf(message) === 'assistant');
  // What a person says next is another question.
  const goesOn = own > prompt.findLastIndex(isAsked);
  return {
    ...row,
    ...(goesOn ? { [SUPERSEDES]: nameOf(prompt.slice(0, own + 1)) } : {}),
    [NAMED]: nameOf([...prompt, ...completion]),
  };
}

function nameOf(messages: readonly Message[]): string {
  return sameName(messages.map(wordsOf));
}

/** One name for all rows of which this is the same. */
export function sameName(what: unknown): string {
  return fnv1a64Hex(new TextEncoder().encode(JSON.stringify(what)));
}

/** What an answer and the same turn in a later request have in common; thoughts are left out of requests. */
function wordsOf(message: Message): unknown {
  const calls = messageEvents([message]).flatMap((event) =>
    event.kind === 'search' ? [event.text, event.call ?? ''] : [],
  );
  // smolagents says calls in words, too.
  const words = calls.length > 0 ? '' : contentOf(message).trim();
  return [roleOf(message), words, calls, resultsIn(message)];
}
