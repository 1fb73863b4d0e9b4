/** Chats of other makes as messages of the common shape: `role`, `content`, `tool_calls`, `tool_call_id`, `reasoning_content`. */
import { isArray, isObject, parsed, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { known, listOf } from '../reading/writer';

/** OpenAI's Responses items: messages, reasoning, function calls and their results. */
export function responseItems(items: unknown): JsonObject[] {
  if (typeof items === 'string') return [{ role: 'user', content: items }];
  const messages: JsonObject[] = [];
  let thought: string[] = [];
  for (const item of listOf(items).filter(isObject)) {
    const { type, role, content } = item;
    const reasoning = thought.length > 0 ? { reasoning_content: thought.join('\n') } : {};
    const own = ownCall(item);
    if (own !== null) {
      messages.push({ ...own.called, ...reasoning }, ...own.found);
      thought = [];
    } else if (type === 'reasoning') {
      const parts = listOf(item['content']).length > 0 ? item['content'] : item['summary'];
      thought.push(partsText(parts));
    } else if (type === 'function_call') {
      const { call_id: id, name, arguments: given } = item;
      const call = { id, type: 'function', function: { name, arguments: given } };
      messages.push({ role: 'assistant', content: '', tool_calls: [call], ...reasoning });
      thought = [];
    } else if (type === 'function_call_output' || type === 'custom_tool_call_output') {
      messages.push({ role: 'tool', tool_call_id: item['call_id'], content: outputOf(item['output']) });
    } else if (typeof role === 'string') {
      const written = role === 'assistant' ? reasoning : {};
      if (role === 'assistant') thought = [];
      messages.push({ role: role === 'developer' ? 'system' : role, content: partsText(content), ...written });
    }
  }
  if (thought.length > 0) messages.push({ role: 'assistant', content: '', reasoning_content: thought.join('\n') });
  return messages;
}

/** Calls of OpenAI's own tools, which hold what they brought: of the web nothing but that it was searched. */
function ownCall(item: JsonObject): { called: JsonObject; found: JsonObject[] } | null {
  const { type, id = item['call_id'], name, output, results } = item;
  const action = isObject(item['action']) ? item['action'] : {};
  const called = (tool: unknown, given: unknown): JsonObject => ({
    role: 'assistant',
    content: '',
    tool_calls: [{ id, type: 'function', function: { name: tool, arguments: given } }],
  });
  const found = (content: unknown): JsonObject[] =>
    content === undefined || content === null ? [] : [{ role: 'tool', tool_call_id: id, content }];
  if (type === 'web_search_call' || type === 'web_search_preview_call') {
    const asked = { query: action['query'] ?? action['queries'] ?? action['url'] ?? item['query'] ?? '' };
    return { called: called('web_search', asked), found: found(results ?? '') };
  }
  if (type === 'file_search_call') {
    return { called: called('file_search', { query: item['queries'] }), found: found(results ?? '') };
  }
  if (type === 'mcp_call') return { called: called(name, item['arguments']), found: found(output ?? item['error']) };
  if (type !== 'custom_tool_call') return null;
  const asked = { id: item['call_id'], type: 'function', function: { name, arguments: { input: item['input'] } } };
  return { called: { role: 'assistant', content: '', tool_calls: [asked] }, found: [] };
}

function outputOf(output: unknown): unknown {
  return isArray(output) ? partsText(output) : output;
}

/** The text of content in parts. */
export function partsText(content: unknown): string {
  if (!isArray(content)) return text(content) ?? '';
  return content.map((part) => (isObject(part) ? (text(part['text']) ?? '') : (text(part) ?? ''))).join('');
}

/**
 * Messages as they are but for what files do to them: keys that are null (Parquet's structs have them all), calls as JSON
 * within text, thoughts as a part of the content.
 */
export function plainMessages(messages: unknown): JsonObject[] {
  return listOf(messages)
    .filter(isObject)
    .map((message) => {
      const calls = message['tool_calls'];
      const list = typeof calls === 'string' ? parsed(calls) : calls;
      const { content, ...rest } = known(message);
      const thought = listOf(content)
        .filter(isObject)
        .map((part) => text(part['reasoning']) ?? text(part['thinking']))
        .filter((said) => said !== null);
      return {
        ...rest,
        content: isArray(content) ? partsText(content) : (content ?? ''),
        ...(thought.length > 0 ? { reasoning_content: thought.join('\n') } : {}),
        ...(isArray(list)
          ? { tool_calls: list.map((call) => (typeof call === 'string' ? (parsed(call) ?? call) : call)) }
          : {}),
      };
    });
}
