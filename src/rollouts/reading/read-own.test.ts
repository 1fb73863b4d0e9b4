import { describe, expect, it } from 'vitest';
import { readOwnLine, word } from './read-own';
import { SkippedRow } from './record';

const TOKENS = (
  'person:Ada rel:born <think> rel:born city:Arden </think> <search> person:Ada rel:born </search> ' +
  '<information> doc:1 </information> <think> city:Arden </think> <answer> city:Arden city:Old </answer>'
).split(' ');

const draft = {
  tokens: TOKENS,
  stepStarts: [2, 13],
  searches: [
    {
      useful: 1,
      share: 0.5,
      passages: [
        { id: 7, text: 'Ada was born in Arden.', source: 'Ada', class: 'new' },
        { text: 3, class: 'shiny' },
      ],
    },
  ],
  end: 'finished',
  em: 1,
  reward: 1.5,
  coverage: 0.5,
};
const line = {
  format: 'cutpoint-trajectory/2',
  update: 40,
  poolMember: 3,
  question: 'Where was Ada born?',
  answer: 'city:Arden',
  draft,
  final: null,
  review: { cut: 0, logProbs: [0, 0, null, null, null, null] },
  advantage: 0.25,
  reviewAdvantage: -0.5,
};
const read = (changes: object = {}) => readOwnLine({ ...line, ...changes });
const readDraft = (changes: object) => read({ draft: { ...draft, ...changes } }).draft;
const stepsOf = (tokens: string, more: object = {}) =>
  readDraft({ tokens: tokens.split(' '), stepStarts: [0], ...more }).steps.map(({ kind, thought, text }) => [
    kind,
    thought,
    text,
  ]);

describe('a line of our own', () => {
  it('says what was asked, in which update, and what it was worth', () => {
    expect(read()).toMatchObject({
      ...{ question: 'Where was Ada born?', golds: ['Arden'], step: 40, cut: 0, reviewed: false, review: null },
      ...{ advantage: 0.25, reviewAdvantage: -0.5, branches: [] },
      draft: { answer: 'Arden Old', em: 1, reward: 1.5, rewardGiven: true, coverage: 0.5, endReason: null },
    });
    expect(read({ update: undefined, advantage: null, reviewAdvantage: null, review: null })).toMatchObject({
      ...{ step: null, advantage: null, reviewAdvantage: null, cut: 0, reviewed: false, review: null },
    });
  });

  it('is of the group of its question and its place in the pool', () => {
    const groups = [{}, { poolMember: 4 }, { question: 'Who?' }, { poolMember: undefined }].map(
      (change) => read(change).group,
    );
    expect(new Set(groups).size).toBe(4);
    expect(read({ update: 41 }).group).toBe(groups[0]);
  });

  it('is read in versions 1 to 3 and in no other', () => {
    for (const version of [1, 2, 3]) expect(read({ format: `cutpoint-trajectory/${version}` }).step).toBe(40);
    for (const version of ['0', '2.5', 'x', '-1']) {
      expect(() => read({ format: `cutpoint-trajectory/${version}` })).toThrow(
        `unknown format cutpoint-trajectory/${version}`,
      );
    }
    expect(() => read({ format: 'cutpoint-trajectory/4' })).toThrow(
      /up to cutpoint-trajectory\/3.*newer version of Cutpoint/,
    );
  });

  it('of a newer version is named shortly, whatever stands there', () => {
    expect(() => read({ format: `cutpoint-trajectory/${'9'.repeat(1000)}` })).toThrow(
      `of format cutpoint-trajectory/${'9'.repeat(20)}, and this version`,
    );
  });

  it.each([
    ['question', { question: 3 }],
    ['answer', { answer: null }],
    ['draft', { draft: [] }],
    ['tokens', { draft: { ...draft, tokens: 'x' } }],
    ['stepStarts', { draft: { ...draft, stepStarts: undefined } }],
    ['stepStarts', { draft: { ...draft, stepStarts: [2, 'x'] } }],
    ['reward', { draft: { ...draft, reward: null } }],
    ['branches', { branches: [3] }],
    ['branches.weights', { branches: [{ branch: 1, parent: 0, cut: 1, side: draft }] }],
    ['branches.side', { branches: [{ branch: 1, parent: 0, cut: 1, weights: 40 }] }],
  ])('needs its "%s"', (key, changes) => {
    expect(() => read(changes)).toThrow(new SkippedRow(`"${key}" is missing or not of its kind`));
  });

  it('needs a step', () => {
    expect(() => readDraft({ stepStarts: [] })).toThrow('"stepStarts" is empty');
  });
});

describe('its review', () => {
  const final = { ...draft, reward: 2 };

  it('is what was cut', () => {
    expect(read({ final, review: { cut: 2 } })).toMatchObject({ cut: 2, reviewed: true, final: { reward: 2 } });
    expect(read({ final, review: { cut: 1 } }).draft.reward).toBe(1.5);
  });

  it('that cut nothing leaves the draft as final', () => {
    for (const changes of [{ final, review: { cut: 0 } }, { final, review: null }, { review: { cut: 2 } }]) {
      const rollout = read(changes);
      expect(rollout.cut).toBe(0);
      expect(rollout.final).toBe(rollout.draft);
    }
  });

  it.each([3, -1, 0.5])('cannot cut at step %d of two', (cut) => {
    expect(() => read({ final, review: { cut } })).toThrow(`"review.cut" is ${cut}`);
  });

  it('has a probability for accepting and for each step of the draft, 0 where a cut is illegal', () => {
    const { review, reviewed } = read({ review: { cut: 0, logProbs: [Math.log(0.75), null, Math.log(0.25), 5] } });
    expect(reviewed).toBe(true);
    expect(review).toHaveLength(3);
    expect(review?.[0]).toBeCloseTo(0.75);
    expect(review?.[1]).toBe(0);
    expect(review?.[2]).toBeCloseTo(0.25);
  });
});

