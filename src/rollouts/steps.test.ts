import { describe, expect, it } from 'vitest';
import { textEvents } from './events';
import { readSteps } from './steps';

const read = (source: string) => readSteps(textEvents(source));
const shown = (source: string) =>
  read(source).steps.map(({ kind, thought, text, passages }) => [
    kind,
    thought,
    text,
    passages.map((found) => found.text),
  ]);

describe('steps', () => {
  it('are what was thought, and the search or the answer that it led to', () => {
    const source = '<think>a</think> b <search>q</search><information>r</information><answer>x</answer>';
    expect(shown(source)).toEqual([
      ['search', 'a\nb', 'q', ['r']],
      ['answer', '', 'x', []],
    ]);
    expect(read(source).steps.map(({ start, end }) => [start, end])).toEqual([
      [0, 65],
      [65, 83],
    ]);
    expect(read(source)).toMatchObject({ answer: 'x', endReason: null });
  });

  it('of several calls at once get their results in the order of the calls', () => {
    const calls = '<search>q1</search><search>q2</search>';
    expect(shown(`${calls}<information>r1</information><information>r2</information>`)).toEqual([
      ['search', '', 'q1', ['r1']],
      ['search', '', 'q2', ['r2']],
    ]);
    expect(shown(`${calls}<information>r1</information>`)).toEqual([
      ['search', '', 'q1', ['r1']],
      ['unfinished', '', 'q2', []],
    ]);
  });

  it('take further results to the last search, and results without any call as a search', () => {
    expect(shown('<search>q</search><information>r1</information><information>r2</information>')).toEqual([
      ['search', '', 'q', ['r1', 'r2']],
    ]);
    const late = '<search>q</search><information>r1</information><answer>x</answer><information>r2</information>';
    expect(shown(late)).toEqual([
      ['search', '', 'q', ['r1', 'r2']],
      ['answer', '', 'x', []],
    ]);
    expect(shown('<think>a</think><information>r</information>')).toEqual([['search', 'a', '', ['r']]]);
  });

  it('reach up to the end of their results, whichever came last', () => {
    const at = { start: 0, closed: true };
    const events = [
      { kind: 'search', text: 'q', ...at, end: 20 },
      { kind: 'information', text: 'r', ...at, end: 9 },
    ] as const;
    expect(readSteps(events).steps[0]?.end).toBe(20);
  });

  it('that were begun and led nowhere are unfinished, words after the answer none', () => {
    const source = '<search>q</search><information>r</information><think>a</think><think>b</think> c';
    expect(shown(source).at(-1)).toEqual(['unfinished', 'a\nb\nc', '', []]);
    expect(read(source).steps[1]).toMatchObject({ start: 46, end: 80 });
    expect(shown('<answer>x</answer> That is it.')).toEqual([['answer', '', 'x', []]]);
  });
});

describe('the answer', () => {
  it.each([
    ['<answer>x</answer><think>no</think><answer>y</answer>', 'y', null],
    ['<answer>x</answer><answer>y', 'y', 'answer cut short'],
    ['<answer> </answer>', '', 'empty answer'],
    ['<think>hm</think>', null, 'no answer'],
    ['<think>hm</think><search>q</search>', null, 'search without results'],
    ['<search>q</search><information>r</information>So', null, 'no answer'],
    ['So \\boxed{ x } it is', 'x', null],
    ['So \\boxed{}', '', 'empty answer'],
    ['<think>\\boxed{x}</think><search>q</search><information>r</information>hm', null, 'no answer'],
    ['<think>\\boxed{x}</think><answer>y</answer>', 'y', null],
    ['boxed{x}', null, 'no answer'],
  ])('%s', (source, answer, endReason) => {
    expect(read(source)).toMatchObject({ answer, endReason });
  });

  it('in a box makes the last thought the answering step', () => {
    expect(shown('So \\boxed{ x }')).toEqual([['answer', 'So \\boxed{ x }', 'x', []]]);
  });

  it('is none where nothing was said', () => {
    expect(readSteps([])).toEqual({ steps: [], answer: null, endReason: 'no answer' });
  });
});
