import { describe, expect, it } from 'vitest';
import { textEvents } from './events';
import { LAST_WORDS, NOT_CLOSED, readSteps } from './steps';

const read = (source: string, lastWords = false) => readSteps(textEvents(source), lastWords);
const shownLast = (source: string) => {
  const step = read(source, true).steps.at(-1);
  return [step?.kind, step?.thought, step?.text];
};
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
  });

  it('take one block of results to the last call before it, in one text', () => {
    expect(shown('<search>q1</search><search>q2</search><information>r1</information>')).toEqual([
      ['unfinished', '', 'q1', []],
      ['search', '', 'q2', ['r1']],
    ]);
  });

  it('take what a turn of the environment holds to the first call that waits, or to the one it names', () => {
    const at = { start: 0, end: 1, closed: true };
    const calls = ['a', 'b'].map((id) => ({ kind: 'search' as const, text: id, call: id, ...at }));
    const found = { kind: 'information' as const, text: 'r', given: 'results' as const, ...at };
    const waiting = (events: Parameters<typeof readSteps>[0]) =>
      readSteps(events, true).steps.map(({ kind, text }) => [kind, text]);
    expect(waiting([...calls, found])).toEqual([
      ['search', 'a'],
      ['unfinished', 'b'],
    ]);
    expect(waiting([...calls, { ...found, call: 'b' }])).toEqual([
      ['unfinished', 'a'],
      ['search', 'b'],
    ]);
    expect(waiting([...calls, found, found])).toEqual([
      ['search', 'a'],
      ['search', 'b'],
    ]);
    expect(waiting([found])).toEqual([['search', '']]);
    // A word in between, and results that come one turn after the other.
    expect(waiting([...calls, found, { kind: 'think', text: 'hm', ...at }, found])).toEqual([
      ['search', 'a'],
      ['search', 'b'],
      ['unfinished', ''],
    ]);
  });

  it('take further results to the last search; what the model wrote itself is no evidence', () => {
    expect(shown('<search>q</search><information>r1</information><information>r2</information>')).toEqual([
      ['search', '', 'q', ['r1', 'r2']],
    ]);
    const late = '<search>q</search><information>r1</information><answer>x</answer><information>r2</information>';
    expect(shown(late)).toEqual([
      ['search', '', 'q', ['r1']],
      ['answer', '', 'x', []],
    ]);
    expect(shown('<think>a</think><information>r</information>')).toEqual([['unfinished', 'a\nr', '', []]]);
    const gone = '<search>q</search><information>r1</information>hm<information>r2</information><answer>x</answer>';
    expect(shown(gone)).toEqual([
      ['search', '', 'q', ['r1']],
      ['answer', 'hm\nr2', 'x', []],
    ]);
  });

  it('reach up to the end of their results, whichever came last', () => {
    const at = { start: 0, closed: true };
    const events = [
      { kind: 'search', text: 'q', ...at, end: 20 },
      { kind: 'information', text: 'r', ...at, end: 9 },
    ] as const;
    expect(readSteps(events, false).steps[0]?.end).toBe(20);
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
    ['<answer>x</answer><answer>y', 'x', null],
    ['<answer>x', 'x', NOT_CLOSED],
    ['<answer>So \\boxed{\\text{x} {y}} it is</answer>', 'x {y}', null],
    ['\\boxed{a} \\boxed{b}', 'b', null],
    ['\\boxed{a} \\boxed{b', 'a', null],
    ['<think>\\boxed{x}</think><search>q</search>', null, 'search without results'],
    ['<think>a</think>b', null, 'no answer'],
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

  it('is the last words where answers are not tagged, and that is said', () => {
    expect(read('<think>a</think> b', true)).toMatchObject({ answer: 'b', endReason: null, note: LAST_WORDS });
    expect(read('<think>a</think>', true)).toMatchObject({ answer: null, note: null });
    expect(read('b <search>q</search>', true)).toMatchObject({ answer: null });
    expect(read('<think>a</think> b \\boxed{c}', true)).toMatchObject({ answer: 'c', note: null });
    expect(shownLast('<think>a</think> b')).toEqual(['answer', 'a', 'b']);
  });

  it('that a later one took the place of is superseded', () => {
    const steps = (source: string) => read(source).steps.map(({ text, superseded }) => [text, superseded ?? false]);
    expect(steps('<answer>x</answer><answer>y</answer>')).toEqual([
      ['x', true],
      ['y', false],
    ]);
    expect(steps('<answer>x</answer><answer>y')).toEqual([
      ['x', false],
      ['y', true],
    ]);
  });

  it('in a box makes the last thought the answering step', () => {
    expect(shown('So \\boxed{ x }')).toEqual([['answer', 'So \\boxed{ x }', 'x', []]]);
  });

  it('is none where nothing was said', () => {
    expect(readSteps([], true)).toEqual({ steps: [], answer: null, endReason: 'no answer', note: null });
  });
});
