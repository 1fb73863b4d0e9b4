/** Spans of OpenTelemetry and OpenInference: of a model what it was told and what it said; alone, as events, or in an export of OTLP. */
import { continuing } from '../reading/continuing';
import { isMessages } from '../reading/messages';
import { SkippedRow } from '../reading/record';
import { first, isArray, isObject, parsed, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { readLiteral } from '../text/literal';
import { listOf, objectOf } from '../reading/writer';
import type { Writer } from '../reading/writer';

/** OpenTelemetry's, OpenInference's, and of Traceloop's older instrumentations. */
const ASKED = ['gen_ai.input.messages', 'llm.input_messages', 'gen_ai.prompt'];
const SAID = ['gen_ai.output.messages', 'llm.output_messages', 'gen_ai.completion'];
const OF_SPANS = /^(?:attributes\.)?(?:gen_ai|llm|openinference)\./;

/** An object, also as text, or OTLP's list of keys and values. */
function attributesOf(row: JsonObject): JsonObject {
  const given = row['attributes'] ?? row['span_attributes'];
  const whole = typeof given === 'string' && given.startsWith('{') ? parsed(given) : given;
  return isArray(whole) ? keyed(whole) : objectOf(whole);
}

function keyed(list: unknown): JsonObject {
  const entries = listOf(list).filter(isObject);
  return Object.fromEntries(entries.map(({ key, value }) => [text(key) ?? '', anyValue(value)]));
}

/** OTLP's AnyValue. */
function anyValue(value: unknown): unknown {
  const { arrayValue, kvlistValue, ...single } = objectOf(value);
  if (arrayValue !== undefined) return listOf(objectOf(arrayValue)['values']).map(anyValue);
  if (kvlistValue !== undefined) return keyed(objectOf(kvlistValue)['values']);
  return Object.values(single)[0];
}

/** A span's attribute, in an object of them or as a column of its own; the SDKs flatten what OpenInference nests, and Phoenix nests it by the dots. */
function attribute(row: JsonObject, names: readonly string[]): unknown {
  const inner = attributesOf(row);
  for (const name of names) {
    const [head = '', ...rest] = name.split('.');
    const found =
      inner[name] ?? row[`attributes.${name}`] ?? row[name] ?? at(inner[head], rest) ?? nestedAt(inner, name);
    // In tables as JSON, or as Python prints it.
    if (typeof found === 'string') return parsed(found) ?? readLiteral(found)?.value;
    if (found !== undefined && found !== null) return found;
  }
  return undefined;
}

function at(value: unknown, path: readonly string[]): unknown {
  const inner = objectOf(value);
  return (
    inner[path.join('.')] ?? (path.length > 1 ? objectOf(inner[path[0] ?? ''])[path.slice(1).join('.')] : undefined)
  );
}

/** `llm.input_messages.0.message.role` and its like as what they are. */
function nestedAt(attributes: JsonObject, name: string): unknown {
  const entries = Object.entries(attributes).filter(([key]) => key.startsWith(`${name}.`));
  if (entries.length === 0) return undefined;
  // Of a long chat the SDK drops the oldest attributes: nothing else says what was asked.
  if (!entries.some(([key]) => key.startsWith(`${name}.0.`))) throw new SkippedRow(CUT);
  return nested(entries.map(([key, value]) => [key.slice(name.length + 1).split('.'), value]));
}

type Leaf = readonly [path: readonly string[], value: unknown];

function nested(leaves: readonly Leaf[]): unknown {
  const groups = new Map<string, Leaf[]>();
  for (const [[head, ...rest], value] of leaves) {
    if (head === undefined) return value;
    const group = groups.get(head) ?? [];
    group.push([rest, value]);
    groups.set(head, group);
  }
  const entries = Array.from(groups, ([key, inner]) => [key, nested(inner)] as const);
  if (!entries.every(([key]) => /^\d{1,9}$/.test(key))) return Object.fromEntries(entries);
  return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value);
}

