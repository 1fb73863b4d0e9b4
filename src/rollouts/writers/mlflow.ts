/** MLflow's traces: the spans of a question, as `Trace.to_json()` or a table of `search_traces` writes them. */
import { isArray, isObject, parsed, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { known, listOf, objectOf } from '../reading/writer';
import type { Writer } from '../reading/writer';
import { chatIn, objectIn } from './exports';

/** The trace, or the text of it in a column of a table. */
function traceIn(row: JsonObject): { info: JsonObject; spans: readonly JsonObject[] } | null {
  const { info, data } = objectIn(row['trace']) ?? row;
  const { spans } = objectOf(data);
  return isArray(spans) ? { info: objectOf(info), spans: spans.filter(isObject) } : null;
}

export const mlflow: Writer = {
  name: 'MLflow’s traces',
  keys: [],
  mine: (row) => ('trace' in row || ('info' in row && 'data' in row)) && traceIn(row) !== null,
  rows: (row) => {
    const { info, spans } = traceIn(row) ?? { info: {}, spans: [] };
    const about = assessedIn(info);
    const sides = [...spans].sort((a, b) => startOf(a) - startOf(b)).map(sidesOf);
    const [root] = sides;
    const whole = root && objectOf(root.said)['messages'];
    if (isArray(whole)) return [{ ...about, messages: whole }];
    const chats = sides.filter(({ kind, asked }) => MODELS.includes(kind) && isObject(asked));
    if (chats.length > 0) return chats.map(({ asked, said }) => ({ ...about, request: asked, response: said }));
    return root === undefined ? [] : [{ ...about, messages: toldBy(root, sides.slice(1)) }];
  },
};

/** Types of spans. */
const MODELS = ['CHAT_MODEL', 'LLM'];
const TOOLS = ['TOOL', 'RETRIEVER'];

interface Sides {
  kind: string;
  name: unknown;
  asked: unknown;
  said: unknown;
}

/** An attribute is JSON as text. */
function sidesOf({ name, attributes }: JsonObject): Sides {
  const given = objectOf(attributes);
  const of = (key: string): unknown => {
    const value = given[`mlflow.${key}`];
    return typeof value === 'string' ? (parsed(value) ?? value) : value;
  };
  return { kind: text(of('spanType')) ?? '', name, asked: of('spanInputs'), said: of('spanOutputs') };
}

function startOf(span: JsonObject): number {
  return Number(span['start_time_unix_nano'] ?? span['start_time'] ?? 0);
}

/** Without spans of a model: what the first one was asked, what its tools found, and what it answered. */
function toldBy({ asked, said }: Sides, inner: readonly Sides[]): unknown[] {
  const chat = chatIn(asked);
  const question = isObject(asked) ? Object.values(asked).find((value) => typeof value === 'string') : asked;
  const begins = isArray(chat) ? chat : [{ role: 'user', content: question }];
  const turns = inner
    .filter(({ kind }) => TOOLS.includes(kind))
    .flatMap(({ name, asked: given, said: found }) => [
      { role: 'assistant', content: '', tool_calls: [{ function: { name, arguments: given } }] },
      { role: 'tool', content: found },
    ]);
  const answer = isObject(said) ? (Object.values(said).find((value) => typeof value === 'string') ?? '') : said;
  return [...begins, ...turns, { role: 'assistant', content: answer }];
}

/** What is right, and what feedback says of it. */
function assessedIn({ assessments }: JsonObject): JsonObject {
  const list = listOf(assessments).filter(isObject);
  const right = list
    .map(({ expectation }) => objectOf(expectation)['value'])
    .filter((value) => typeof value === 'string');
  const scores = list.flatMap(({ assessment_name: name, feedback }) => {
    const { value } = objectOf(feedback);
    return typeof value === 'number' || typeof value === 'boolean' ? [[text(name) ?? '', value] as const] : [];
  });
  return known({
    golden_answers: right.length > 0 ? right : null,
    rewards: scores.length > 0 ? Object.fromEntries(scores) : null,
  });
}
