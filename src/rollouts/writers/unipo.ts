/** UNIPO: one object, responses within prompts within entries, each as its tokens. */
import { first, isObject, text } from '../json';
import type { JsonObject } from '../json';
import { known, listOf, objectOf } from './writer';
import type { Writer } from './writer';

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
  };
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
