import { describe, expect, it } from 'vitest';
import { makeFakeBatch } from '../testing/page/fake-batch';
import { makeFakeWorld } from '../testing/page/fake-world';
import { ANSWER_STEP, HAND_WORLD, handBatch, handSide, tokensOf } from '../testing/page/hand-batch';
import type { HandSide } from '../testing/page/hand-batch';
import { decodeTokens, decodeTrajectory, phrase, reviewProbabilities, tokenWord, verdictOf } from './decode-trajectory';

const fake = makeFakeWorld();
const world = fake.description;
const batch = makeFakeBatch(fake, 5, 6, 8, 0.6, true);
const rows = Array.from({ length: 48 }, (_, row) => decodeTrajectory(batch, world, row, true));

describe('verdictOf', () => {
  it.each([
    [1, 0, 1, 'saved'],
    [2, 1, 0, 'harmed'],
    [3, 0, 0, 'wasted'],
    [3, 1, 1, 'wasted'],
    [0, 0, 0, 'missed'],
    [0, 1, 1, 'kept'],
  ] as const)('cut %i, draft %i, final %i is %s', (cut, draftEm, finalEm, verdict) => {
    expect(verdictOf(true, cut, draftEm, finalEm)).toBe(verdict);
    expect(verdictOf(false, 0, draftEm, finalEm)).toBe('none');
  });
});

describe('phrase', () => {
  const relation = world.relationBase + 6;
  const entity = fake.entitiesOf('country')[0] ?? 0;

  it('says a relation and an entity, in either order, as a person would', () => {
    expect(phrase(world, [entity, relation])).toBe('the capital of Norland');
    expect(phrase(world, [relation, entity])).toBe('the capital of Norland');
  });

  it('lists anything else', () => {
    expect(phrase(world, [entity])).toBe('Norland');
    expect(phrase(world, [entity, entity])).toBe('Norland · Norland');
    expect(phrase(world, [relation, relation])).toBe('capital · capital');
  });

  it('takes names as they are, special patterns of String.replace included', () => {
    const odd = {
      ...world,
      tokenStrings: world.tokenStrings.map((text, k) => (k === entity ? 'country:$& {x}' : text)),
    };
    expect(phrase(odd, [entity, relation])).toBe('the capital of $& {x}');
  });

  it('keeps tags whole and names unknown tokens', () => {
    expect(tokenWord(world, world.special.endThink)).toBe('</think>');
    expect(tokenWord(world, 60_000)).toBe('token 60000');
  });
});

