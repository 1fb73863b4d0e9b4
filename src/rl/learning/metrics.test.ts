import { describe, expect, it } from 'vitest';
import { PASSAGE_IRRELEVANT, PASSAGE_NEW, PASSAGE_REPEATED } from '../../env/evidence';
import type { Chain } from '../../env/world';
import { reviewsOf, sideOf, type SideRow } from '../../testing/engine/sides';
import { reasonMetrics, reviewMetrics, rolloutMetrics, sideMetrics, tokenMetrics } from './metrics';
import { answer, family, positions, question, search, vocabulary } from '../../testing/engine/hand-text';

const { special: s, relationBase: r, entityBase: e } = vocabulary;
const world = family.draw(1, 0);

const chainOf = (hops: number): Chain => world.chains[hops]![0]!;
const side = (rows: readonly SideRow[]) => sideOf(vocabulary, positions, rows);

describe('sideMetrics', () => {
  const rows: SideRow[] = [
    // Right with both hops supported; its second search showed nothing new.
    {
      tokens: [...question, ...search(), ...search(), ...answer()],
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
    { tokens: [...question, ...answer()], em: 1, reward: 1, coverage: 0 },
    // Wrong although it had read everything.
    {
      tokens: [...question, ...search(), ...answer()],
      coverage: 1,
      shares: [1],
      classes: [[PASSAGE_NEW, PASSAGE_NEW, PASSAGE_REPEATED]],
    },
    // Malformed: a step that does not begin with <think>.
    { tokens: [...question, ...search(), s.answer], coverage: 0.5, shares: [1 / 3], classes: [[PASSAGE_NEW, 2, 2]] },
  ];
  const questions = [2, 1, 2, 1].map((hops) => ({ world, chain: chainOf(hops) }));
  const found = () => sideMetrics(side(rows), questions, 'Sampled');

  it('are means and shares over the rows', () => {
    const metrics = found();
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
    expect(found()).toMatchObject({
      emHop1Sampled: 1 / 2,
      searchesHop1Sampled: 1 / 2,
      emHop2Sampled: 1 / 2,
      searchesHop2Sampled: 3 / 2,
      emHop3Sampled: null,
      searchesHop3Sampled: null,
      emHop4Sampled: null,
      searchesHop4Sampled: null,
    });
  });

  it('count questions of four hops too', () => {
    const four: Chain = { ...chainOf(3), relations: [...chainOf(3).relations, 0] };
    const found = sideMetrics(
      side(rows),
      [four, chainOf(3), four, four].map((chain) => ({ world, chain })),
      '',
    );
    expect(found).toMatchObject({ emHop4: 1 / 3, searchesHop4: 4 / 3, emHop3: 1, searchesHop3: 0 });
  });

  it('tell luck and neglect by evidence and answer together', () => {
    const rows = [
      [1, 0.5],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 1],
      [0, 1],
      [0, 0.5],
    ] as const;
    const given = side(rows.map(([em, coverage]) => ({ tokens: [...question, ...answer()], em, coverage })));
    const asked = rows.map(() => ({ world, chain: chainOf(1) }));
    expect(sideMetrics(given, asked, '')).toMatchObject({ luckyGuessRate: 2 / 7, wrongDespiteEvidenceRate: 3 / 7 });
  });

  it('take each search from its own row', () => {
    const [found, again] = [[PASSAGE_NEW, 2, 2], new Array<number>(3).fill(PASSAGE_REPEATED)];
    const four = [...question, ...search(), ...search(), ...search(), ...search(), ...answer()];
    const given = side([
      { tokens: four, shares: [1 / 3, 0, 2 / 3, 1], classes: [found, found, found, again] },
      { tokens: [...question, ...search(), ...search(), ...answer()], shares: [1, 0.5], classes: [again, found] },
    ]);
    const metrics = sideMetrics(
      given,
      [1, 1].map((hops) => ({ world, chain: chainOf(hops) })),
      '',
    );
    expect(metrics['density']).toBeCloseTo((2 / 4 + 1.5 / 2) / 2, 6);
    expect(metrics['repeatedSearchRate']).toBe(2 / 6);
  });

  it('has no rate of repeats over no searches', () => {
    const one = sideMetrics(side([{ tokens: [...question, ...answer()] }]), [{ world, chain: chainOf(1) }], '');
    expect(one['repeatedSearchRate']).toBeNull();
    expect(one['density']).toBe(0);
  });

  it('counts each reason of a malformed row, and all of them make up the malformed rate', () => {
    expect(reasonMetrics(side(rows))).toMatchObject({ malformedUnexpectedToken: 1 / 4, malformedFifthSearch: 0 });
    const think = [s.think, s.endThink];
    const endings = {
      malformedFifthSearch: [[...search(), ...search(), ...search(), ...search(), ...think, s.search]],
      malformedOverLongThink: [[s.think, e, e, e]],
      malformedOverLongQuery: [
        [...think, s.search, e, r, e],
        [...search(), ...think, s.search, e, r, r],
      ],
      malformedOverLongAnswer: [[...think, s.answer, e, e]],
      malformedUnexpectedToken: [[e], [s.think, s.search], [...think, s.eos]],
      malformedEmptyQuery: [[...think, s.search, s.endSearch]],
      malformedEmptyAnswer: [[...think, s.answer, s.endAnswer]],
    };
    const all = [answer(), ...Object.values(endings).flat()].map((written) => ({ tokens: [...question, ...written] }));
    const shares = Object.entries(endings).map(([key, some]) => [key, some.length / 11]);
    expect(reasonMetrics(side(all))).toEqual(Object.fromEntries(shares));
    const asked = all.map(() => ({ world, chain: chainOf(1) }));
    expect(sideMetrics(side(all), asked, '')['malformedRate']).toBe(10 / 11);
  });
});

