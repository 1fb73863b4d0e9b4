import { describe, expect, it } from 'vitest';
import { messagesOf, ownLine, ownSide } from './write-own';
import type { OwnSide } from './write-own';

const side: OwnSide = {
  tokens: (
    'person:Ada <think> </think> <search> person:Ada </search> <information> doc:1 </information> ' +
    '<think> </think> <answer> city:Arden </answer>'
  ).split(' '),
  logProbs: [],
  entropies: [],
  stepStarts: [1, 9],
  searches: [
    {
      useful: 1,
      share: 1,
      passages: [
        { id: 7, text: 'Ada was born in Arden.', source: 'Ada', class: 'new' },
        { id: 8, text: 'Arden is a city.', source: 'Arden', class: undefined },
      ],
    },
  ],
  end: 'finished',
  em: 1,
  reward: 2,
  coverage: 1,
};
const trajectory = {
  ...{ update: 4, row: 9, world: 'microwiki', question: 'Where was Ada born?', answer: 'city:Arden', draft: side },
  ...{ review: { cut: 0 }, final: null, advantage: 0.5, reviewAdvantage: 0 },
};
const written = (changes: object, more?: object): unknown => JSON.parse(ownLine({ ...trajectory, ...changes }, more));

describe('a side as it is written', () => {
  it('marks what the policy wrote after the question, passages aside', () => {
    expect(ownSide(side)).toMatchObject({ mask: [0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1], reward: 2 });
    expect(ownSide({ ...side, tokens: ['person:Ada'], stepStarts: [] })).toMatchObject({ mask: [0], steps: [] });
    expect(ownSide({ ...side, tokens: ['<think>', '</think>'], stepStarts: [0] })).toMatchObject({ mask: [1, 1] });
  });

  it('says its steps in words', () => {
    expect(ownSide(side)).toMatchObject({
      steps: [
        { kind: 'search', start: 1, end: 9, thought: '', text: 'Ada' },
        { kind: 'answer', start: 9, end: 14, thought: '', text: 'Arden' },
      ],
    });
  });
});

describe('a side as a chat', () => {
  it('has what the policy wrote of each step, and the passages as the answer of a tool', () => {
    expect(messagesOf('Where was Ada born?', side)).toEqual([
      { role: 'user', content: 'Where was Ada born?' },
      { role: 'assistant', content: '<think> </think> <search> Ada </search>' },
      { role: 'tool', content: 'Doc 1: Ada was born in Arden.\nDoc 2: Arden is a city.' },
      { role: 'assistant', content: '<think> </think> <answer> Arden </answer>' },
    ]);
  });

  it('takes the results in the order of the searches, and none that are missing', () => {
    const tokens = '<information> </information> <information> </information> <information> </information>'.split(' ');
    const found = (text: string) => ({ useful: 0, share: 0, passages: [{ id: 1, text, source: 'x', class: 'new' }] });
    const twice = { ...side, tokens, stepStarts: [0, 2, 4], searches: [found('a'), found('b')] };
    expect(messagesOf('q', twice).slice(1)).toEqual([
      ...[
        { role: 'assistant', content: '' },
        { role: 'tool', content: 'Doc 1: a' },
      ],
      ...[
        { role: 'assistant', content: '' },
        { role: 'tool', content: 'Doc 1: b' },
      ],
      ...[
        { role: 'assistant', content: '' },
        { role: 'tool', content: '' },
      ],
    ]);
  });
});

describe('a line', () => {
  it('is of version 2, with the chat of the side that counts and what only the writer knows', () => {
    expect(written({}, { poolMember: 3 })).toMatchObject({
      ...{ format: 'cutpoint-trajectory/2', update: 4, question: 'Where was Ada born?', poolMember: 3, final: null },
      messages: messagesOf('Where was Ada born?', side),
      draft: { mask: { length: 14 } },
    });
    expect(written({})).not.toHaveProperty('branches');
    const final = { ...side, tokens: ['<answer>', 'city:Old', '</answer>'], stepStarts: [0], searches: [] };
    expect(written({ final })).toMatchObject({
      final: { tokens: final.tokens, mask: [0, 0, 0] },
      messages: [{ role: 'user' }, { role: 'assistant', content: '<answer> Old </answer>' }],
    });
  });

  it('is of version 3 where a person has cut it', () => {
    const how = { branch: 1, parent: 0, cut: 2, forced: null, replicate: 0, revision: 1, weights: 4 };
    expect(written({ branches: [{ ...how, side }] })).toMatchObject({
      format: 'cutpoint-trajectory/3',
      branches: [{ ...how, side: { tokens: side.tokens, steps: [{ kind: 'search' }, { kind: 'answer' }] } }],
    });
    expect(written({ branches: [] })).toMatchObject({ format: 'cutpoint-trajectory/2' });
  });
});
