import { describe, expect, it } from 'vitest';
import { microwikiFamily } from './microwiki';
import { WorldPool } from './pool';

const OPTIONS = { poolSize: 4, worldSeed: 1, noise: 0.3, redrawEvery: 2 };
const create = (more: Partial<typeof OPTIONS> = {}): WorldPool =>
  new WorldPool(microwikiFamily(), { ...OPTIONS, ...more });
const seeds = (pool: WorldPool): number[] => Array.from({ length: pool.size }, (_, i) => pool.member(i).seed);

describe('world pool', () => {
  it('redraws one member every so many batches', () => {
    const pool = create();
    const places = [0, 1, 2, 3, 4, 5, 6].map((batch) => pool.redraw(batch));
    expect(places.map((place) => place >= 0)).toEqual([false, false, true, false, true, false, true]);
    expect(pool.version(places[6] ?? -1)).toBe(6);
    expect([0, 1, 2, 3, 4].map((batch) => create({ redrawEvery: 0 }).redraw(batch))).toEqual([-1, -1, -1, -1, -1]);
  });

  it('changes only the redrawn member', () => {
    const pool = create();
    const before = seeds(pool);
    let place = -1;
    for (let batch = 0; place < 0; batch++) place = pool.redraw(batch);
    seeds(pool).forEach((seed, i) => {
      if (i === place) expect(seed).not.toBe(before[i]);
      else expect(seed).toBe(before[i]);
    });
  });

  it('is a function of the world seed and the batch, so a resumed run finds the same worlds', () => {
    const whole = create();
    for (let batch = 0; batch <= 30; batch++) whole.redraw(batch);
    const resumed = create();
    const place = resumed.redraw(30);
    expect(seeds(resumed)).toEqual(seeds(whole));
    expect(place).toBeGreaterThanOrEqual(0);
    // Back to an earlier batch (Reset), and on again.
    whole.redraw(0);
    expect(seeds(whole)).toEqual(seeds(create()));
    whole.redraw(30);
    expect(seeds(whole)).toEqual(seeds(resumed));
  });

  it('keeps held-out worlds apart from all members, and world seeds apart from each other', () => {
    const pool = create();
    const trained = new Set<number>();
    for (let batch = 0; batch < 60; batch++) {
      pool.redraw(batch);
      for (const seed of seeds(pool)) trained.add(seed);
    }
    for (let i = 0; i < 8; i++) expect(trained.has(pool.heldOut(i).seed)).toBe(false);
    expect(pool.heldOut(3)).toBe(pool.heldOut(3));
    for (const seed of seeds(create({ worldSeed: 2 }))) expect(trained.has(seed)).toBe(false);
    expect(pool.real()).toBeNull();
  });
});
