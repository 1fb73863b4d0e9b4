/** Branches of an Inspect sample: spans of type "branch" in its transcript, each a conversation that another one led up to. */
import { finite, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { listOf, objectOf } from '../reading/writer';

/** The messages of each branch from the first on, in the order of the transcript. */
export function branchChats(sample: JsonObject): JsonObject[][] {
  const events = listOf(sample['events']).filter(isObject);
  const begun = events.filter(({ event }) => event === 'span_begin');
  const parents = new Map(begun.map((span) => [text(span['id']), text(span['parent_id'])]));
  const isBranch = new Set(events.filter(({ event }) => event === 'branch').map(({ span_id: span }) => text(span)));
  /** The branch that a span stands in; null for none. */
  const branchOf = (span: string | null): string | null => {
    for (let at = span, depth = 0; at !== null && depth < parents.size + 1; depth += 1) {
      if (isBranch.has(at)) return at;
      at = parents.get(at) ?? null;
    }
    return null;
  };
  const pool = listOf(objectOf(sample['events_data'])['messages']).filter(isObject);
  const chats = new Map<string, JsonObject[]>();
  for (const event of events) {
    if (event['event'] !== 'model') continue;
    const branch = branchOf(text(event['span_id']));
    // The last call of the model has read all that came before it.
    if (branch !== null) chats.set(branch, chatOf(event, pool));
  }
  return begun.flatMap(({ id }) => {
    const chat = chats.get(text(id) ?? '');
    return chat === undefined ? [] : [chat];
  });
}

/** What a call of the model read, named as ranges of a pool where it is not written out, and what it said. */
function chatOf(event: JsonObject, pool: readonly JsonObject[]): JsonObject[] {
  const given = listOf(event['input']).filter(isObject);
  const named = listOf(event['input_refs']).flatMap((range) => {
    const [from, to] = listOf(range).map(finite);
    return pool.slice(from ?? 0, to ?? 0);
  });
  const choice = objectOf(listOf(objectOf(event['output'])['choices'])[0]);
  return [...(given.length > 0 ? given : named), ...(isObject(choice['message']) ? [choice['message']] : [])];
}