describe('its steps', () => {
  it('are read from the tokens, with the results of their searches', () => {
    expect(read().draft.steps).toEqual([
      {
        ...{ kind: 'search', thought: 'born · Arden', text: 'Ada · born', start: 2, end: 13, useful: 1, share: 0.5 },
        passages: [
          { id: 7, title: 'Ada', text: 'Ada was born in Arden.', evidence: 'new' },
          { id: -1, title: '', text: '', evidence: null },
        ],
      },
      ...[
        {
          kind: 'answer',
          thought: 'Arden',
          text: 'Arden Old',
          start: 13,
          end: 20,
          useful: null,
          share: null,
          passages: [],
        },
      ],
    ]);
  });

  it.each([
    ['<search> person:Ada </search>', ['unfinished', '', 'Ada']],
    ['<search> </search> <information> </information>', ['search', '', 'empty query']],
    ['<search> person:Ada', ['unfinished', '', 'Ada']],
    ['<answer> </answer>', ['answer', '', 'empty answer']],
    ['<answer> city:Arden', ['answer', '', 'Arden']],
    ['</think> <think> city:Arden </think>', ['unfinished', 'Arden', 'Arden']],
    ['x', ['unfinished', '', 'no search, no answer']],
  ])('%s', (tokens, step) => {
    expect(stepsOf(tokens)).toEqual([step]);
  });

  it('say it in words of their own where the line has them', () => {
    expect(stepsOf('<answer> city:Arden </answer>', { steps: [{ thought: 'Hm.', text: 'To Arden' }] })).toEqual([
      ['answer', 'Hm.', 'To Arden'],
    ]);
    expect(stepsOf('<answer> city:Arden </answer>', { steps: [null] })).toEqual([['answer', '', 'Arden']]);
    expect(stepsOf('<answer> city:Arden </answer>', { steps: [] })).toEqual([['answer', '', 'Arden']]);
  });

  it('take results only where they have finished a search', () => {
    const tokens = '<search> a </search> <search> b </search> <information> </information>'.split(' ');
    const { steps } = readDraft({ tokens, stepStarts: [0, 3], searches: ['x', { useful: 0, share: 0 }] });
    expect(steps.map(({ useful, passages }) => [useful, passages])).toEqual([
      [null, []],
      [0, []],
    ]);
    expect(readDraft({ searches: undefined }).steps[0]).toMatchObject({ kind: 'search', useful: null, passages: [] });
  });

  it('know four classes of passages', () => {
    const classes = ['new', 'repeated', 'irrelevant', 'rumour', 'shiny', null];
    const { steps } = readDraft({ searches: [{ passages: [...classes.map((one) => ({ class: one })), 'x'] }] });
    expect(steps[0]?.passages.map(({ evidence }) => evidence)).toEqual([
      'new',
      'repeated',
      'irrelevant',
      'rumour',
      null,
      null,
    ]);
  });

  it('end as the line says; without an answer there is none', () => {
    expect(readDraft({ end: 'fifth search' }).endReason).toBe('fifth search');
    expect(readDraft({ em: 0, coverage: undefined })).toMatchObject({ em: 0, coverage: 0 });
    expect(readDraft({ tokens: ['<think>'], stepStarts: [0] }).answer).toBeNull();
  });
});

describe('its tokens', () => {
  it('are words with their numbers, those of the environment marked', () => {
    const tokens = 'city:Arden <information> x </information> <answer>'.split(' ');
    expect(readDraft({ tokens, stepStarts: [0], logProbs: [-0.5, null], entropies: [0.25] }).tokens).toEqual([
      { text: 'Arden', written: true, logProb: -0.5, entropy: 0.25 },
      { text: '<information>', written: false, logProb: 0, entropy: null },
      { text: 'x', written: false, logProb: 0, entropy: null },
      { text: '</information>', written: false, logProb: 0, entropy: null },
      { text: '<answer>', written: true, logProb: 0, entropy: null },
    ]);
    expect(readDraft({ logProbs: undefined }).tokens).toHaveLength(TOKENS.length);
  });

  it('lose their kind, tags and punctuation do not', () => {
    expect(['city:Monaco', 'time:12:30', '<a:b>', ':', 'Monaco'].map(word)).toEqual([
      'Monaco',
      '12:30',
      '<a:b>',
      ':',
      'Monaco',
    ]);
  });
});

it('has the cuts that a person made', () => {
  const branch = { branch: 2, parent: 1, cut: 1, weights: 40, side: { ...draft, reward: 2 } };
  expect(read({ format: 'cutpoint-trajectory/3', branches: [branch] }).branches).toMatchObject([
    { branch: 2, parent: 1, cut: 1, weights: 40, side: { reward: 2, answer: 'Arden Old' } },
  ]);
});
