/** A list whose first entry is a turn is a chat: what agents keep in memory and people save as it is. Any other list has a rollout in each entry. */
import { isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { roleNamed } from './turns';

export function isTurn(entry: unknown): boolean {
  return isObject(entry) && KINDS.some((is) => is(entry));
}

const KINDS: readonly ((entry: JsonObject) => boolean)[] = [
  // Of a data set's row `source` or `from` may be anything.
  ({ role, ...rest }) => roleNamed(text(role) ?? '') !== null && SAID.some((key) => key in rest),
  ({ from, value }) => roleNamed(text(from) ?? '') !== null && typeof value === 'string',
  // LangChain's, of `messages_to_dict`, `model_dump` and `dumps`.
  ({ type, data, content }) =>
    /^(?:human|ai|system|tool)$/.test(text(type) ?? '') && (content !== undefined || 'content' in objectIn(data)),
  ({ lc, kwargs }) => lc === 1 && 'content' in objectIn(kwargs),
  // Pydantic AI's requests and responses, and the task that smolagents' steps begin with.
  ({ kind, parts }) => (kind === 'request' || kind === 'response') && isArray(parts),
  // AutoGen's, of what its agents said and of what its models were told.
  ({ type, source, content }) => content !== undefined && AUTOGEN.test(text(type) ?? '') && typeof source === 'string',
  (entry) => typeof entry['task'] === 'string' && 'task_images' in entry,
];
const AUTOGEN = /^(?:(?:Text|User|Assistant|System)Message|ToolCall\w{1,30}|ThoughtEvent)$/;
const SAID = ['content', 'parts', 'blocks', 'items', 'tool_calls', 'function_call'];

function objectIn(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
