/** Inspect AI: a sample (a line, or a member of an `.eval`), or a whole log as `.json`. */
import { isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { withBranches } from './branches';
import { partsText, plainMessages } from './chat';
import { branchChats } from './inspect-branches';
import { KEPT_LINE, keptRow } from '../reading/kept-line';
import { REMARKS } from '../reading/remarks';
import { known, listOf, nameOf, numberOf, objectOf } from '../reading/writer';
import type { Writer } from '../reading/writer';

/** Its letters: correct, partial, incorrect, no answer. */
const GRADES: Readonly<Record<string, number>> = { C: 1, P: 0.5, I: 0, N: 0 };
const ATTACHMENT = 'attachment://';

export const inspectSample: Writer = {
  name: 'Inspect',
  keys: ['id', 'epoch', 'input', 'target'],
  mine: ({ messages, output }) => isArray(messages) || isObject(output),
  rows: (row) => [sampleRow(row, '')],
};

export const inspectLog: Writer = {
  name: 'Inspect, a whole log',
  keys: ['eval', 'samples'],
  rows: (log) => {
    const task = nameOf(objectOf(log['eval'])['task']) ?? '';
    return listOf(log['samples'])
      .filter(isObject)
      .map((sample) => sampleRow(sample, task));
  },
};

function sampleRow(row: JsonObject, task: string): JsonObject {
  const { input, target } = row;
  const metadata = objectOf(row['metadata']);
  const attachments = objectOf(row['attachments']);
  const chats = [listOf(row['messages']).filter(isObject), ...branchChats(row)];
  const write = (chat: readonly JsonObject[]): JsonObject[] => plainMessages(attached(chat, attachments));
  const messages = write(chats[0] ?? []);
  const kept = keptRow(attached(metadata[KEPT_LINE], attachments), messages);
  if (kept !== null) return kept;
  const asked = isArray(input) ? listOf(input).filter(isObject) : [];
  const question =
    text(attached(input, attachments)) ?? partsText(asked.findLast(({ role }) => role === 'user')?.['content']);
  return {
    question,
    golden_answers: isArray(target) ? target : [target],
    messages,
    ...known({ step: numberOf(metadata['training_step']), [REMARKS]: metadata['labels'] }),
    group: `${task} ${nameOf(row['id']) ?? ''}`.trim(),
    ...rewardsOf(objectOf(row['scores'])),
    ...withBranches(chats, ({ id }) => id ?? NaN, write),
  };
}

/** A score may be a letter, a number, or missing: NaN is an unscored one. */
function rewardsOf(scores: JsonObject): JsonObject {
  const values = Object.entries(scores).flatMap(([name, score]) => {
    const { value } = objectOf(score);
    const number =
      typeof value === 'string'
        ? (GRADES[value] ?? numberOf(value))
        : typeof value === 'boolean'
          ? Number(value)
          : value;
    return typeof number === 'number' ? [[name, number] as const] : [];
  });
  // A score that is called the reward is it; else their sum.
  const named = values.filter(([name]) => name === 'reward');
  const counted = named.length > 0 ? named : values;
  return counted.length > 0 ? { rewards: Object.fromEntries(counted) } : {};
}

/** Long texts stand apart, once each, and are named where they belong. */
function attached(value: unknown, attachments: JsonObject): unknown {
  if (typeof value === 'string') {
    return value.startsWith(ATTACHMENT) ? (attachments[value.slice(ATTACHMENT.length)] ?? value) : value;
  }
  if (isArray(value)) return value.map((entry) => attached(entry, attachments));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, attached(entry, attachments)]));
}