/** Cut, EM before and after, flawed step: two saved, one harmed, six wasted, three missed, five rightly accepted. */
const outcomes = [
  [1, 0, 1, 1],
  [2, 0, 1, 1],
  [2, 1, 0, 0],
  [1, 0, 0, 2],
  [1, 1, 1, 0],
  [1, 0, 0, 1],
  [2, 0, 0, 1],
  ...new Array<[number, 0, 0, number]>(3).fill([0, 0, 0, 2]),
  ...new Array<[number, 1, 1, number]>(5).fill([0, 1, 1, 0]),
  [1, 1, 1, 0],
  [1, 1, 1, 0],
] as const;
const tokens = [...question, ...search(), ...answer()];
const draft = side(outcomes.map(([, em, , flawed]) => ({ tokens, em, flawed, reward: 1 })));
const final = side(outcomes.map(([, , em], b) => ({ tokens, em, reward: b })));
const cuts = outcomes.map(([cut]) => cut);
const reviews = reviewsOf(draft, cuts);

describe('reviewMetrics', () => {
  it('sort every row by what the review did to it', () => {
    expect(reviewMetrics({ draft, final, reviews, later: [] })).toEqual({
      revisionRate: 9 / 17,
      revisions: 9 / 17,
      revisionRateWrong: 5 / 8,
      revisionRateRight: 4 / 9,
      savedRate: 2 / 17,
      harmedRate: 1 / 17,
      wastedRate: 6 / 17,
      missedRate: 3 / 17,
      // Right where the label says the same: the first saved one, a wasted one, and those rightly accepted.
      reviewAccuracy: 7 / 17,
      cutShare0: 8 / 17,
      cutShare1: 6 / 17,
      cutShare2: 3 / 17,
      cutShare3: 0,
      cutShare4: 0,
      cutShare5: 0,
    });
  });

  it('counts every cut of a row, and tells the rest by the first review', () => {
    // Two rows are cut once more, one of them a third time.
    const later = [
      reviewsOf(
        final,
        cuts.map((_, b) => (b < 2 ? 1 : 0)),
      ),
      reviewsOf(
        final,
        cuts.map((_, b) => (b < 1 ? 2 : 0)),
      ),
    ];
    const result = reviewMetrics({
      draft,
      final,
      reviews,
      later: later.map((one) => ({ draft: final, reviews: one })),
    });
    const once = reviewMetrics({ draft, final, reviews, later: [] });
    expect(result).toEqual({ ...once, revisions: (9 + 2 + 1) / 17 });
  });

  it('has no revision rate of right drafts where all are wrong', () => {
    const wrong = side([{ tokens }]);
    const result = reviewMetrics({ draft: wrong, final: wrong, reviews: reviewsOf(wrong, [0]), later: [] });
    expect(result).toMatchObject({ revisionRateRight: null, revisionRateWrong: 0, missedRate: 1 });
    const right = side([{ tokens, em: 1 }]);
    const none = reviewMetrics({ draft: right, final: right, reviews: reviewsOf(right, [0]), later: [] });
    expect(none).toMatchObject({ revisionRateRight: 0, revisionRateWrong: null, missedRate: 0 });
  });
});

