import { describe, expect, it } from 'vitest';
import { readRolloutFiles, rolloutAt } from '../file/read-file';
import { isTurn } from './turn-lists';

const CHAT = [
  { role: 'user', content: 'Who leads Oskan? ]' },
  { role: 'assistant', content: 'Per Dahl' },
];

/** @param step bytes a chunk */
async function answersOf(text: string, step = text.length) {
  const bytes = new TextEncoder().encode(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, k) =>
    bytes.slice(k * step, (k + 1) * step),
  );
  const stream = () =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    });
  const file = await readRolloutFiles([{ name: 'a.json', size: bytes.length, stream }]);
  return Array.from(file.table.lines, (_, row) => rolloutAt(file, row).final.answer);
}

describe('an array of turns', () => {
  it.each([1, 2, 7, 1000])('is one rollout, in chunks of %d', async (step) => {
    expect(await answersOf(JSON.stringify(CHAT, null, 1), step)).toEqual(['Per Dahl']);
  });

  it('a line is a rollout a line', async () => {
    expect(await answersOf(`${JSON.stringify(CHAT)}\n${JSON.stringify(CHAT)}\n`)).toEqual(['Per Dahl', 'Per Dahl']);
  });

  it('between objects in lines is one, too', async () => {
    expect(await answersOf(`${JSON.stringify({ messages: CHAT })}\n${JSON.stringify(CHAT)}\n`)).toHaveLength(2);
  });

  it('may stand before objects', async () => {
    const [first] = CHAT;
    expect(await answersOf(`${JSON.stringify([{ messages: CHAT }])}\n${JSON.stringify({ messages: CHAT })}`)).toEqual([
      'Per Dahl',
      'Per Dahl',
    ]);
    await expect(answersOf(`[${JSON.stringify({ messages: CHAT })}]\n${JSON.stringify(first)}`)).resolves.toHaveLength(
      1,
    );
  });

  it('without its end is none', async () => {
    await expect(answersOf(JSON.stringify(CHAT).slice(0, -1))).rejects.toThrow('ends in the middle');
  });

  it('is none where each entry is a rollout', async () => {
    const row = { source: 'user', question: 'Who?', completion: 'Per Dahl', role: 'x' };
    expect(await answersOf(JSON.stringify([row, row]))).toEqual(['Per Dahl', 'Per Dahl']);
  });
});

it.each([
  [{ role: 'user', content: 'x' }, true],
  [{ role: 'model', parts: [] }, true],
  [{ from: 'human', value: 'x' }, true],
  [{ type: 'human', data: { content: 'x' } }, true],
  [{ lc: 1, kwargs: { content: 'x' } }, true],
  [{ kind: 'request', parts: [] }, true],
  [{ task: 'x', task_images: null }, true],
  [{ task: 'x', steps: [] }, false],
  [{ source: 'user', question: 'x' }, false],
  [{ role: 'director', content: 'x' }, false],
  [{ type: 'comparison', content: 'x' }, false],
  ['user', false],
])('%j', (entry, is) => {
  expect(isTurn(entry)).toBe(is);
});
