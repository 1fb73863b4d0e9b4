import { describe, expect, it } from 'vitest';
import { callQuery } from './calls';
import { completionEvents, textEvents } from './events';

/** What was said, shortly: kind, text, and where it stands. */
const spans = (source: string, offset = 0) =>
  textEvents(source, offset).map(({ kind, text, start, end, closed }) => [kind, text, start, end, closed]);
const said = (source: string) => textEvents(source).map(({ kind, text }) => [kind, text]);

describe('tags', () => {
  it.each([
    ['think', 'think'],
    ['thinking', 'think'],
    ['reasoning', 'think'],
    ['search', 'search'],
    ['tool_call', 'search'],
    ['information', 'information'],
    ['tool_response', 'information'],
    ['result', 'information'],
    ['documents', 'information'],
    ['answer', 'answer'],
  ])('<%s> is read as %s', (tag, kind) => {
    expect(said(`<${tag}> Ada </${tag}>`)).toEqual([[kind, 'Ada']]);
  });

  it('say where they stand in the completion, tags included', () => {
    expect(spans('<think>a</think>\n<search> b </search>', 100)).toEqual([
      ['think', 'a', 100, 116, true],
      ['search', 'b', 117, 137, true],
    ]);
  });

  it('that are never closed reach up to the next tag, or to the end', () => {
    expect(spans('<search>q<information>r</information>')).toEqual([
      ['search', 'q', 0, 9, false],
      ['information', 'r', 9, 37, true],
    ]);
    expect(spans('<think>a<answer>b', 5)).toEqual([
      ['think', 'a', 5, 13, false],
      ['answer', 'b', 13, 22, false],
    ]);
  });

  it('closed by the end tag of another are not closed, and that end tag is not said', () => {
    expect(spans('<search>q</think>then')).toEqual([
      ['search', 'q', 0, 9, false],
      ['think', 'then', 17, 21, true],
    ]);
  });

  it('in results and answers are text: only their own end tag ends these', () => {
    expect(
      said('<information>a <search>b</search> </answer></information><answer>c <think>d</think></answer>'),
    ).toEqual([
      ['information', 'a <search>b</search> </answer>'],
      ['answer', 'c <think>d</think>'],
    ]);
    expect(said('<information>a <information>b</information>')).toEqual([['information', 'a <information>b']]);
  });

  it('without a beginning end what was thought: templates put <think> into the prompt', () => {
    expect(spans('hm</think>so<answer>x</answer>')).toEqual([
      ['think', 'hm', 0, 2, true],
      ['think', 'so', 10, 12, true],
      ['answer', 'x', 12, 30, true],
    ]);
  });
});

describe('words outside of tags', () => {
  it('are thought, with the white space around them in their span', () => {
    expect(spans(' I know. <answer>x</answer> Done.', 10)).toEqual([
      ['think', 'I know.', 10, 19, true],
      ['answer', 'x', 19, 37, true],
      ['think', 'Done.', 37, 43, true],
    ]);
    expect(said(' \n ')).toEqual([]);
  });

  it('are none where a chat template put them', () => {
    const turns = '<|im_end|>\n<|im_start|>user\n<information>r</information>\nassistant\n';
    expect(completionEvents(turns, '').events).toMatchObject([{ kind: 'information', text: 'r', given: 'results' }]);
    expect(said('ask the user')).toEqual([['think', 'ask the user']]);
  });
});

describe('a query', () => {
  it.each([
    ['who wrote Dune', 'who wrote Dune'],
    ['{"name": "search", "arguments": {"query": "Dune"}}', 'Dune'],
    ['{"name": "search", "arguments": "{\\"query\\": \\"Dune\\"}"}', 'Dune'],
    ['["Dune", "Sand"]', 'Dune; Sand'],
    ['"Dune" 1965', '"Dune" 1965'],
    ['"Dune"', '"Dune"'],
    ['1e3', '1e3'],
    ['{Dune}', '{Dune}'],
    ['[Dune]', '[Dune]'],
  ])('within tags: %s', (source, query) => {
    expect(said(`<search>${source}</search>`)).toEqual([['search', query]]);
  });

  it('stays JSON nowhere but in a search', () => {
    expect(said('<answer>{"query": "Dune"}</answer>')).toEqual([['answer', '{"query": "Dune"}']]);
  });

  it.each([
    [{ function: { name: 'search', arguments: { query: 'Dune' } } }, 'Dune'],
    [{ name: 'search', parameters: { q: 'Dune' } }, 'Dune'],
    [{ function: null, query: 'Dune', top_k: 3 }, 'Dune'],
    [{ query: null, queries: ['Dune', { q: 'Sand' }], top_k: 3 }, 'Dune; Sand'],
    [{ query_list: ['Dune'], n: 1 }, 'Dune'],
    [{ search_query: 'Dune', n: 1 }, 'Dune'],
    [{ question: 'Dune', n: 1 }, 'Dune'],
    [{ input: 'Dune', n: 1 }, 'Dune'],
    [{ text: 'Dune', n: 1 }, 'Dune'],
    [{ city: ' Paris ' }, 'Paris'],
    [' {"query": "Dune"} ', 'Dune'],
    [{ arguments: 1965 }, '1965'],
    [{ from: 'A', to: 'B' }, '{"from":"A","to":"B"}'],
    [{}, '{}'],
  ])('of a call: %j', (call, query) => {
    expect(callQuery(call)).toBe(query);
  });
});