describe('tokenMetrics', () => {
  it('counts what was sampled and what was inserted, a kept prefix once', () => {
    // Draft: two searches (7 sampled, 14 forced each) and an answer (6). Cut at step 2, so 13 new tokens and 14 forced ones.
    const drafted = side([{ tokens: [...question, ...search(), ...search(), ...answer()] }]);
    const revised = side([{ tokens: [...question, ...search(), ...search(), ...answer()] }]);
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

describe('rolloutMetrics', () => {
  const questions = outcomes.map((_, b) => ({ world, chain: chainOf(1 + (b % 3)) }));
  const facts = { update: 8, vocabulary, positions, reviewed: true, zeroVarianceGroups: 5 };
  const result = { draft, final, reviews, later: [] };
  const extra = { sampledTokens: 100, forcedTokens: 1000 };
  const found = () => rolloutMetrics(result, questions, { ...facts, extra });

  it('are the final trajectories’, with the drafts’ reward and EM beside them', () => {
    const metrics = found();
    expect(metrics).toMatchObject({
      update: 8,
      rewardMean: 8,
      rewardDraftMean: 1,
      emDraft: 9 / 17,
      emFinal: 10 / 17,
      // Rows 0, 12, 15; 1, 4, 10, 13, 16; 11, 14.
      emHop1: 3 / 6,
      emHop2: 5 / 6,
      emHop3: 2 / 5,
      malformedRate: 0,
      malformedEmptyQuery: 0,
      zeroVarianceGroups: 5,
    });
    expect(Object.keys(metrics)).not.toContain('em');
    expect(Object.keys(metrics)).not.toContain('reward');
  });

  it('fit together as docs/metrics.md says', () => {
    const metrics = found();
    const of = (key: string) => metrics[key] ?? NaN;
    expect(of('emFinal') - of('emDraft')).toBeCloseTo(of('savedRate') - of('harmedRate'), 12);
    expect(of('savedRate') + of('harmedRate') + of('wastedRate')).toBeCloseTo(of('revisionRate'), 12);
    expect([0, 1, 2, 3, 4, 5].reduce((sum, j) => sum + of(`cutShare${j}`), 0)).toBeCloseTo(1, 12);
  });

  it('count the tokens of drafts, of what follows each cut, of reviews and of further reviews', () => {
    // Each text is a search (7 written, 14 inserted) and an answer (6). Six rows start again, three answer again.
    const metrics = found();
    expect(metrics['sampledTokens']).toBe(17 * 13 + 6 * 13 + 3 * 6 + 17 + 100);
    expect(metrics['forcedTokens']).toBe(17 * 14 + 6 * 14 + 1000);
    const none = { sampledTokens: 0, forcedTokens: 0 };
    const silent = rolloutMetrics(result, questions, { ...facts, reviewed: false, extra: none });
    expect(silent['sampledTokens']).toBe(17 * 13 + 6 * 13 + 3 * 6);
  });
});
