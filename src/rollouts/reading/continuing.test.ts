import { describe, expect, it } from 'vitest';
import { readRolloutFiles, rolloutAt } from '../file/read-file';
import { RowSink } from '../file/row-sink';

const ASKED = { role: 'user', content: 'Where was the author of X born?' };
const call = (id: string, query: string) => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name: 'search', arguments: JSON.stringify({ query }) } }],
});
const found = (id: string, content: string) => ({ role: 'tool', tool_call_id: id, content });
const said = (content: string) => ({ role: 'assistant', content });
/** A request with its response, as a proxy logs them. */
const logged = (messages: readonly object[], message: object) =>
  JSON.stringify({ request: { messages }, response: { choices: [{ message }] } });

async function rowsOf(lines: readonly string[]) {
  const blob = new Blob([lines.join('\n')]);
  const file = await readRolloutFiles([{ name: 'a.jsonl', size: blob.size, stream: () => blob.stream() }]);
  return Array.from(file.table.lines, (_, row) => rolloutAt(file, row).final).map(({ steps, answer }) => [
    ...steps.map(({ text }) => text),
    answer,
  ]);
}

/** Requests of one conversation, whose calls have these ids. */
function turns(a: string, answer: string): readonly [string, string] {
  const searched = [ASKED, call(a, 'author of X'), found(a, 'X is by Ines.')];
  return [logged([ASKED], call(a, 'author of X')), logged(searched, said(answer))];
}

describe('requests of one conversation', () => {
  it('are one row, the last', async () => {
    expect(await rowsOf(turns('a', 'Rome'))).toEqual([['author of X', 'Rome', 'Rome']]);
  });

  it('are one also from the last on, as Phoenix lists them', async () => {
    const [[one, two], [three, four]] = [turns('a', 'Rome'), turns('b', 'Oslo')];
    const [rome, oslo] = ['Rome', 'Oslo'].map((answer) => ['author of X', answer, answer]);
    expect(await rowsOf([two, one])).toEqual([rome]);
    expect(await rowsOf([four, two, one, three])).toEqual([oslo, rome]);
    expect(await rowsOf([two, two, one, one])).toEqual([rome, rome]);
    expect(await rowsOf([two, one, one])).toHaveLength(2);
  });

  it('are one whatever the order of three', async () => {
    const more = [ASKED, call('a', 'author of X'), found('a', 'X is by Ines.'), call('b', 'Ines born')];
    const first = logged([ASKED], call('a', 'author of X'));
    const second = logged(more.slice(0, 3), call('b', 'Ines born'));
    const third = logged([...more, found('b', 'Ines was born in Rome.')], said('Rome'));
    const orders = [
      [first, second, third],
      [third, second, first],
      [second, third, first],
      [third, first, second],
      [first, third, second],
      [second, first, third],
    ];
    for (const order of orders) {
      expect(await rowsOf(order)).toEqual([['author of X', 'Ines born', 'Rome', 'Rome']]);
    }
  });

  it('are told apart where several go on at once, also if they say the same', async () => {
    const [[one, two], [three, four]] = [turns('a', 'Rome'), turns('b', 'Oslo')];
    expect(await rowsOf([one, three, four, two])).toHaveLength(2);
    expect(await rowsOf([one, one, two, two])).toEqual([
      ['author of X', 'Rome', 'Rome'],
      ['author of X', 'Rome', 'Rome'],
    ]);
  });

  it('are known though a response has thoughts and a request has not', async () => {
    const [, second] = turns('a', 'Rome');
    const thought = { ...call('a', 'author of X'), reasoning_content: 'Who?' };
    expect(await rowsOf([logged([ASKED], thought), second])).toHaveLength(1);
  });

  it('are known though a later request says a call in words', async () => {
    const [first] = turns('a', 'Rome');
    const words = `Calling tools:\n[{'id': 'a', 'function': {'name': 'search', 'arguments': {'query': 'author of X'}}}]`;
    const second = [ASKED, { role: 'tool-call', content: words }, { role: 'tool-response', content: 'X is by Ines.' }];
    expect(await rowsOf([first, logged(second, said('Rome'))])).toEqual([['author of X', 'Rome', 'Rome']]);
  });

  it('stay rows of their own where a person asks on', async () => {
    const more = [ASKED, said('Rome'), { role: 'user', content: 'And when?' }];
    expect(await rowsOf([logged([ASKED], said('Rome')), logged(more, said('1950'))])).toEqual([
      ['Rome', 'Rome'],
      ['1950', '1950'],
    ]);
  });

  it('are one also where they are read in two pieces', () => {
    for (const order of [turns('a', 'Rome'), [...turns('a', 'Rome')].reverse()]) {
      const pieces = order.map((line) => {
        const sink = new RowSink();
        sink.text(new TextEncoder().encode(line), 'line', 1);
        return sink.part(new Uint8Array(0));
      });
      const whole = new RowSink();
      for (const piece of pieces) whole.takePart(piece);
      expect(whole.builder.count).toBe(1);
      const sink = new RowSink();
      for (const [k, line] of order.entries()) sink.text(new TextEncoder().encode(line), 'line', k);
      const all = new RowSink();
      all.takePart(sink.part(new Uint8Array(0)));
      expect(all.builder.count).toBe(1);
    }
  });
});
