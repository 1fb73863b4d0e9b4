import { describe, expect, it } from 'vitest';
import { parseTrajectory } from '../../env/episode';
import { flawedStep, labelEvidence } from '../../env/evidence';
import { microwikiFamily } from '../../env/microwiki';
import { WorldPool } from '../../env/pool';
import { answerToken, drawQuestion, questionTokens } from '../../env/questions';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import { retrieveTopK } from '../../retrieval/bm25';
import { policyPositions } from '../rollout/policy-tokens';
import { demonstrations, warmStartRate, type WarmStartOptions } from './demonstrations';

const family = microwikiFamily();
const { special } = family.schema.vocabulary;
const POOL = { poolSize: 3, worldSeed: 2, noise: 0.3, redrawEvery: 2 };
const OPTIONS: WarmStartOptions = {
  batches: 200,
  batchSize: 24,
  learningRate: 0.003,
  judgeAccuracy: 1,
  reviewTokenWeight: 5,
  errors: { vagueQuery: 0.3, wrongRelation: 0.1, wrongEntity: 0.1, guess: 0.1 },
  minHops: 1,
  maxHops: 3,
  runSeed: 4,
};
const BATCH = 5;
const shown = (options: Partial<WarmStartOptions> = {}) =>
  demonstrations(new WorldPool(family, POOL), BATCH, { ...OPTIONS, ...options });
/** World and question of each, by the run's seed, row and batch. */
const asked = Array.from({ length: OPTIONS.batchSize }, (_, row) => {
  const pool = new WorldPool(family, POOL);
  pool.redraw(BATCH);
  const stream = new PhiloxStream(4, PURPOSES.warmStart, row, BATCH);
  const world = pool.member(stream.int(3));
  return { world, chain: drawQuestion(world, stream, 3) };
});

describe('demonstrations', () => {
  it('answer questions of the pool as it is at that batch', () => {
    const all = shown();
    expect(all).toHaveLength(24);
    all.forEach(({ tokens, length }, row) => {
      const { world, chain } = asked[row]!;
      const question = questionTokens(world.schema, chain);
      expect(Array.from(tokens).slice(0, question.length)).toEqual(question);
      expect([length, tokens[length - 1]]).toEqual([tokens.length, special.review]);
    });
    expect(new Set(asked.map(({ world }) => world.seed)).size).toBe(3);
    expect(shown({ runSeed: 5 })).not.toEqual(all);
  });

  it('are imitated in what the policy wrote, each token predicted from the one before it', () => {
    for (const { tokens, length, items } of shown()) {
      const written = policyPositions(tokens, 0, length - 1, special);
      expect(items.slice(0, -1)).toEqual(written.map((t) => ({ position: t - 1, target: tokens[t], weight: 1 })));
    }
  });

  it('end in a review that says the flawed step, at a weight of its own', () => {
    const said = shown().map(({ tokens, length, items }, row) => {
      const { world, chain } = asked[row]!;
      const { steps, searches, answer } = parseTrajectory(family.schema.vocabulary, tokens);
      const found = searches.map(({ query }) => retrieveTopK(world.index, query));
      const right = answer === answerToken(world.schema, chain);
      const flawed = flawedStep(labelEvidence(world, chain, found), steps.length, right);
      expect(items.at(-1)).toEqual({ position: length - 1, target: special.integers[flawed], weight: 5 });
      return flawed;
    });
    expect(new Set(said).size).toBeGreaterThan(2);
  });

  it('end in any integer where the judge errs', () => {
    const target = (options: Partial<WarmStartOptions>) => shown(options).map(({ items }) => items.at(-1)!.target);
    expect(target({ judgeAccuracy: 0 })).not.toEqual(target({}));
    for (const integer of target({ judgeAccuracy: 0 })) expect(special.integers).toContain(integer);
  });
});

describe('the rate of the warm start', () => {
  it('rises over fifty batches and falls along a cosine, to a floor', () => {
    const rate = (batch: number) => warmStartRate(batch, OPTIONS);
    expect(rate(0)).toBeCloseTo(0.003 / 50 + 1e-5, 9);
    expect(rate(49)).toBeCloseTo(0.003 * 0.5 * (1 + Math.cos((Math.PI * 49) / 200)) + 1e-5, 12);
    expect(rate(100)).toBeCloseTo(0.0015 + 1e-5, 12);
    expect(rate(200)).toBeCloseTo(1e-5, 12);
  });
});
