/** Texts that are made to take long: twice the length takes about twice the time, whatever stands in it. */
import { describe, expect, it } from 'vitest';
import { readLine } from './reading/read-line';

const SIZE = 100_000;
/** A line of its length takes a fraction of a second; what grows with the square would take minutes. */
const MOST_MS = 3000;
const PIECES = [
  ...['<think>', '<search>', '</search>', '<information>', '</information>', '<answer>', '<answer></answer>'],
  ...['<search>q</search><information>r</information>', '<information>x', 'a <search> and </search> must ', '<search '],
  ...['<tool_call>{', '<tool_call>', '<|im_start|>user\n', '<|im_start|>', 'user\n', '\n', ' ', '\n \n', '[INST]', '<'],
  ...['\\boxed{', '\\boxed{a}', '\\text{', '{', '[', '(', 'f(', "'", '"', '\\', ',', '1', '-', '---\n'],
  ...['Doc 1(Title: ', '[1] ', '(1)a', '1. [', '<snippet>', 'Question:', 'Question: \n', '**a**\n\n', '<parameter=a>'],
  ...['Action: ', 'Action Input: a\n', 'Thought: ', '\nObservation: ', 'analysis', 'assistantfinal', 'a to=assistant'],
  ...['✿FUNCTION✿: a', '<function=a>', '<|tool_call|>', '<code>', '<output>', '<seed:bos>user\n', '&lt;search&gt;'],
  ...['<arg_key>a</arg_key>', '<invoke name="a">', '<function_calls>', 'a[', '**Web Page 1:**{', 'search: '],
  ...[
    '<query>',
    '</query><a>',
    '<SEARCH>',
    'Task: ',
    '\nTask: a',
    'Human: ',
    '\n\nAssistant:',
    'Q: ',
    'Title: ',
    '1. ',
  ],
  ...['<title>', 'Passage 1: ', ':<escape>', '\n#### ', 'User: ', '<tool_name>a', 'a ```', '<a> '],
  ...['柏林', '<|begin_search_query|>', '<|end_search_query|>', "{'a': ", 'system\n\n'],
];
const fill = (piece: string) => piece.repeat(Math.ceil(SIZE / piece.length));
const within = (piece: string) => [
  { question: 'q', completion: fill(piece) },
  {
    question: 'q',
    gold: '柏林',
    completion: `<search>q</search><information>${fill(piece)}</information><answer>x</answer>`,
  },
  { prompt: `system\n\n${fill(piece)}`, completion: `<search>${fill(piece)}</search>`, gts: fill(piece) },
  { prompt: fill(piece), completion: `<search>${fill(piece)}</search>`, gts: `[${fill(piece)}`, score: fill(piece) },
  {
    messages: [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: fill(piece) },
      { role: 'tool', content: fill(piece) },
    ],
  },
  { question: 'q', said: fill(piece), other: `${fill(piece)}<answer>x</answer>` },
  { messages: [{ role: 'user', content: fill(piece) }] },
];

describe('a hostile text', () => {
  it.each(PIECES)('of %j is read in time', (piece) => {
    for (const row of within(piece)) {
      const line = JSON.stringify(row);
      const start = performance.now();
      try {
        readLine(line);
      } catch (error) {
        expect(error).toMatchObject({ name: 'SkippedRow' });
      }
      expect(performance.now() - start).toBeLessThan(MOST_MS);
    }
  });
});
