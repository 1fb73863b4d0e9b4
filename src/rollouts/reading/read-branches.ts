/** The branches of a row in a trainer's own shape, read when it is looked at: its table needs none of them. */
import { finite, isArray, isObject } from '../text/json';
import type { JsonObject } from '../text/json';
import { contentOf, isMessages, roleOf } from './messages';
import type { Message } from './messages';
import { readCompletion } from './read-completion';
import { SkippedRow } from './record';
import type { RolloutBranch, RolloutSide } from './record';
import { BRANCHES } from './writer';

export function readBranches(row: JsonObject): RolloutBranch[] {
  const kept = row[BRANCHES];
  const own = row['messages'];
  if (!isArray(kept) || !isMessages(own)) return [];
  const chats: (readonly Message[])[] = [own];
  return kept.filter(isObject).flatMap((branch, k) => {
    const parent = finite(branch['parent']) ?? 0;
    const from = finite(branch['from']) ?? 0;
    const messages = branch['messages'];
    const chat = [...(chats[parent] ?? own).slice(0, from), ...(isMessages(messages) ? messages : [])];
    chats.push(chat);
    const side = sideOf(row, chat);
    if (side === null) return [];
    return [{ branch: k + 1, parent: from === 0 ? null : parent, cut: cutAt(side, chat, from), weights: null, side }];
  });
}

/** The reward is the row's own, whose trajectory is another; null where there is nothing to show. */
function sideOf(row: JsonObject, messages: readonly Message[]): RolloutSide | null {
  try {
    const { final } = readCompletion({ ...row, messages });
    return { ...final, reward: null, rewardGiven: false };
  } catch (error) {
    if (error instanceof SkippedRow) return null;
    throw error;
  }
}

/** The step in which the first message stands that is not its parent's. */
function cutAt({ steps }: RolloutSide, chat: readonly Message[], from: number): number {
  const begin = chat.findIndex((message) => roleOf(message) === 'assistant');
  const shared = chat.slice(begin, Math.max(begin, from)).reduce((sum, message) => sum + contentOf(message).length, 0);
  return 1 + steps.filter(({ end }) => end <= shared).length;
}
