/** Evaluations of retrieval (Ragas, DeepEval) and pipelines that retrieve (Haystack, LlamaIndex): what was found or called stands beside the answer, and becomes the steps before it. */
import { first, isObject, parsed, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { readLiteral } from '../text/literal';
import { known, listOf, objectOf, without } from '../reading/writer';
import type { Writer } from '../reading/writer';

const CONTEXTS = ['retrieved_contexts', 'retrieval_context', 'retrievalContext', 'contexts'];

/** A list of texts; in tables as Python prints it, or, of DeepEval, with a sign between them. */
function contextsOf(row: JsonObject): readonly unknown[] {
  const given = first(row, CONTEXTS);
  if (typeof given !== 'string' || given === '') return listOf(given);
  return given.startsWith('[') ? listOf(parsed(given) ?? readLiteral(given)?.value) : given.split('|');
}

function called(name: unknown, given: unknown, found: unknown): JsonObject[] {
  return [
    { role: 'assistant', content: '', tool_calls: [{ function: { name, arguments: given } }] },
    { role: 'tool', content: found ?? '' },
  ];
}

/** Of a single retrieval the question is what was asked. */
function retrieved(question: unknown, contexts: readonly unknown[]): JsonObject[] {
  return contexts.length === 0
    ? []
    : called(
        'retrieve',
        { query: question },
        contexts.map((one) => (typeof one === 'string' ? { text: one } : one)),
      );
}

/** Its data sets, and tables of its results; before 0.2 `answer` is what was answered. */
export const ragas: Writer = {
  name: 'Ragas',
  keys: [],
  mine: (row) =>
    contextsOf(row).length > 0 &&
    ('user_input' in row
      ? text(row['response']) !== null
      : 'answer' in row && ('ground_truth' in row || 'ground_truths' in row)),
  rows: (row) => {
    const question = row['user_input'] ?? row['question'];
    const said = 'user_input' in row ? 'response' : 'answer';
    const answer = { role: 'assistant', content: row[said] };
    const rest = without(row, [...CONTEXTS, 'user_input', said]);
    return [{ ...rest, question, completion: [...retrieved(question, contextsOf(row)), answer] }];
  },
};

/** Haystack: what a pipeline's `AnswerBuilder` gave, each answer with the documents that it was built from. */
export const haystack: Writer = {
  name: 'Haystack',
  keys: [],
  mine: (row) => answersIn(row).length > 0,
  rows: (row) =>
    answersIn(row).map(({ query, data, documents, meta }) => {
      const chat = listOf(objectOf(meta)['all_messages']);
      const said = chat.length > 1 ? chat : [{ role: 'assistant', content: data }];
      return {
        ...known({ question: query }),
        completion: [...(chat.length > 1 ? [] : retrieved(query, listOf(documents).map(documentOf))), ...said],
      };
    }),
};

/** Older versions write a class with what it is made of. */
function madeOf(value: unknown): JsonObject {
  const { init_parameters: inner, ...rest } = objectOf(value);
  return isObject(inner) ? inner : rest;
}

function answersIn(row: JsonObject): readonly JsonObject[] {
  for (const value of [row, ...Object.values(row)]) {
    const answers = listOf(objectOf(value)['answers']).map(madeOf);
    if (answers.length > 0 && answers.every((one) => 'query' in one && 'data' in one && 'documents' in one))
      return answers;
  }
  return [];
}

function documentOf(value: unknown): JsonObject {
  const { content, title, meta } = madeOf(value);
  return known({ title: title ?? objectOf(meta)['title'], text: content });
}

/** LlamaIndex: a response with the nodes that it was built from. */
export const llamaIndex: Writer = {
  name: 'a response of LlamaIndex',
  keys: ['response', 'source_nodes'],
  mine: (row) => typeof row['response'] === 'string' && ['query', 'question', 'query_str'].some((key) => key in row),
  rows: (row) => {
    const question = first(row, ['question', 'query', 'query_str']);
    const found = listOf(row['source_nodes']).map((one) => {
      const { text: words, metadata } = objectOf(objectOf(one)['node'] ?? one);
      return known({ title: objectOf(metadata)['title'], text: words });
    });
    const answer = { role: 'assistant', content: row['response'] };
    return [
      {
        ...without(row, ['source_nodes', 'response', 'query', 'query_str', 'metadata']),
        question,
        completion: [...retrieved(question, found), answer],
      },
    ];
  },
};

/** Its data sets, results and saved test runs, which have other names for the same. */
export const deepEval: Writer = {
  name: 'DeepEval',
  keys: ['input'],
  mine: (row) => typeof first(row, ['actualOutput', 'actual_output']) === 'string',
  rows: (row) => {
    const { input: question } = row;
    const tools = listOf(first(row, ['toolsCalled', 'tools_called']))
      .filter(isObject)
      .flatMap((tool) =>
        called(tool['name'], first(tool, ['inputParameters', 'input_parameters']) ?? '', tool['output']),
      );
    const scores = listOf(first(row, ['metricsData', 'metrics_data']))
      .map(objectOf)
      .map(({ name, score }) => [text(name) ?? '', score] as const);
    const right = first(row, ['expectedOutput', 'expected_output']);
    const answer = { role: 'assistant', content: first(row, ['actualOutput', 'actual_output']) };
    return [
      {
        ...known({ question, golden_answers: right, rewards: scores.length > 0 ? Object.fromEntries(scores) : null }),
        completion: [...(tools.length > 0 ? tools : retrieved(question, contextsOf(row))), answer],
      },
    ];
  },
};
