/** UNIPO: one object, responses within prompts within entries, each as its tokens. */
import { first, isObject, text } from '../text/json';
import type { JsonObject } from '../text/json';
import { numbersIn, withTokens } from '../reading/token-columns';
import type { Numbers } from '../reading/token-columns';
import { known, listOf, objectOf } from '../reading/writer';
import type { Writer } from '../reading/writer';

const PROMPT = ['question', 'prompt', 'text', 'input'];

export const unipo: Writer = {
  name: 'UNIPO',
  keys: ['entries'],
  mine: ({ entries }) => listOf(entries).some((entry) => isObject(entry) && Array.isArray(entry['prompts'])),
  rows: ({ entries }) =>
    listOf(entries)
      .filter(isObject)
      .flatMap((entry, k) =>
        listOf(entry['prompts'])
          .filter(isObject)
          .flatMap((prompt, place) =>
            listOf(prompt['responses'])
              .filter(isObject)
              .map((response) => responseRow(entry, prompt, response, `${k} ${place}`)),
          ),
      ),
};

function responseRow(entry: JsonObject, prompt: JsonObject, response: JsonObject, group: string): JsonObject {
  const strings = listOf(objectOf(response['tokens'])['strings']);
  return {
    ...known({ ...prompt, ...response, responses: null, tokens: null }),
    step: first(entry, ['step', 'global_step', 'iteration', 'update']),
    prompt: promptText(prompt),
    completion: text(response['text']) ?? strings.map((part) => text(part) ?? '').join(''),
    group,
    ...tokensOf(objectOf(response['tokens']), strings),
  };
}

/** `log_probs` are those of the weights that are trained; the policy that wrote the tokens is `old_log_probs`, where it is there. */
function tokensOf(tokens: JsonObject, given: readonly unknown[]): JsonObject {
  const strings = given.map((part) => text(part) ?? '');
  const column = (key: string): Numbers | null => {
    const numbers = numbersIn(tokens[key]);
    return numbers?.length === strings.length ? numbers : null;
  };
  const [now, old] = [column('log_probs'), column('old_log_probs')];
  return withTokens({
    ...{ strings, logProbs: old ?? now, current: old === null ? null : now, reference: column('ref_log_probs') },
    names: { logProbs: old === null ? 'log_probs' : 'old_log_probs', current: 'log_probs', reference: 'ref_log_probs' },
  });
}

function promptText(prompt: JsonObject): string {
  const given = text(first(prompt, PROMPT));
  return (
    given ??
    listOf(objectOf(prompt['tokens'])['strings'])
      .map((part) => text(part) ?? '')
      .join('')
  );
}