/** `message.role`, `{"message": {"role": ..}}` and their like as `role`. */
function unprefixed(value: unknown): unknown {
  if (isArray(value)) return value.map(unprefixed);
  if (!isObject(value)) return value;
  const [only] = Object.keys(value);
  if (only !== undefined && /^(?:message|tool_call|message_content)$/.test(only) && isObject(value[only])) {
    return unprefixed(value[only]);
  }
  const entries = Object.entries(value).map(([key, one]) => {
    const short = key
      .replace(/^(?:message|tool_call)\./, '')
      .replace(/^function\./, '')
      .replace(/^contents$/, 'content');
    return [short, short === 'content' && !isArray(one) ? one : unprefixed(one)] as const;
  });
  return Object.fromEntries(entries);
}

function isSpan(row: JsonObject): boolean {
  const inner = Object.hasOwn(row, 'attributes') || Object.hasOwn(row, 'span_attributes');
  const { context } = row;
  const hasId = 'span_id' in row || 'spanId' in row || 'context.span_id' in row;
  const isTraced = hasId || (isObject(context) && 'span_id' in context);
  if (isTraced && (inner || Object.keys(row).some((key) => OF_SPANS.test(key)))) return true;
  return (inner || Object.keys(row).some((key) => OF_SPANS.test(key))) && isArray(attribute(row, ASKED));
}

export const spans: Writer = {
  name: 'spans of OpenTelemetry or OpenInference',
  keys: [],
  mine: isSpan,
  rows: (row) => {
    const chat = chatOf(row);
    if (chat === null) throw new SkippedRow(NO_CHAT);
    return [chat];
  },
};

const CUT = 'its first messages were dropped where it was traced: OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT is too low';
const NO_CHAT =
  'a span without messages: those of a model have them where they are kept (OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT)';

function chatOf(row: JsonObject): JsonObject | null {
  const asked = attribute(row, ASKED);
  if (!isArray(asked)) return null;
  const prompt = asked.map(unprefixed);
  if (!isMessages(prompt)) throw new SkippedRow(CUT);
  const said = attribute(row, SAID);
  if (said === undefined) return null;
  const about = attribute(row, ['metadata']);
  return continuing({
    ...Object.fromEntries(
      Object.entries(row).filter(([key]) => !/^(?:span_)?attributes/.test(key) && !OF_SPANS.test(key)),
    ),
    ...(isObject(about) ? { metadata: about } : {}),
    prompt,
    completion: listOf(isArray(said) ? said : [said]).map(unprefixed),
  });
}

const LISTS = [
  ['resourceSpans', 'scopeSpans', 'spans'],
  ['resourceLogs', 'scopeLogs', 'logRecords'],
] as const;

function exportedIn(row: JsonObject): readonly JsonObject[] {
  for (const [resources, scopes, records] of LISTS) {
    const found = listOf(row[resources])
      .flatMap((resource) => listOf(objectOf(resource)[scopes]))
      .flatMap((scope) => listOf(objectOf(scope)[records]))
      .filter(isObject);
    if (found.length > 0) return found.sort((a, b) => startOf(a) - startOf(b));
  }
  return [];
}

function startOf(record: JsonObject): number {
  return Number(first(record, ['startTimeUnixNano', 'timeUnixNano', 'observedTimeUnixNano']) ?? 0);
}

/** An export of OTLP as JSON, as the collector's file exporter writes one a line. */
export const otlp: Writer = {
  name: 'an export of OpenTelemetry',
  keys: [],
  mine: (row) => LISTS.some(([resources]) => isArray(row[resources])),
  rows: (row) => {
    const chats = exportedIn(row)
      .map(chatOf)
      .filter((chat) => chat !== null);
    if (chats.length === 0) throw new SkippedRow(NO_CHAT);
    return chats;
  },
};
