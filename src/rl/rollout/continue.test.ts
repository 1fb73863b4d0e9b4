import { describe, expect, it } from 'vitest';
import { END_REASON, PHASE } from '../../env/episode';
import { episodeLimits } from '../../env/episode-limits';
import { microwikiFamily } from '../../env/microwiki';
import { informationTokens, questionTokens } from '../../env/questions';
import { UserError } from '../../lib/assert';
import { PURPOSES } from '../../lib/philox';
import { fakeRollout, NO_PARAMS } from '../../testing/engine/fake-rollout';
import { continueFrom, keptTokens, type Continued } from './continue';

const family = microwikiFamily();
const { vocabulary } = family.schema;
const { special: s, relationBase: r, entityBase: e } = vocabulary;
const world = family.draw(1, 0);
const { positions } = episodeLimits(3);
const row = { world, chain: world.chains[1]![0]!, slot: 0, logicalRow: 9 };

// The question at 0, a search at 4 with its passages at 11, another at 25 with passages at 32, an answer at 46.
const question = questionTokens(world.schema, row.chain);
const searchOf = (what: number) => [s.think, e, s.endThink, s.search, what, r, s.endSearch];
const text = [
  ...question,
  ...searchOf(e),
  ...informationTokens(world, [1, 2, 3]),
  ...searchOf(e + 1),
  ...informationTokens(world, [4, 5, 6]),
  ...[s.think, s.endThink, s.answer, e, s.endAnswer, s.eos],
];
const from = (position: number, forced: readonly number[]): Continued => ({
  tokens: Uint16Array.from({ length: positions }, (_, t) => text[t] ?? 0),
  logProbs: Float32Array.from({ length: positions }, (_, t) => -t),
  entropies: Float32Array.from({ length: positions }, (_, t) => t / 4),
  passages: Int32Array.from({ length: 12 }, (_, i) => (i < 6 ? i + 1 : -1)),
  position,
  forced,
  attempt: 3,
  replicate: 12,
});
const keep = (position: number, ...forced: number[]) => keptTokens(row, from(position, forced), positions);

describe('keptTokens', () => {
  it('keeps what stands before the place, with the forced tokens behind it as if the policy had written them', () => {
    expect(question).toHaveLength(4);
    const kept = keep(27, r);
    expect([...kept.tokens]).toEqual([...text.slice(0, 27), r]);
    expect([...kept.stepStarts]).toEqual([4, 25]);
    expect([...kept.passages]).toEqual([1, 2, 3]);
    expect([kept.attempt, kept.replicate]).toEqual([3, 12]);
    expect(kept.open).toEqual({ phase: PHASE.inThink, reason: 0, searches: 1, forcedLeft: 0, segment: [e, r] });
  });

  it('waits for passages where a query is closed by force, of which none are kept', () => {
    const kept = keep(30, r, s.endSearch);
    expect([...kept.passages]).toEqual([1, 2, 3]);
    expect(kept.open).toEqual({
      phase: PHASE.information,
      reason: 0,
      searches: 2,
      forcedLeft: 14,
      segment: [e + 1, r],
    });
  });

  it('ends a trajectory where a forced token does', () => {
    const kept = keep(48, s.search, s.endSearch);
    expect([...kept.stepStarts]).toEqual([4, 25, 46]);
    expect([...kept.passages]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(kept.open).toMatchObject({ phase: PHASE.done, reason: END_REASON.emptyQuery, searches: 2 });
  });

  it('begins at the first place behind the question', () => {
    expect(keep(4).open).toEqual({ phase: PHASE.expectThink, reason: 0, searches: 0, forcedLeft: 0, segment: [] });
  });

  it.each([3, 11, 20, 52])('refuses place %i, where the policy writes nothing', (position) => {
    expect(() => keep(position, e)).toThrow(UserError);
    expect(() => keep(position, e)).toThrow('writes no token at this place');
  });

  it('refuses tokens that the policy may not write, and tokens where the environment goes on', () => {
    const message = 'could not write these tokens here';
    expect(() => keep(27, s.question)).toThrow(message);
    expect(() => keep(30, s.endSearch, s.think)).toThrow(message);
    expect(() => keep(48, s.think, e)).toThrow(message);
  });

  it('needs room for another token', () => {
    const { length } = text.slice(0, 30);
    expect(keptTokens(row, from(length, [r]), length + 2).tokens).toHaveLength(length + 1);
    expect(() => keptTokens(row, from(length, [r]), length + 1)).toThrow('no room for more tokens');
  });
});

describe('continueFrom', () => {
  it('samples behind the place with the numbers of a cut by hand, and keeps what is known of the tokens before it', async () => {
    const written = [...text.slice(0, 27), r, s.endThink, s.answer, e, s.endAnswer, s.eos];
    const known = { tokens: written, logProbs: written.map(() => -0.5) };
    const rollout = fakeRollout(vocabulary, { batch: 4, positions }, () => ({ draft: known }));
    const options = { runSeed: 5, update: 8, reward: { process: 'off', combine: 'sum' } } as const;
    const side = await continueFrom(rollout, NO_PARAMS, row, from(27, [r]), options);
    expect(rollout.asked).toEqual([
      {
        rows: [{ ...row, kept: keep(27, r) }],
        options: {
          ...options,
          replicate: 12,
          purpose: PURPOSES.hand,
          temperature: 1,
          suffixTemperature: 1,
          review: null,
          blank: false,
        },
      },
    ]);
    expect([...side.logProbs.subarray(0, 33)].map((x) => 0 - x)).toEqual([
      ...Array.from({ length: 27 }, (_, t) => t),
      ...new Array<number>(6).fill(0.5),
    ]);
    expect([...side.entropies.subarray(0, 28)]).toEqual([...Array.from({ length: 27 }, (_, t) => t / 4), 0]);
  });
});
