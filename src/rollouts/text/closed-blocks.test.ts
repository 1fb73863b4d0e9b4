import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completionEvents, textEvents } from '../reading/events';
import { mayHoldTurns, turnsOf } from '../reading/turns';
import { closedBlocks } from './closed-blocks';
import { namesTags } from './tags';

describe('blocks of a text that is nothing else', () => {
  it('are told with what stands in them', () => {
    const source = ' <think>a</think>\n<search> q </search><information>r</information>\t<answer></answer>\n';
    expect(closedBlocks(source)?.map(({ kind, text }) => [kind, text])).toEqual([
      ['think', 'a'],
      ['search', 'q'],
      ['information', 'r'],
      ['answer', ''],
    ]);
    expect(closedBlocks(source)?.map(({ start, end }) => source.slice(start, end).trim())).toEqual([
      '<think>a</think>',
      '<search> q </search>',
      '<information>r</information>',
      '<answer></answer>',
    ]);
  });

  it.each([
    'Words first. <search>q</search>',
    '<search>q</search>Words last.',
    '<search>q</search><answer>x',
    '<search>q</search><think><b>x</b></think>',
    '<search >q</search>',
    '<search>and</search>',
    '<search>q</search>\r<answer>x</answer>',
    '<think>Action: a</think><answer>x</answer>',
    '<search>q</search><information>```tool_code\n</information>',
    '<search>q</search><think>[TOOL_CALLS]</think>',
  ])('are not told of %j', (source) => {
    expect(closedBlocks(source)).toBeNull();
  });

  it('are the events that any other text is searched for', () => {
    const piece = fc.constantFrom(
      ...['a', ' ', '\n', 'and', 'to', '…', '"', "'s", '{', '}', '{"query": "a"}', 'search: x', 'f(x="y")', '[', ']'],
      ...[
        '```json\n',
        '```',
        ':',
        '(',
        'user\n',
        '\nassistant\n',
        '\nuser',
        '[INST]',
        '\\boxed{a}',
        '与',
        'your query',
      ],
      ...['Action: ', 'Thought: ', '✿FUNCTION✿: a', 'analysis', '[TOOL_CALLS]', '```tool_code\n', '&lt;', '>', '|'],
    );
    const body = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
    const kind = fc.constantFrom('think', 'search', 'information', 'answer', 'search');
    const gap = fc.constantFrom('', '', '', '\n', ' \n', '\t', '\r\n', 'x');
    const block = fc.tuple(kind, body, gap).map(([tag, said, after]) => `<${tag}>${said}</${tag}>${after}`);
    const source = fc.array(block, { maxLength: 6 }).map((blocks) => blocks.join(''));
    let told = 0;
    fc.assert(
      fc.property(source, (text) => {
        if (!mayHoldTurns(text)) expect(turnsOf(text, 'assistant').length).toBeLessThan(2);
        if (mayHoldTurns(text) || closedBlocks(text) === null) return;
        told += 1;
        expect(completionEvents(text, '')).toEqual({ events: textEvents(text), tagged: namesTags(text) });
      }),
      { numRuns: 5000 },
    );
    expect(told).toBeGreaterThan(100);
  });
});
