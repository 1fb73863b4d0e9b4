import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readChat } from './chat-text';
import { openChat } from './open-chat';
import { openRollout } from './open-rollout';

const user = { role: 'user', content: 'Who wrote it?' };
const call = (query: string) => ({ function: { name: 'search', arguments: { query } } });
const row = (...messages: object[]) => ({ question: 'Who wrote it?', golden_answers: ['Ada'], messages });
const opened = (...messages: object[]) => openChat(row(...messages), messages);

describe('a chat as one text', () => {
  it('leads back to its messages, calls and thoughts where they were', () => {
    const given = [
      { role: 'system', content: 'Search.' },
      user,
      { role: 'assistant', content: '', reasoning_content: 'Hm.', tool_calls: [call('a "b"')] },
      { role: 'tool', content: 'Doc 1(Title: "A") Ada wrote it.' },
      { role: 'assistant', content: 'Ada' },
    ];
    const { prompt, text, notation } = opened(...given);
    expect(prompt).toMatch(/<\|im_start\|>assistant\n$/);
    const { messages, open } = readChat(`${prompt}${text}<|im_end|>\n`, notation);
    expect(open).toBe(false);
    expect(messages).toEqual([
      ...given.slice(0, 2),
      {
        ...{ role: 'assistant', content: '', reasoning_content: 'Hm.' },
        tool_calls: [
          { id: 'call00001', type: 'function', function: { name: 'search', arguments: '{"query":"a \\"b\\""}' } },
        ],
      },
      { role: 'tool', content: 'Doc 1(Title: "A") Ada wrote it.', tool_call_id: 'call00001' },
      { role: 'assistant', content: 'Ada' },
    ]);
  });

  it('knows a message that goes on from one that is not begun', () => {
    const { prompt, text, notation } = opened(user, { role: 'assistant', content: 'It was Ada.' });
    expect(readChat(prompt, notation)).toEqual({ messages: [user], open: false });
    expect(readChat(prompt + text.slice(0, 6), notation)).toMatchObject({ open: true });
  });

  it.each([
    ['no prompt', [{ role: 'assistant', content: 'a' }], 'no prompt'],
    ['marks within', [user, { role: 'assistant', content: '<|im_start|>' }], 'marks of a template'],
    [
      'two calls at once',
      [user, { role: 'assistant', content: '', tool_calls: [call('a'), call('b')] }],
      'several tools in',
    ],
    [
      'tools beside a search',
      [
        user,
        { role: 'assistant', content: '', tool_calls: [call('a')] },
        { role: 'tool', content: 'x' },
        { role: 'assistant', content: '', tool_calls: [{ function: { name: 'python', arguments: '1' } }] },
      ],
      'several tools (search, python)',
    ],
  ])('refuses %s', (_, messages, words) => {
    expect(() => opened(...messages)).toThrow(words);
  });

  it('is read in the same steps as its messages', () => {
    const [line = ''] = readFileSync(new URL('../fixtures/trl_tools.jsonl', import.meta.url), 'utf8').split('\n');
    const rollout = openRollout(line, 'draft');
    expect(rollout.read(rollout.text).steps).toMatchObject([
      { kind: 'search', text: 'Le Guin birthplace' },
      { kind: 'answer', text: 'Berkeley, California' },
    ]);
    expect(rollout.beginnings(rollout.text)).toMatchObject([{ searches: 0 }, { searches: 1 }]);
    expect(rollout.notes).toContain(
      'The file does not keep the tools that its model was told of: the server is asked without.',
    );
  });
});
