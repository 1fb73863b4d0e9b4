/** Parts of a message: Anthropic's and OpenAI's, and those of Bedrock, Gemini, Vercel's AI SDK, OpenTelemetry, Haystack and others. */
import { first, isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';

export const ID_KEYS = ['id', 'tool_call_id', 'call_id', 'toolUseId', 'toolCallId', 'tool_use_id'];
/** Where they stand when `content` is no list: Gemini's, Semantic Kernel's, LlamaIndex'. */
const PART_KEYS = ['parts', 'items', 'blocks'];

export function partsKey(message: JsonObject): unknown {
  return first(message, PART_KEYS);
}

export function partsIn(message: JsonObject): readonly JsonObject[] {
  const { content } = message;
  const parts = isArray(content) ? content : partsKey(message);
  return isArray(parts) ? parts.filter(isObject) : [];
}

function typeOf(part: JsonObject): string {
  return text(first(part, ['type', 'content_type', 'block_type'])) ?? '';
}

/** What the model thought, where its parts are told apart; null for any other part. */
export function thoughtIn(part: JsonObject): string | null {
  const type = typeOf(part);
  if (type !== 'thinking' && type !== 'reasoning' && part['thought'] !== true) return null;
  return text(first(part, ['thinking', 'reasoning', 'summary', 'text', 'content']));
}

/** OpenTelemetry writes `content`; a result or a thought says nothing here. */
export function saidIn(part: JsonObject): string {
  if (thoughtIn(part) !== null) return '';
  return text(part['text']) ?? (typeOf(part) === 'text' ? text(part['content']) : null) ?? '';
}

/** Parts that call. */
const CALLS = ['tool_use', 'tool_call', 'tool-call', 'server_tool_use', 'mcp_tool_use', 'function_call'];
const CALL_KEYS = ['toolUse', 'functionCall', 'function_call', 'tool_call'];

export function callIn(part: JsonObject): JsonObject[] {
  return CALLS.includes(typeOf(part)) ? [part] : CALL_KEYS.map((key) => part[key]).filter(isObject);
}

/** `tool_result`, `tool-result`, `tool_call_response`, and of Anthropic's own tools `web_search_tool_result` and its like. */
export function isResult(part: JsonObject): boolean {
  return /^(?:\w{1,40}_)?(?:tool|function)[-_](?:call_)?(?:result|response)$/.test(typeOf(part));
}

const RESULT_KEYS = ['toolResult', 'functionResponse', 'function_response', 'tool_call_result'];

export function resultIn(part: JsonObject): { id: string | null; content: unknown }[] {
  const result = isResult(part) ? part : RESULT_KEYS.map((key) => part[key]).find(isObject);
  if (result === undefined) return [];
  const given = first(result, ['content', 'response', 'output', 'result']);
  const content = isObject(given) && 'value' in given && 'type' in given ? given['value'] : onlyText(given);
  // Haystack names the call that it comes from.
  const named = isObject(result['origin']) ? result['origin'] : result;
  return [{ id: text(first(named, ID_KEYS)), content }];
}

/** A text alone in a list may hold many passages. */
function onlyText(given: unknown): unknown {
  const only = isArray(given) && given.length === 1 && isObject(given[0]) ? given[0] : {};
  const isText = Object.keys(only).every((key) => key === 'text' || key === 'type');
  return isText ? (text(only['text']) ?? given) : given;
}

/** The AI SDK's messages of a page keep a call and what it brought in one part: `tool-NAME`, `dynamic-tool`, `tool-invocation`. */
export function expandedParts(parts: readonly JsonObject[]): JsonObject[] {
  return parts.flatMap((part) => {
    const type = typeOf(part);
    const used = isObject(part['toolInvocation']) ? part['toolInvocation'] : part;
    const given = first(used, ['input', 'args']);
    if (isResult(part) || !/^(?:tool-|dynamic-tool$)/.test(type) || given === undefined) return [part];
    const name = text(used['toolName']) ?? type.replace('tool-', '');
    const call = { type: 'tool_use', id: used['toolCallId'], name, input: given };
    const found = first(used, ['output', 'result', 'errorText']);
    const result = { type: 'tool_result', tool_use_id: used['toolCallId'], content: found };
    return found === undefined || type === 'tool-call' ? [type === 'tool-call' ? part : call] : [call, result];
  });
}
