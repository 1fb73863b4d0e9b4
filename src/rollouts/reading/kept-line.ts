/**
 * A row of Cutpoint within a record of another format. Such a format has no place for a draft, a review or the numbers of
 * tokens: the line goes along as text, with a mark of the chat that was written beside it. A record whose chat is still that
 * one is read from the line; one that was changed elsewhere counts as it is now.
 */
import { fnv1a64Hex } from '../../lib/hash';
import { isObject, parsedLoosely, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { callQuery } from './calls';
import { callsOf, contentOf, roleOf, thoughtsOf } from './messages';

export interface KeptLine {
  mark: string;
  line: string;
}

/** The key under which records have it. */
export const KEPT_LINE = 'cutpoint';

export function keptLine(line: string, chat: readonly JsonObject[]): KeptLine {
  return { mark: chatMark(chat), line };
}

/** @param found what stands under `KEPT_LINE` @returns null where there is none, or it is of another chat */
export function keptRow(found: unknown, chat: readonly JsonObject[]): JsonObject | null {
  if (!isObject(found)) return null;
  const line = text(found['line']);
  if (line === null || found['mark'] !== chatMark(chat)) return null;
  const row = parsedLoosely(line)?.value;
  return isObject(row) ? row : null;
}

/** What was said, whatever else a program adds to messages when it writes them again. */
function chatMark(chat: readonly JsonObject[]): string {
  const said = chat.map((message) => {
    const content = contentOf(message);
    const calls = callsOf(message, content).map(({ asked }) => callQuery(asked));
    return [roleOf(message), content, thoughtsOf(message), calls];
  });
  return fnv1a64Hex(new TextEncoder().encode(JSON.stringify(said)));
}
