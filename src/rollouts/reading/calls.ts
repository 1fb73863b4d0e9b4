/** What a call asks for, in whatever notation it is written. */
import { first, isArray, isObject, parsed } from '../text/json';
import type { JsonObject } from '../text/json';
import { readLiteral } from '../text/literal';

const QUERY_KEYS = [
  ...['arguments', 'parameters', 'args', 'kwargs', 'params', 'function'],
  ...['query', 'q', 'queries', 'query_list', 'search_query', 'search_queries', 'question', 'keyword', 'keywords'],
  ...['search_term', 'term', 'input', 'text', 'url', 'urls'],
];
/** Deeper than any call. */
const MOST_DEPTH = 20;

/** `<parameter=query>x</parameter>` (Qwen), `<parameter name="query">x</parameter>`, `<arg_value>x</arg_value>` (GLM). */
const PARAMETER = /<(?:parameter(?:=|\s{1,9}name=)"?([\w-]{1,80})"?[^<>]{0,200}|(?:arg_value|query|argument))>/g;
/** search(query="x"), alone or in a list. */
const PYTHON_CALL = /^\[?\s{0,9}[A-Za-z_][\w.]{0,80}\(/;

const FENCED = /^```(?:json|python|tool_code)?\s([\s\S]*?)\s?```$/;

/** The query within the text of a call: JSON, XML or Python, or the text itself. */
export function queryOf(source: string): string {
  const said = source.trim().replace(FENCED, '$1').trim();
  const parameters = said.startsWith('<') || said.includes('<arg_value>') ? parametersOf(said) : [];
  if (parameters.length > 0) return asked(Object.fromEntries(parameters), 0);
  if (!/^[[{]/.test(said) && !PYTHON_CALL.test(said)) return said;
  const call = parsed(said) ?? readLiteral(said)?.value;
  return call === undefined || call === null ? said : asked(call, 0);
}

function parametersOf(source: string): [string, unknown][] {
  const found: [string, unknown][] = [];
  let to = -1;
  for (const match of source.matchAll(PARAMETER)) {
    const from = match.index + match[0].length;
    if (to < from) to = source.indexOf('</', from);
    if (to < 0) to = source.length;
    const said = source.slice(from, to).trim();
    found.push([match[1] ?? `argument ${found.length}`, said.startsWith('[') ? (parsed(said) ?? said) : said]);
  }
  return found;
}

/** @param call arguments of a tool, or an object that holds them; strings may be JSON again */
export function callQuery(call: unknown): string {
  return asked(call, 0);
}

function asked(call: unknown, depth: number): string {
  if (depth > MOST_DEPTH) return '';
  if (typeof call === 'string') {
    const inner = /^\s*[[{]/.test(call) ? (parsed(call) ?? readLiteral(call)?.value) : undefined;
    return inner === undefined || inner === null ? call.trim() : asked(inner, depth + 1);
  }
  if (isArray(call)) return call.map((one) => asked(one, depth + 1)).join('; ');
  if (!isObject(call)) return String(call);
  return askedBy(call, depth);
}

function askedBy(call: JsonObject, depth: number): string {
  // A function that is a name says nothing of what is asked.
  const { function: named, ...others } = call;
  const inner = first(typeof named === 'string' ? others : call, QUERY_KEYS);
  if (inner !== undefined) return asked(inner, depth + 1);
  const values = Object.values(call);
  const [only] = values;
  return values.length === 1 ? asked(only, depth + 1) : JSON.stringify(call);
}
