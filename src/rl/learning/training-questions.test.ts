import { describe, expect, it } from 'vitest';
import { microwikiFamily } from '../../env/microwiki';
import { WorldPool } from '../../env/pool';
import { drawQuestion } from '../../env/questions';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import { trainingQuestions } from './training-questions';

const family = microwikiFamily();
const options = { poolSize: 4, worldSeed: 3, noise: 0.3, redrawEvery: 2 };
const config = { prompts: 6, groupSize: 3, runSeed: 9, minHops: 1, maxHops: 2 };
const ask = (update: number, given: Partial<typeof config> = {}) =>
  trainingQuestions({ ...config, ...given }, new WorldPool(family, options), update);

describe('the questions of an update', () => {
  it('are each asked once a row of its group, of one world, and numbered through', () => {
    const rows = ask(0);
    expect(rows.map(({ logicalRow }) => logicalRow)).toEqual(Array.from({ length: 18 }, (_, b) => b));
    rows.forEach(({ world, chain, slot }, b) => {
      const first = rows[b - (b % 3)]!;
      expect([world, chain, slot]).toEqual([first.world, first.chain, first.slot]);
    });
    expect(new Set(rows.map(({ chain }) => JSON.stringify(chain))).size).toBe(6);
    expect(new Set(rows.map(({ slot }) => slot)).size).toBeGreaterThan(1);
  });

  it('are drawn by the run’s seed, question and update: row p of the question stream', () => {
    const pool = new WorldPool(family, options);
    pool.redraw(5);
    ask(5).forEach(({ world, chain, slot }, b) => {
      const stream = new PhiloxStream(9, PURPOSES.question, Math.floor(b / 3), 5);
      expect(slot).toBe(stream.int(4));
      expect(world.seed).toBe(pool.member(slot).seed);
      expect(chain).toEqual(drawQuestion(world, stream, 2));
      expect(chain.relations.length).toBeLessThanOrEqual(2);
    });
    // A world was drawn anew on the way: the pool is that update's.
    const fresh = new WorldPool(family, options);
    expect([0, 1, 2, 3].map((i) => pool.version(i))).not.toEqual([0, 1, 2, 3].map((i) => fresh.version(i)));
  });
});
