/** What evaluation programs write of each question: lm-evaluation-harness, OpenCompass, HELM, lighteval, BrowseComp-Plus. */
import { first, isArray, isObject } from '../text/json';
import type { JsonObject } from '../text/json';
import { sameName } from '../reading/continuing';
import { SkippedRow } from '../reading/record';
import { known, listOf, objectOf, SUPERSEDES, without } from '../reading/writer';
import type { Writer } from '../reading/writer';

/** lm-evaluation-harness: `samples_TASK.jsonl`, a row for each sample and filter of its answers. */
export const lmEval: Writer = {
  name: 'lm-evaluation-harness',
  keys: ['doc', 'resps'],
  rows: (row, file) => {
    const doc = objectOf(row['doc']);
    const responses = listOf(row['resps']).flatMap((one): readonly unknown[] => (isArray(one) ? one : [one]));
    const said = responses.filter((one) => typeof one === 'string');
    if (said.length === 0) throw new SkippedRow('likelihoods of given choices: no text that a model wrote');
    const { arguments: given } = row;
    const asked = isArray(given) ? listOf(given[0])[0] : objectOf(objectOf(given)['gen_args_0'])['arg_0'];
    // Of a chat template the messages, as text in a list.
    const prompt = isArray(asked) ? asked[0] : asked;
    const rest = without(row, ['doc', 'resps', 'filtered_resps', 'arguments', 'metrics']);
    return said.map((completion, k) => ({
      ...rest,
      ...known({ question: first(doc, ['question', 'query', 'problem']), target: row['target'] ?? doc['answer'] }),
      ...(typeof prompt === 'string' ? { prompt } : {}),
      completion,
      // The same answers come again with each filter.
      ...('filter' in row ? { [SUPERSEDES]: sameName([file, row['doc_id'], row['doc_hash'], k, completion]) } : {}),
    }));
  },
};

/** OpenCompass: predictions by their number. */
export const openCompass: Writer = {
  name: 'OpenCompass',
  keys: ['origin_prompt', 'prediction'],
  rows: ({ origin_prompt: prompt, prediction: completion, ...rest }) => [
    { ...rest, prompt: isArray(prompt) ? prompt.filter(isObject).map(openCompassTurn) : prompt, completion },
  ],
};

function openCompassTurn({ role, prompt }: JsonObject): JsonObject {
  return { role: role === 'BOT' ? 'assistant' : role === 'SYSTEM' ? 'system' : 'user', content: prompt };
}

/** HELM: the states of its requests. */
export const helm: Writer = {
  name: 'HELM',
  keys: ['instance', 'request', 'result'],
  rows: (row) => {
    const { input, references } = objectOf(row['instance']);
    const right = listOf(references)
      .filter(isObject)
      .filter(({ tags }) => listOf(tags).includes('correct'))
      .map(({ output }) => objectOf(output)['text']);
    return listOf(objectOf(row['result'])['completions']).map((one) => ({
      ...without(row, ['instance', 'request', 'result']),
      question: objectOf(input)['text'],
      golden_answers: right,
      completion: objectOf(one)['text'],
    }));
  },
};

/** lighteval: details of a task. */
export const lighteval: Writer = {
  name: 'lighteval',
  keys: ['doc', 'model_response'],
  rows: (row) => {
    const { query, choices, gold_index: gold } = objectOf(row['doc']);
    const right = (isArray(gold) ? gold : [gold]).map((k) => (typeof k === 'number' ? listOf(choices)[k] : undefined));
    const said = objectOf(row['model_response'])['text'];
    return (isArray(said) ? said : [said]).map((completion) => ({
      ...without(row, ['doc', 'model_response']),
      prompt: query,
      golden_answers: right.filter((one) => one !== undefined),
      completion,
    }));
  },
};

/** BrowseComp-Plus: what an agent did, item by item; the question stands in a file of its own. */
export const browseComp: Writer = {
  name: 'BrowseComp-Plus',
  keys: ['query_id', 'result'],
  mine: ({ result }) => listOf(result).some((item) => 'tool_name' in objectOf(item)),
  rows: (row) => [
    {
      ...without(row, ['result']),
      messages: [
        ...('query' in row ? [{ role: 'user', content: row['query'] }] : []),
        ...listOf(row['result']).filter(isObject).flatMap(browseCompTurn),
      ],
    },
  ],
};

function browseCompTurn({ type, tool_name: name, arguments: given, output }: JsonObject): JsonObject[] {
  const said = isArray(output) ? output.filter((one) => typeof one === 'string').join('\n') : output;
  if (type === 'reasoning') return [{ role: 'assistant', content: '', reasoning_content: said }];
  if (type !== 'tool_call') return [{ role: 'assistant', content: said }];
  return [
    { role: 'assistant', content: '', tool_calls: [{ function: { name, arguments: given } }] },
    { role: 'tool', content: output ?? '' },
  ];
}
