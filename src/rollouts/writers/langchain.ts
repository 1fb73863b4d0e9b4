/** LangChain and LangGraph: messages as they serialise them, and runs as LangSmith exports them. */
import { isArray, isObject, parsed } from '../text/json';
import type { JsonObject } from '../text/json';
import { listOf, objectOf } from '../reading/writer';
import type { Writer } from '../reading/writer';

/** What `dumpd` and `messages_to_dict` put a message into. */
function innerOf(message: unknown): JsonObject | null {
  if (!isObject(message)) return null;
  const { kwargs, data, type } = message;
  if (message['lc'] === 1 && isObject(kwargs) && 'content' in kwargs) return kwargs;
  return isObject(data) && 'content' in data && typeof type === 'string' ? { type, ...data } : null;
}
const isSerialised = (message: unknown): boolean => innerOf(message) !== null;

const chatIn = (value: unknown): readonly unknown[] | null =>
  isArray(value) && value.length > 0 && value.every(isSerialised) ? value : null;

/** `{"lc": 1, "type": "constructor", "id": [.., "AIMessage"], "kwargs": {"content": ..}}`, of `dumpd`. */
export const langchain: Writer = {
  name: 'LangChain’s serialised messages',
  keys: [],
  mine: (row) => Object.values(row).some((value) => chatIn(value) !== null),
  rows: (row) => [
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, chatIn(value)?.map(innerOf) ?? value])),
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
    const { messages, answer: said, ...asked } = inputs;
    const prompt = flatChat(messages);
    // The chat of the outputs has the question too.
    const { answer, generations, ...given } = outputs;
    const [generated] = listOf(flatChat(generations)).map((one) => innerOf(objectOf(one)['message']));
    const whole = given['messages'] === undefined && prompt !== undefined ? { prompt } : {};
    const completion = given['messages'] === undefined && answer !== undefined ? { completion: answer } : {};
    const answered = generated ? { completion: [generated] } : completion;
    const right = reference['answer'] ?? reference['output'] ?? reference['expected'] ?? said;
    return [
      {
        ...objectOf(row['metadata']),
        ...asked,
        ...whole,
        ...given,
        ...answered,
        ...reference,
        ...(right === undefined ? {} : { answer: right }),
      },
    ];
  },
};

/** A model's run has a list of chats, and each of its messages as it is serialised. */
function flatChat(value: unknown): unknown {
  if (!isArray(value) || !value.every(isArray)) return value;
  return value.flat().map((message) => innerOf(message) ?? message);
}

function partOf(row: JsonObject, key: string): JsonObject | null {
  const given = row[key];
  const value = typeof given === 'string' && given.startsWith('{') ? parsed(given) : given;
  return isObject(value) ? value : null;
}
