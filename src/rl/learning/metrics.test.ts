import { describe, expect, it } from 'vitest';
import { episodeLimits } from '../../env/episode-limits';
import { PASSAGE_IRRELEVANT, PASSAGE_NEW, PASSAGE_REPEATED } from '../../env/evidence';
import { microwikiFamily } from '../../env/microwiki';
import type { Chain } from '../../env/world';
import { reviewsOf, sideOf, type SideRow } from '../../testing/engine/sides';
import { reasonMetrics, reviewMetrics, sideMetrics, tokenMetrics } from './metrics';

const family = microwikiFamily();
const { vocabulary } = family.schema;
const { special: s, relationBase: r, entityBase: e } = vocabulary;
const world = family.draw(1, 0);
const { positions } = episodeLimits(3);

const question = [s.bos, r, e, s.question];
const information = [s.information, ...new Array<number>(12).fill(s.question), s.endInformation];
const search = [s.think, e, s.endThink, s.search, e, r, s.endSearch, ...information];
const answer = [s.think, s.endThink, s.answer, e, s.endAnswer, s.eos];
const chainOf = (hops: number): Chain => world.chains[hops]![0]!;
const side = (rows: readonly SideRow[]) => sideOf(vocabulary, positions, rows);

describe('sideMetrics', () => {
  const rows: SideRow[] = [
    // Right with both hops supported; its second search showed nothing new.
    {
      tokens: [...question, ...search, ...search, ...answer],
      em: 1,
      reward: 1.5,
      coverage: 1,
      shares: [2 / 3, 0],
      classes: [
        [PASSAGE_NEW, PASSAGE_NEW, PASSAGE_IRRELEVANT],
        [PASSAGE_REPEATED, PASSAGE_REPEATED, PASSAGE_REPEATED],
      ],
    },
    // A lucky guess after no search at all.
    { tokens: [...question, ...answer], em: 1, reward: 1, coverage: 0 },
    // Wrong although it had read everything.
    {
      tokens: [...question, ...search, ...answer],
      coverage: 1,
      shares: [1],
      classes: [[PASSAGE_NEW, PASSAGE_NEW, PASSAGE_REPEATED]],
    },
    // Malformed: a step that does not begin with <think>.
    { tokens: [...question, ...search, s.answer], coverage: 0.5, shares: [1 / 3], classes: [[PASSAGE_NEW, 2, 2]] },
  ];
  const questions = [2, 1, 2, 1].map((hops) => ({ world, chain: chainOf(hops) }));
  const metrics = sideMetrics(side(rows), questions, 'Sampled');

  it('are means and shares over the rows', () => {
    expect(metrics).toMatchObject({
      emSampled: 2 / 4,
      rewardSampled: 2.5 / 4,
      coverageSampled: 2.5 / 4,
      searchesSampled: (2 + 0 + 1 + 1) / 4,
      luckyGuessRateSampled: 1 / 4,
      wrongDespiteEvidenceRateSampled: 1 / 4,
      malformedRateSampled: 1 / 4,
    });
    // Density: the mean over rows of the mean over a row's searches; a row without searches has 0.
    expect(metrics['densitySampled']).toBeCloseTo(((2 / 3 + 0) / 2 + 0 + 1 + 1 / 3) / 4, 6);
    // One of the four searches repeated all three of its passages.
    expect(metrics['repeatedSearchRateSampled']).toBe(1 / 4);
  });

  it('are told apart by hops, null where no question has so many', () => {
    expect(metrics).toMatchObject({
      emHop1Sampled: 1 / 2,
      searchesHop1Sampled: 1 / 2,
      emHop2Sampled: 1 / 2,
      searchesHop2Sampled: 3 / 2,
      emHop3Sampled: null,
      searchesHop3Sampled: null,
    });
  });

  it('has no rate of repeats over no searches', () => {
    const one = sideMetrics(side([{ tokens: [...question, ...answer] }]), [{ world, chain: chainOf(1) }], '');
    expect(one['repeatedSearchRate']).toBeNull();
    expect(one['density']).toBe(0);
  });

  it('counts each reason of a malformed row', () => {
    expect(reasonMetrics(side(rows))).toEqual({
      malformedFifthSearch: 0,
      malformedOverLongThink: 0,
      malformedOverLongQuery: 0,
      malformedOverLongAnswer: 0,
      malformedUnexpectedToken: 1 / 4,
      malformedEmptyQuery: 0,
      malformedEmptyAnswer: 0,
    });
  });
});

/** Rows: saved, harmed, wasted while wrong, wasted while right, missed, rightly accepted. */
const cuts = [1, 2, 1, 1, 0, 0];
const before = [0, 1, 0, 1, 0, 1] as const;
const after = [1, 0, 0, 1, 0, 1] as const;
const tokens = [...question, ...search, ...answer];
const draft = side(before.map((em, b) => ({ tokens, em, flawed: [1, 0, 2, 0, 2, 0][b]! })));
const final = side(after.map((em) => ({ tokens, em })));
const reviews = reviewsOf(draft, cuts);

describe('reviewMetrics', () => {
  const metrics = reviewMetrics({ draft, final, reviews, later: [] });

  it('sort every row by what the review did to it', () => {
    expect(metrics).toMatchObject({
      revisionRate: 4 / 6,
      revisionRateWrong: 2 / 3,
      revisionRateRight: 2 / 3,
      savedRate: 1 / 6,
      harmedRate: 1 / 6,
      wastedRate: 2 / 6,
      missedRate: 1 / 6,
      cutShare0: 2 / 6,
      cutShare1: 3 / 6,
      cutShare2: 1 / 6,
      cutShare5: 0,
    });
    // Right where the label says the same: row 0 (cut 1, flawed 1) and row 5 (0, 0).
    expect(metrics['reviewAccuracy']).toBe(2 / 6);
  });

  it('has no revision rate of right drafts where all are wrong', () => {
    const wrong = side([{ tokens }]);
    const result = reviewMetrics({ draft: wrong, final: wrong, reviews: reviewsOf(wrong, [0]), later: [] });
    expect(result).toMatchObject({ revisionRateRight: null, revisionRateWrong: 0, missedRate: 1 });
  });
});

describe('tokenMetrics', () => {
  it('counts what was sampled and what was inserted, a kept prefix once', () => {
    // Draft: two searches (7 sampled, 14 forced each) and an answer (6). Cut at step 2, so 13 new tokens and 14 forced ones.
    const drafted = side([{ tokens: [...question, ...search, ...search, ...answer] }]);
    const revised = side([{ tokens: [...question, ...search, ...search, ...answer] }]);
    const count = (cut: number, reviewed: boolean) =>
      tokenMetrics(
        { draft: drafted, final: cut === 0 ? drafted : revised, reviews: reviewsOf(drafted, [cut]), later: [] },
        vocabulary,
        positions,
        reviewed,
      );
    expect(count(0, false)).toEqual({ sampledTokens: 20, forcedTokens: 28 });
    // An accepting review samples one integer.
    expect(count(0, true)).toEqual({ sampledTokens: 21, forcedTokens: 28 });
    expect(count(2, true)).toEqual({ sampledTokens: 20 + 1 + 13, forcedTokens: 28 + 14 });
    expect(count(1, true)).toEqual({ sampledTokens: 20 + 1 + 20, forcedTokens: 28 + 28 });
    // Step 3 is the answer: no passage is inserted again.
    expect(count(3, false)).toEqual({ sampledTokens: 20 + 6, forcedTokens: 28 });
  });
});
