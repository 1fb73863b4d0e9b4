/** What evaluation programs write of each question: lm-evaluation-harness, FlashRAG, OpenCompass. */
import { first, isArray, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { known, listOf, objectOf, without } from '../reading/writer';
import type { Writer } from '../reading/writer';

/** lm-evaluation-harness: `samples_TASK.jsonl`. */
export const lmEval: Writer = {
  name: 'lm-evaluation-harness',
  keys: ['doc', 'resps'],
  rows: (row) => {
    const doc = objectOf(row['doc']);
    const responses = listOf(row['resps']).flatMap((one): readonly unknown[] => (isArray(one) ? one : [one]));
    const { arguments: given } = row;
    const asked = isArray(given) ? listOf(given[0])[0] : objectOf(objectOf(given)['gen_args_0'])['arg_0'];
    const rest = without(row, ['doc', 'resps', 'filtered_resps', 'arguments', 'metrics']);
    return responses
      .filter((one) => typeof one === 'string')
      .map((completion) => ({
        ...rest,
        ...known({ question: first(doc, ['question', 'query', 'problem']), target: row['target'] ?? doc['answer'] }),
        ...(typeof asked === 'string' ? { prompt: asked } : {}),
        completion,
      }));
  },
};

/** FlashRAG, and who evaluates with it (ReSearch): what the pipeline made of a question stands in `output`. */
export const flashrag: Writer = {
  name: 'FlashRAG',
  keys: ['question', 'golden_answers', 'output'],
  mine: ({ output }) => isObject(output) && !('role' in output),
  rows: (row) => {
    const output = objectOf(row['output']);
    const whole = text(first(output, ['final_response', 'raw_pred', 'response', 'solution_str', 'pred']));
    const scores = objectOf(output['metric_score']);
    return [
      {
        ...without(row, ['output']),
        ...known({ prompt: output['prompt'], em: scores['em'] ?? null }),
        completion: whole ?? '',
      },
    ];
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
