/** LangChain and LangGraph: messages as they serialise them, and runs as LangSmith exports them. */
import { isArray, isObject, parsed } from '../text/json';
import type { JsonObject } from '../text/json';
import { objectOf } from '../reading/writer';
import type { Writer } from '../reading/writer';

const isSerialised = (message: unknown): boolean =>
  isObject(message) && message['lc'] === 1 && isObject(message['kwargs']) && 'content' in message['kwargs'];

const chatIn = (value: unknown): readonly unknown[] | null =>
  isArray(value) && value.length > 0 && value.every(isSerialised) ? value : null;

/** `{"lc": 1, "type": "constructor", "id": [.., "AIMessage"], "kwargs": {"content": ..}}`, of `dumpd`. */
export const langchain: Writer = {
  name: 'LangChain’s serialised messages',
  keys: [],
  mine: (row) => Object.values(row).some((value) => chatIn(value) !== null),
  rows: (row) => [
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [
        key,
        chatIn(value)?.map((message) => objectOf(objectOf(message)['kwargs'])) ?? value,
      ]),
    ),
  ],
};

/** `inputs`, `outputs` and what is right (`reference_outputs`), each an object of its own. */
export const langsmith: Writer = {
  name: 'LangSmith',
  keys: ['inputs', 'outputs'],
  mine: (row) => partOf(row, 'outputs') !== null,
  rows: (row) => {
    const [inputs, outputs] = [partOf(row, 'inputs') ?? {}, partOf(row, 'outputs') ?? {}];
    const reference = partOf(row, 'reference_outputs') ?? partOf(row, 'reference') ?? {};
    const { messages: prompt, answer: said, ...asked } = inputs;
    // The chat of the outputs has the question too.
    const { answer, ...given } = outputs;
    const whole = given['messages'] === undefined && prompt !== undefined ? { prompt } : {};
    const completion = given['messages'] === undefined && answer !== undefined ? { completion: answer } : {};
    const right = reference['answer'] ?? reference['output'] ?? reference['expected'] ?? said;
    return [
      {
        ...objectOf(row['metadata']),
        ...asked,
        ...whole,
        ...given,
        ...completion,
        ...reference,
        ...(right === undefined ? {} : { answer: right }),
      },
    ];
  },
};

function partOf(row: JsonObject, key: string): JsonObject | null {
  const given = row[key];
  const value = typeof given === 'string' && given.startsWith('{') ? parsed(given) : given;
  return isObject(value) ? value : null;
}