describe('decodeTrajectory', () => {
  it('reads steps, queries, passages and answers back from tokens', () => {
    for (const { draft } of rows) {
      expect(draft.steps.length).toBeGreaterThan(0);
      for (const step of draft.steps) {
        expect(step.end).toBeGreaterThan(step.start);
        if (step.kind !== 'search') continue;
        expect(step.text).toMatch(/^the |^[A-Z]/);
        expect(step.passages).toHaveLength(3);
        for (const passage of step.passages) {
          expect(passage.sentence).toMatch(/\.$/);
          expect(passage.evidence).not.toBeNull();
          expect(world.sources).toContain(passage.source);
        }
      }
      if (draft.endReason === null) expect(draft.answer).not.toBeNull();
    }
  });

  it('shows the reward that its own evidence gives', () => {
    for (const { final } of rows) {
      const searches = final.steps.filter((step) => step.kind === 'search');
      const useful = searches.reduce((sum, step) => sum + (step.useful ?? 0), 0);
      expect(final.reward).toBeCloseTo((final.em ?? NaN) * (1 + (searches.length ? useful / searches.length : 0)), 6);
    }
  });

  it('keeps every step before the cut', () => {
    const cut = rows.filter((row) => row.cut > 1);
    expect(cut.length).toBeGreaterThan(0);
    for (const row of cut) expect(row.final.steps.slice(0, row.cut - 1)).toEqual(row.draft.steps.slice(0, row.cut - 1));
  });

  it('gives probabilities of accept and of the legal cuts only', () => {
    for (const row of rows) {
      expect(row.review).toHaveLength(row.draft.steps.length + 1);
      expect(row.review?.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    }
    const withoutModel = makeFakeBatch(fake, 5, 2, 4, 0.6, false);
    expect(decodeTrajectory(withoutModel, world, 0, false).review).toBeNull();
  });

  it('names why a malformed trajectory ended', () => {
    const malformed = makeFakeBatch(fake, 9, 40, 8, 0.6, false);
    const reasons = Array.from(
      { length: 320 },
      (_, row) => decodeTrajectory(malformed, world, row, false).final.endReason,
    );
    expect(reasons).toContain('thought too long');
  });
});

describe('decodeTokens', () => {
  it('tells what the policy wrote from what the environment inserted', () => {
    const row = rows.find((view) => view.draft.steps[0]?.kind === 'search');
    const step = row?.draft.steps[0];
    if (!row || !step) throw new Error('the fake batch holds no search');
    const tokens = decodeTokens(batch, world, 'draft', row.row, [step]);
    expect(tokens.filter((token) => !token.written)).toHaveLength(14);
    expect(tokens.filter((token) => token.written).map((token) => token.text)).toContain('<search>');
    for (const token of tokens) expect((token.logProb ?? 0) < 0).toBe(token.written);
  });
});

const FIRST_SEARCH =
  '<think> Ada_Moreau born_in </think> <search> Ada_Moreau born_in </search> <information> ' +
  'Almanac Ada_Moreau born_in Aldermoor Gazette Ada_Moreau born_in Brightwater Register Ada_Moreau spouse Bruno_Falk ' +
  '</information>';
const searched: HandSide = {
  steps: [FIRST_SEARCH, ANSWER_STEP],
  em: 1,
  reward: 1.5,
  coverage: 0.5,
  passages: [40, 41, 42],
  classes: [0, 3, 2],
  scores: [6.5, 5.25, 2],
  useful: [1],
  shares: [0.25],
};
const decoded = (draft: HandSide, more: object = {}) =>
  decodeTrajectory({ ...handBatch([{ draft }]), ...more }, HAND_WORLD, 0, true).draft;

describe('a trajectory written by hand', () => {
  it('is told step by step, with what was found and what it is worth', () => {
    expect(decoded(searched)).toEqual({
      steps: [
        {
          number: 1,
          kind: 'search',
          start: 3,
          end: 25,
          thought: 'the birthplace of Ada Moreau',
          text: 'the birthplace of Ada Moreau',
          label: 'Ada Moreau · born in',
          passages: [
            {
              id: 40,
              source: 'Almanac',
              sentence: 'Ada Moreau was born in Aldermoor.',
              matched: ['Ada Moreau', 'born in'],
              score: 6.5,
              evidence: 'new',
            },
            {
              id: 41,
              source: 'Gazette',
              sentence: 'Ada Moreau was born in Brightwater.',
              matched: ['Ada Moreau', 'born in'],
              score: 5.25,
              evidence: 'rumour',
            },
            {
              id: 42,
              source: 'Register',
              sentence: 'Ada Moreau is married to Bruno Falk.',
              matched: ['Ada Moreau'],
              score: 2,
              evidence: 'irrelevant',
            },
          ],
          useful: 1,
          share: 0.25,
        },
        {
          number: 2,
          kind: 'answer',
          start: 25,
          end: 32,
          thought: 'Aldermoor',
          text: 'Aldermoor',
          label: 'Aldermoor',
          passages: [],
          useful: null,
          share: null,
        },
      ],
      searches: 1,
      answer: 'Aldermoor',
      em: 1,
      reward: 1.5,
      coverage: 0.5,
      endReason: null,
    });
  });

  it.each<[what: string, step: string, wanted: object]>([
    ['an empty query', '<search> </search>', { kind: 'unfinished', text: 'empty query', label: 'empty query' }],
    [
      'a query that is not answered',
      '<think> </think> <search> Norland capital </search>',
      { kind: 'unfinished', text: 'the capital of Norland', label: 'Norland · capital', thought: '', useful: null },
    ],
    ['an empty answer', '<think> Norland </think> <answer> </answer>', { kind: 'answer', text: 'empty answer' }],
    ['an answer of two words', '<answer> Norland Sudria </answer>', { kind: 'answer', text: 'Norland Sudria' }],
    ['an answer that never ends', '<answer> Norland', { kind: 'answer', text: 'Norland', label: 'Norland' }],
    [
      'a thought that never ends',
      '<think> capital Norland',
      {
        kind: 'unfinished',
        text: 'the capital of Norland',
        label: 'capital · Norland',
        thought: 'the capital of Norland',
      },
    ],
    [
      'a step without a thought',
      'Norland Norland',
      { kind: 'unfinished', text: 'no search, no answer', label: 'no search, no answer', thought: '' },
    ],
    [
      'an end tag before its opening one',
      '</search> <search> Norland </search> </answer>',
      { kind: 'unfinished', text: 'Norland' },
    ],
  ])('says what it is: %s', (_, step, wanted) => {
    const { steps, searches } = decoded({ steps: [step] });
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject(wanted);
    expect(searches).toBe(0);
  });

  it('leaves out passages that are not there or were cut off, and knows no class of 255', () => {
    const steps = [FIRST_SEARCH];
    const ids = (side: HandSide) => decoded(side).steps[0]?.passages.map(({ id }) => id);
    expect(ids({ steps, passages: [0, -1, 7] })).toEqual([0, 7]);
    expect(decoded({ steps, passages: [0, 1, 2] }).steps[0]?.passages[0]?.evidence).toBeNull();
    for (const cut of [1, 2, 3, 4]) {
      const words = FIRST_SEARCH.split(' ').slice(0, -1 - cut);
      expect(ids({ steps: [words.join(' ')], passages: [5, 6, 7] })).toEqual([5, 6]);
    }
  });

  it('counts passages and marks of each search by itself', () => {
    const second = '<search> Norland capital </search> <information> Almanac Norland capital Aldermoor </information>';
    const batch = handBatch([
      { draft: { steps: [ANSWER_STEP] } },
      {
        draft: {
          steps: [FIRST_SEARCH, second],
          passages: [1, 2, 3, 9],
          scores: [1, 2, 3, 4],
          classes: [0, 0, 0, 1],
          useful: [0, 1],
          shares: [0.5, 0.75],
        },
      },
    ]);
    const { steps, searches } = decodeTrajectory(batch, HAND_WORLD, 1, true).draft;
    expect(searches).toBe(2);
    expect(steps[1]).toMatchObject({ useful: 1, share: 0.75, kind: 'search' });
    expect(steps[1]?.passages).toEqual([
      {
        id: 9,
        source: 'Almanac',
        sentence: 'The capital of Norland is Aldermoor.',
        matched: ['Norland', 'capital'],
        score: 4,
        evidence: 'repeated',
      },
    ]);
  });

  it('says what it can of words that the world does not have', () => {
    const odd = '<information> Norland Ada_Moreau Sudria Aldermoor </information>';
    const { steps } = decoded({ steps: [`<search> Norland </search> ${odd}`], passages: [1] });
    expect(steps[0]?.passages[0]).toMatchObject({ source: 'Norland', sentence: 'Ada Moreau Sudria Aldermoor' });
    // A source is called as the world lists it, whatever its token is called.
    const sources = HAND_WORLD.sources.map((name) => `The ${name}`);
    const batch = handBatch([{ draft: searched }]);
    const [step] = decodeTrajectory(batch, { ...HAND_WORLD, sources }, 0, true).draft.steps;
    expect(step?.passages.map(({ source }) => source)).toEqual(['The Almanac', 'The Gazette', 'The Register']);
  });

  it.each([
    [0, 'running'],
    [1, null],
    [2, 'fifth search'],
    [8, 'empty answer'],
    [77, 'reason 77'],
  ])('ends for reason %i: %s', (reason, told) => {
    expect(decoded({ steps: [ANSWER_STEP], reason }).endReason).toBe(told);
  });

  it('shows five steps at most, whatever a batch claims', () => {
    const side = { ...handSide([{ steps: Array(5).fill('<think> Norland </think>') }]), stepCounts: Uint8Array.of(9) };
    expect(decoded({ steps: [] }, { draft: side }).steps.map(({ start, end }) => [start, end])).toEqual(
      [3, 6, 9, 12, 15].map((start) => [start, start + 3]),
    );
    const batch = { ...handBatch([{ draft: { steps: [ANSWER_STEP] }, review: [0.5, 0.25, 0.25] }]), draft: side };
    expect(reviewProbabilities(batch, 0)).toHaveLength(6);
  });

  it('is the draft where it was accepted, and its own text where it was cut', () => {
    const draft = { steps: [FIRST_SEARCH, ANSWER_STEP], reward: 0.25 };
    const final = { steps: [ANSWER_STEP], em: 1, reward: 1 };
    const batch = handBatch(
      [
        { draft, final },
        { draft, final, cut: 1, review: [0.25, 0.5, 0.25], advantage: 0.5, reviewAdvantage: -0.75 },
        { draft, advantage: -1 },
      ],
      { groupSize: 1 },
    );
    const [accepted, cut, other] = [0, 1, 2].map((row) => decodeTrajectory(batch, HAND_WORLD, row, true));
    expect(accepted?.final).toBe(accepted?.draft);
    expect(accepted).toMatchObject({ row: 0, group: 0, cut: 0, verdict: 'missed', review: null, reviewAdvantage: 0 });
    expect(cut).toMatchObject({ row: 1, group: 1, cut: 1, verdict: 'saved', advantage: 0.5, reviewAdvantage: -0.75 });
    expect(cut?.final).toMatchObject({ answer: 'Aldermoor', reward: 1, searches: 0 });
    expect(cut?.draft).toMatchObject({ reward: 0.25 });
    expect(cut?.review?.map((chance) => Math.round(chance * 1e6) / 1e6)).toEqual([0.25, 0.5, 0.25]);
    expect(other).toMatchObject({ group: 2, advantage: -1 });
    const kept = decodeTrajectory(batch, HAND_WORLD, 1, false, 2);
    expect(kept).toMatchObject({ row: 2, place: 1, group: 2, verdict: 'none' });
  });

  it('has what the review wrote down of each hop, in words', () => {
    const entity = HAND_WORLD.tokenStrings.indexOf(HAND_WORLD.tokenStrings.find((text) => text.endsWith('Aldermoor'))!);
    const unknown = HAND_WORLD.tokenStrings.indexOf('?');
    const draft = { steps: [ANSWER_STEP] };
    const batch = handBatch([{ draft, review: [0.5, 0.5] }, { draft }]);
    const reviewThoughts = Uint16Array.of(entity, unknown, 0, 0, entity, 0, 0, 0);
    const [reviewed, not] = [0, 1].map((row) => decodeTrajectory({ ...batch, reviewThoughts }, HAND_WORLD, row, true));
    expect(reviewed?.thoughts).toEqual(['Aldermoor', 'unknown']);
    expect(not).not.toHaveProperty('thoughts');
    expect(decodeTrajectory(batch, HAND_WORLD, 0, true)).not.toHaveProperty('thoughts');
  });

  it('has a review as soon as any of its log-probabilities is not 0', () => {
    const batch = handBatch([{ draft: { steps: [ANSWER_STEP] } }, { draft: { steps: [ANSWER_STEP] } }]);
    batch.reviewLogProbs.set([0, -Infinity], 6);
    expect(reviewProbabilities(batch, 0)).toBeNull();
    expect(reviewProbabilities(batch, 1)).toEqual([1, 0]);
  });
});

describe('phrase, by hand', () => {
  it.each([
    ['Norland', 'Norland'],
    ['Norland Sudria', 'Norland · Sudria'],
    ['capital country', 'capital · country'],
    ['capital Norland Sudria', 'capital · Norland · Sudria'],
    ['<think> Norland', '<think> · Norland'],
    ['? capital', 'the capital of ?'],
  ])('says %s as %s', (words, told) => {
    expect(phrase(HAND_WORLD, tokensOf(words))).toBe(told);
    expect(phrase(HAND_WORLD, [])).toBe('');
  });

  it('takes the kind off a word, and nothing else', () => {
    const world = { ...HAND_WORLD, tokenStrings: ['city:Bad: Ems', ':x', 'plain', '<a:b>'] };
    expect([0, 1, 2, 3].map((token) => tokenWord(world, token))).toEqual(['Bad: Ems', ':x', 'plain', '<a:b>']);
  });
});

describe('tokens written by hand', () => {
  it('carry their own numbers, their step and who wrote them', () => {
    const side = { steps: ['<search> Norland </search> <information> Almanac </information> ?', '<answer> Norland'] };
    const batch = handBatch([
      { draft: { steps: [ANSWER_STEP] } },
      { draft: { steps: [ANSWER_STEP] }, final: side, cut: 1 },
    ]);
    const { final } = decodeTrajectory(batch, HAND_WORLD, 1, true);
    const tokens = decodeTokens(batch, HAND_WORLD, 'final', 1, final.steps);
    expect(tokens.map(({ text, step, written }) => [text, step, written])).toEqual([
      ['<search>', 1, true],
      ['Norland', 1, true],
      ['</search>', 1, true],
      ['<information>', 1, false],
      ['Almanac', 1, false],
      ['</information>', 1, false],
      ['?', 1, true],
      ['<answer>', 2, true],
      ['Norland', 2, true],
    ]);
    expect(tokens.map(({ position }) => position)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(tokens[2]).toMatchObject({ position: 5, logProb: -6 / 64, entropy: 6 / 32 });
  });
});
