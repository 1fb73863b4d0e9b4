/** Evaluations of retrieval (Ragas, DeepEval): what was found or called stands beside the answer, and becomes the steps before it. */
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
