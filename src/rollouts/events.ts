/** What happens in a completion, in order, whatever notation it was written in. */
import { first, isObject } from './json';

export interface RolloutEvent {
  kind: 'think' | 'search' | 'information' | 'answer';
  text: string;
  /** Characters [start, end) of the completion, tags included. */
  start: number;
  end: number;
  /** False where its end tag is missing. */
  closed: boolean;
  /** Passages where they were structured already. */
  content?: unknown;
}

const KINDS: Readonly<Record<string, RolloutEvent['kind']>> = {
  think: 'think',
  thinking: 'think',
  reasoning: 'think',
  search: 'search',
  tool_call: 'search',
  information: 'information',
  tool_response: 'information',
  result: 'information',
  documents: 'information',
  answer: 'answer',
};
const TAG = new RegExp(`<(/?)(${Object.keys(KINDS).join('|')})>`, 'g');
/** Marks of chat templates, and the bare role lines that are left where special tokens were not decoded. */
const CHAT = /<\|[a-z_]+\|>(?:system|user|assistant|tool)?|^(?:system|user|assistant|tool)$/gm;

/**
 * Tagged text (`<think> <search> <information> <answer>` of Search-R1, `<tool_call> <tool_response>` of Qwen's and Hermes'
 * templates) as events. Text outside of tags counts as thought. A tag that is never closed reaches up to the next tag.
 *
 * @param offset of the text within the completion
 */
export function textEvents(source: string, offset = 0): RolloutEvent[] {
  const events: RolloutEvent[] = [];
  const loose = (from: number, to: number): void => {
    const said = source.slice(from, to).replace(CHAT, '').trim();
    if (said !== '') {
      events.push({ kind: 'think', text: said, start: offset + from, end: offset + to, closed: true });
    }
  };
  let open: { tag: string; at: number; content: number } | null = null;
  let last = 0;
  for (const match of source.matchAll(TAG)) {
    const [whole, slash, tag = ''] = match;
    const after = match.index + whole.length;
    if (open !== null) {
      // Passages may hold anything; only their own end tag ends them.
      const inside = KINDS[open.tag] === 'information' || KINDS[open.tag] === 'answer';
      if (inside && !(slash !== '' && tag === open.tag)) continue;
      const closed = slash !== '' && tag === open.tag;
      events.push(event(source, open, match.index, closed ? after : match.index, closed, offset));
      open = null;
      last = closed || slash !== '' ? after : match.index;
    } else if (slash !== '') {
      // An end without a beginning: templates put the opening <think> into the prompt.
      loose(last, match.index);
      last = after;
    }
    if (slash === '') {
      loose(last, match.index);
      open = { tag, at: match.index, content: after };
    }
  }
  if (open !== null) events.push(event(source, open, source.length, source.length, false, offset));
  else loose(last, source.length);
  return events;
}

function event(
  source: string,
  open: { tag: string; at: number; content: number },
  contentEnd: number,
  end: number,
  closed: boolean,
  offset: number,
): RolloutEvent {
  const kind = KINDS[open.tag] ?? 'think';
  const text = source.slice(open.content, contentEnd).trim();
  return { kind, text: kind === 'search' ? queryOf(text) : text, start: offset + open.at, end: offset + end, closed };
}

const QUERY_KEYS = [
  ...['arguments', 'parameters', 'function'],
  ...['query', 'q', 'queries', 'query_list', 'search_query', 'question', 'input', 'text'],
];

/** The query within a call's JSON ({"name", "arguments": {"query"}}), or the text itself. */
function queryOf(source: string): string {
  if (!source.startsWith('{') && !source.startsWith('[')) return source;
  try {
    return callQuery(JSON.parse(source));
  } catch {
    return source;
  }
}

/** @param call arguments of a tool, or an object that holds them; strings may be JSON again */
export function callQuery(call: unknown): string {
  if (typeof call === 'string') {
    const source = call.trim();
    return source.startsWith('{') ? queryOf(source) : source;
  }
  if (Array.isArray(call)) return call.map(callQuery).join('; ');
  if (!isObject(call)) return String(call);
  const inner = first(call, QUERY_KEYS);
  if (inner !== undefined) return callQuery(inner);
  const values = Object.values(call);
  return values.length === 1 ? callQuery(values[0]) : JSON.stringify(call);
}
