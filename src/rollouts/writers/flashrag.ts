/** FlashRAG, and who evaluates with it (ReSearch): what the pipeline made of a question stands in `output`. */
import { first, isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { tagsIn } from '../text/tags';
import { known, listOf, objectOf, without } from '../reading/writer';
import type { Writer } from '../reading/writer';
import { turnsOf, withoutMarks } from '../reading/turns';

export const flashrag: Writer = {
  name: 'FlashRAG',
  keys: ['question', 'golden_answers', 'output'],
  mine: ({ output }) => isObject(output) && !('role' in output),
  rows: (row) => {
    const output = objectOf(row['output']);
    const { prompt } = output;
    const rest = { ...without(row, ['output']), ...known({ em: objectOf(output['metric_score'])['em'] }) };
    const whole = text(first(output, ['final_response', 'raw_pred', 'response', 'solution_str']));
    if (whole !== null) return [{ ...rest, ...known({ prompt }), completion: whole }];
    const question = text(row['question']) ?? '';
    const wrote = typeof prompt === 'string' ? writtenBehind(prompt, question) : null;
    if (wrote !== null) return [{ ...rest, completion: wrote }];
    const said = text(output['pred']) ?? '';
    const searches = searchesOf(output, question);
    if (searches.length === 0) return [{ ...rest, ...known({ prompt }), completion: said }];
    return [{ ...rest, messages: [...searches.flatMap(searchTurns), { role: 'assistant', content: said }] }];
  },
};

/** Pipelines that reason write on in the prompt: what stands behind the question, where it has calls. */
function writtenBehind(prompt: string, question: string): string | null {
  const at = question === '' ? -1 : prompt.indexOf(question);
  const behind = prompt.slice(at + question.length);
  if (at < 0 || !tagsIn(behind).some(({ kind, closes }) => closes && (kind === 'search' || kind === 'answer'))) {
    return null;
  }
  const start = turnsOf(behind, 'user').find(({ role }) => role === 'assistant')?.start ?? 0;
  const own = withoutMarks(behind.slice(0, start)).trim() === '' ? behind.slice(start) : behind;
  return own.replace(/^\s{0,9}Assistant:/, '');
}

interface Search {
  query: string;
  found: readonly unknown[];
}

/** What was retrieved: by number where the model asked, by iteration, or once for the question. */
function searchesOf(output: JsonObject, question: string): Search[] {
  const asked = Object.values(objectOf(output['retrieval_results']))
    .filter(isObject)
    .map(({ query, queries, docs }) => ({ query: queryOf(query ?? queries), found: listOf(docs) }));
  if (asked.length > 0) return asked;
  const rounds: Search[] = [];
  for (let k = 0; isArray(output[`retrieval_result_iter_${k}`]); k += 1) {
    const before = k === 0 ? '' : ` ${text(output[`pred_iter_${k - 1}`]) ?? ''}`;
    rounds.push({ query: `${question}${before}`, found: listOf(output[`retrieval_result_iter_${k}`]) });
  }
  const once = listOf(output['retrieval_result']);
  return rounds.length === 0 && once.length > 0 ? [{ query: question, found: once }] : rounds;
}

function queryOf(value: unknown): string {
  return isArray(value) ? value.map(queryOf).join('; ') : (text(value) ?? '');
}

function searchTurns({ query, found }: Search, k: number): JsonObject[] {
  const id = `search ${k + 1}`;
  const call = { id, type: 'function', function: { name: 'search', arguments: { query } } };
  return [
    { role: 'assistant', content: '', tool_calls: [call] },
    { role: 'tool', tool_call_id: id, content: found },
  ];
}
