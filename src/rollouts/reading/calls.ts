/** What a call asks for, in whatever notation it is written. */
import { first, isArray, isObject, parsed, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { readLiteral } from '../text/literal';

const QUERY_KEYS = [
  ...['arguments', 'parameters', 'args', 'kwargs', 'tool_kwargs', 'params', 'action_input', 'function'],
  ...['query', 'q', 'queries', 'query_list', 'search_query', 'search_queries', 'question', 'keyword', 'keywords'],
  ...['search_term', 'term', 'input', 'text', 'url', 'urls'],
];
/** Deeper than any call. */
const MOST_DEPTH = 20;

/** `<parameter=query>x</parameter>` (Qwen), `<parameter name="query">x</parameter>`, `<arg_value>x</arg_value>` (GLM, behind its key). */
const PARAMETER =
  /<(?:[^<>\s]{0,20}parameter(?:=|\s{1,9}name=)"?([\w-]{1,80})"?[^<>]{0,200}|(?:arg_value|query|arguments?|parameters|tool_input))>/g;
const ARGUMENT_KEY = /<arg_key>\s{0,9}([\w-]{1,80})\s{0,9}<\/arg_key>\s{0,9}$/;
/** search(query="x"), alone or in a list. */
const PYTHON_CALL = /^\[?\s{0,9}([A-Za-z_][\w.]{0,80})\(/;
/** Search[x] of ReAct, search: x */
const BRACKET_CALL = /^([A-Za-z_][\w.]{0,80})\[([\s\S]*)\]$/;
const COLON_CALL =
  /^(?:web_|wiki_|google_|local_)?(?:search|retrieve|lookup|browse|visit|query)\s{0,3}:\s{0,9}(\S[\s\S]*)$/i;
const XML_NAME =
  /^<[^<>\s]{0,20}(?:function=|invoke\s{1,9}name=")([\w.-]{1,80})|<(?:tool_)?name>\s{0,9}([\w.-]{1,80})\s{0,9}</;

/** Hunyuan: the name, then what is given in a fence. */
const NAMED_FENCE = /^([A-Za-z][\w.-]{0,80})\s{1,9}```(?:json)?\s([\s\S]*?)\s?```$/;
/** FunctionGemma: call:search{query:<escape>x<escape>} */
const ESCAPED_CALL = /^(?:call|response):([\w.-]{1,80})\{([\s\S]*)\}$/;
const ESCAPED = /([\w-]{1,80}):<escape>([\s\S]*?)<escape>/g;
const FENCED = /^```(?:json|python|tool_code|xml)?\s([\s\S]*?)\s?```$/;

/** Calls that end a rollout: what they are given is the answer. */
const ANSWERING =
  /^(?:\w{1,40}[.:])?(?:finish(?:ed)?|final_?(?:answer|response|result)?|answer|done|complete(?:_task)?|(?:submit|give|return|provide|report)(?:_(?:the_)?(?:final_)?(?:answer|result|response))?)$/i;
const ANSWER_KEYS = ['answer', 'final_answer', 'response', 'result', 'output', 'value', 'content', 'text'];
const NAME_KEYS = ['name', 'function_name', 'tool_name', 'toolName', 'tool', 'action', 'recipient_name', 'function'];
const ARGUMENT_KEYS = ['arguments', 'parameters', 'args', 'kwargs', 'tool_kwargs', 'params', 'input', 'action_input'];

export interface Asked {
  /** The query, or the answer. */
  text: string;
  answers: boolean;
}

/**
 * What the text of a call asks for: JSON, XML or Python, or the text itself; several where it is a list of calls.
 *
 * @param name of the tool, where it stands beside the text
 */
export function callsWithin(source: string, name: string | null = null): Asked[] {
  const said = source.trim().replace(FENCED, '$1').trim();
  // Most are words, which have no sign of a call.
  if (name === null && !/[<[({:]/.test(said)) return [{ text: said, answers: false }];
  const one = (call: unknown, named: string | null): Asked[] => [askedBy(call, name ?? named)];
  const fenced = NAMED_FENCE.exec(said);
  if (fenced) return one(parsed(fenced[2] ?? '') ?? fenced[2], fenced[1] ?? null);
  const escaped = ESCAPED_CALL.exec(said);
  if (escaped && said.includes('<escape>')) {
    const given = Array.from((escaped[2] ?? '').matchAll(ESCAPED), ([, key = '', value = '']) => [key, value] as const);
    return one(Object.fromEntries(given), escaped[1] ?? null);
  }
  const parameters = said.startsWith('<') || said.includes('<arg_value>') ? parametersOf(said) : [];
  if (parameters.length > 0) {
    return one(
      Object.fromEntries(parameters),
      XML_NAME.exec(said)?.slice(1).find(Boolean) ?? /^[\w.-]{1,80}/.exec(said)?.[0] ?? null,
    );
  }
  const bracket = BRACKET_CALL.exec(said);
  if (bracket) return one(unquoted(bracket[2] ?? ''), bracket[1] ?? null);
  const python = PYTHON_CALL.exec(said);
  if (!/^[[{]/.test(said) && python === null) {
    const colon = COLON_CALL.exec(said)?.[1];
    // Quotation marks within a tag are the query's own.
    return one(colon === undefined && name === null ? said : unquoted(colon ?? said), null);
  }
  const call = parsed(said) ?? readLiteral(said)?.value;
  if (call === undefined || call === null) return one(said, null);
  if (isArray(call) && call.length > 1 && call.every(isCall))
    return call.map((each) => askedBy(each, calledName(each)));
  return one(call, python?.[1] ?? (isArray(call) && call.length === 1 ? calledName(call[0]) : calledName(call)));
}

/** Of a call in an object or list of its own. @param name of the tool, where it stands beside it */
export function askedOf(call: unknown, name: string | null): Asked {
  return askedBy(call, name ?? calledName(call));
}

function askedBy(call: unknown, name: string | null): Asked {
  if (name === null || !ANSWERING.test(name.trim().replace(/ /g, '_'))) return { text: asked(call, 0), answers: false };
  return { text: answerIn(call, 0), answers: true };
}

function answerIn(call: unknown, depth: number): string {
  if (isArray(call) && call.length === 1 && depth < MOST_DEPTH) return answerIn(call[0], depth + 1);
  const whole = typeof call === 'string' && /^\s*\{/.test(call) ? (parsed(call) ?? call) : call;
  if (!isObject(whole)) return asked(whole, 0);
  const inner = isObject(whole['function']) ? whole['function'] : whole;
  const given = first(inner, ARGUMENT_KEYS);
  if (given !== undefined && depth < MOST_DEPTH) return answerIn(given, depth + 1);
  const said = first(whole, ANSWER_KEYS);
  return said === undefined ? asked(whole, 0) : asked(said, 0);
}

/** The tool of a call. */
export function calledName(call: unknown): string | null {
  if (!isObject(call)) return null;
  const name = first(call, NAME_KEYS);
  return typeof name === 'string' ? name : isObject(name) ? text(name['name']) : null;
}

/** Whether an object calls a tool: by its name, with what is given to it. */
export function isCall(value: unknown): boolean {
  return (
    isObject(value) && calledName(value) !== null && (first(value, ARGUMENT_KEYS) !== undefined || 'function' in value)
  );
}

function unquoted(said: string): string {
  return /^"[^"]*"$|^'[^']*'$/.test(said) ? said.slice(1, -1) : said;
}

function parametersOf(source: string): [string, unknown][] {
  const found: [string, unknown][] = [];
  let to = -1;
  const opens = [...source.matchAll(PARAMETER)];
  for (const [k, match] of opens.entries()) {
    const from = match.index + match[0].length;
    if (to < from) to = source.indexOf('</', from);
    if (to < 0) to = source.length;
    const said = source.slice(from, Math.min(to, opens[k + 1]?.index ?? to)).trim();
    // What holds others says nothing itself.
    if (said === '' && to > (opens[k + 1]?.index ?? to)) continue;
    const key = match[1] ?? ARGUMENT_KEY.exec(source.slice(Math.max(0, match.index - 120), match.index))?.[1];
    found.push([key ?? `argument ${found.length}`, said.startsWith('[') ? (parsed(said) ?? said) : said]);
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
  return askedWithin(call, depth);
}

function askedWithin(call: JsonObject, depth: number): string {
  // A function that is a name says nothing of what is asked.
  const { function: named, ...others } = call;
  const inner = first(typeof named === 'string' ? others : call, QUERY_KEYS);
  if (inner !== undefined) return asked(inner, depth + 1);
  const values = Object.values(call);
  const [only] = values;
  return values.length === 1 ? asked(only, depth + 1) : JSON.stringify(call);
}
