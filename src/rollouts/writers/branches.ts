/** Other ends of one conversation, as a row keeps them: each with the messages that its parent has not. */
import type { JsonObject } from '../text/json';
import { BRANCHES } from '../reading/writer';

export interface KeptBranch {
  /** 0 for the row's own messages, else the number of a branch before it, from 1. */
  parent: number;
  /** Messages that it shares with its parent, from the first on. */
  from: number;
  /** Those after them. */
  messages: readonly unknown[];
}

/**
 * To be spread into a row; nothing where there is no other path. Each part from the path before that goes with them longest.
 *
 * @param paths lists of messages from the first one on: the row's own, then the others
 * @param keyOf what two messages have in common that are the same one
 */
export function withBranches<Message>(
  [main = [], ...others]: readonly (readonly Message[])[],
  keyOf: (message: Message) => unknown,
  write: (messages: readonly Message[]) => readonly unknown[],
): JsonObject {
  const before = [main];
  const kept = others.map((path): KeptBranch => {
    const shared = before.map((other) => sharedLength(path, other, keyOf));
    const from = Math.max(...shared);
    before.push(path);
    return { parent: shared.indexOf(from), from, messages: write(path.slice(from)) };
  });
  return kept.length === 0 ? {} : { [BRANCHES]: kept };
}

function sharedLength<Message>(
  a: readonly Message[],
  b: readonly Message[],
  keyOf: (message: Message) => unknown,
): number {
  const parts = a.findIndex((message, k) => {
    const other = b[k];
    return other === undefined || keyOf(message) !== keyOf(other);
  });
  return parts < 0 ? a.length : parts;
}
