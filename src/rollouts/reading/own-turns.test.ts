import { describe, expect, it } from 'vitest';
import { readLine } from './read-line';

const turn = (role: string, said: string) => `<|im_start|>${role}\n${said}<|im_end|>\n`;
const CALL = '<tool_call>\n{"name": "search", "arguments": {"query": "author of X"}}\n</tool_call>';
const FOUND = '<tool_response>\nIt is by Ines.\n</tool_response>';
const ASKED = turn('system', 'You search.') + turn('user', 'Who wrote X?');
const BEGINS = '<|im_start|>assistant\n';

const told = (row: object) => {
  const { question, final } = readLine(JSON.stringify({ ...row, gold: 'Ines' }));
  return { question, answer: final.answer, steps: final.steps.map(({ kind, text }) => [kind, text]) };
};
const WHOLE = {
  question: 'Who wrote X?',
  answer: 'Ines',
  steps: [
    ['search', 'author of X'],
    ['answer', 'Ines'],
  ],
};

describe('turns of the model in the prompt', () => {
  it.each([
    ['a text', { prompt: ASKED + turn('assistant', CALL) + turn('user', FOUND) + BEGINS, completion: 'Ines' }],
    [
      'a text whose special tokens were dropped',
      { prompt: `user\nWho wrote X?\nassistant\n${CALL}\nuser\n${FOUND}\nassistant\n`, completion: 'Ines' },
    ],
    [
      'a text that was cut off within such a turn',
      {
        prompt: `${ASKED}${BEGINS}<search>author of X</search>\n<information>It`,
        completion: ' is by Ines.</information><answer>Ines</answer>',
      },
    ],
    [
      'messages, and the last one is a text',
      {
        prompt: [
          { role: 'user', content: 'Who wrote X?' },
          { role: 'assistant', content: CALL },
          { role: 'tool', content: 'It is by Ines.' },
        ],
        completion: 'Ines',
      },
    ],
    [
      'messages, and results in the user’s turn',
      {
        prompt: [
          { role: 'user', content: 'Who wrote X?' },
          {
            role: 'assistant',
            content: '',
            tool_calls: [{ function: { name: 'search', arguments: { q: 'author of X' } } }],
          },
          { role: 'user', content: FOUND },
        ],
        completion: [{ role: 'assistant', content: 'Ines' }],
      },
    ],
  ])('belong to what it wrote: %s', (_, row) => {
    expect(told(row)).toEqual(WHOLE);
  });

  it.each([
    ['an earlier conversation', { prompt: turn('user', 'Hi') + turn('assistant', 'Hello.') + ASKED + BEGINS }],
    ['an empty thought', { prompt: `${ASKED}${BEGINS}<think>\n\n</think>\n\n` }],
    ['words that were put into its mouth', { prompt: `${ASKED}${BEGINS}Let me think step by step.\n<think>` }],
    [
      'an example in messages',
      {
        prompt: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'Hello.' },
          { role: 'user', content: 'Who wrote X?' },
        ],
      },
    ],
  ])('are the prompt’s: %s', (_, row) => {
    expect(told({ ...row, completion: 'Ines' })).toEqual({ ...WHOLE, steps: [['answer', 'Ines']] });
  });
});
