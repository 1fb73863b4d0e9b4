import { describe, expect, it } from 'vitest';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import { feedPlan } from './feed-plan';
import { PrefixCache, type Placement } from './prefix-cache';

/** Rows of tokens in place of keys and values: what a row was fed, and what was copied to it. */
class Memory {
  readonly rows: number[][];
  fed = 0;

  constructor(count: number) {
    this.rows = Array.from({ length: count }, () => []);
  }

  run(prompts: readonly number[][], placements: readonly Placement[], block = 1): void {
    const placed = placements.map((placement, i) => ({ ...placement, fed: prompts[i]!.slice(0, -1), keep: false }));
    for (const { copies, fed } of feedPlan(placed, block)) {
      for (const { from, to, count } of copies) {
        for (const row of to) this.rows[row]!.splice(0, count, ...this.rows[from]!.slice(0, count));
      }
      for (const { row, token, position } of fed) {
        this.rows[row]![position] = token;
        this.fed++;
      }
    }
  }
}

const place = (cache: PrefixCache, prompts: readonly number[][]) =>
  cache.place(prompts.map((tokens) => ({ tokens, fresh: false })));

describe('the prefix cache', () => {
  it('feeds what prompts share once', () => {
    const [cache, memory] = [new PrefixCache(8), new Memory(8)];
    const prompts = [
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [1, 2, 3, 9, 9],
      [1, 2, 7],
    ];
    memory.run(prompts, place(cache, prompts));
    // Three, then 9, of which the last of each prompt is fed when it writes.
    expect(memory.fed).toBe(3 + 1);
  });

  it('goes on in the row that wrote the beginning', () => {
    const cache = new PrefixCache(4);
    const [first] = place(cache, [[1, 2, 3]]);
    cache.release(first!.row, [1, 2, 3, 4, 5]);
    expect(place(cache, [[1, 2, 3, 4, 5, 6, 7]])).toEqual([{ row: first!.row, start: 5, from: null }]);
  });

  it('takes nothing over for a fresh prompt, and leaves waiting what finds no row', () => {
    const cache = new PrefixCache(2);
    const [first] = place(cache, [[1, 2, 3]]);
    cache.release(first!.row, [1, 2, 3]);
    const fresh = cache.place([{ tokens: [1, 2, 3], fresh: true }]);
    expect(fresh[0]).toMatchObject({ start: 0, from: null });
    expect(
      place(cache, [
        [1, 2],
        [5, 6],
        [7, 8],
      ]),
    ).toHaveLength(1);
  });

  it('gives every row exactly its prompt, whatever was there before', () => {
    for (let trial = 0; trial < 60; trial++) {
      const stream = new PhiloxStream(trial, PURPOSES.world);
      const [cache, memory] = [new PrefixCache(6), new Memory(6)];
      const running: { row: number; tokens: number[] }[] = [];
      const known: number[][] = [[1]];
      for (let round = 0; round < 30; round++) {
        const prompts = Array.from({ length: 1 + stream.int(5) }, () => {
          const old = stream.choice(known);
          const tail = Array.from({ length: 1 + stream.int(4) }, () => 1 + stream.int(3));
          return [...old.slice(0, 1 + stream.int(old.length)), ...tail];
        });
        const placements = place(cache, prompts);
        memory.run(prompts, placements, 1 + (trial % 4));
        placements.forEach(({ row }, i) => {
          const fed = prompts[i]!.slice(0, -1);
          expect(memory.rows[row]!.slice(0, fed.length), `trial ${trial}, round ${round}`).toEqual(fed);
          running.push({ row, tokens: [...fed] });
        });
        // Those that run are untouched, write on, and some end.
        for (const one of running) {
          expect(memory.rows[one.row]!.slice(0, one.tokens.length)).toEqual(one.tokens);
          const token = 1 + stream.int(3);
          memory.rows[one.row]![one.tokens.length] = token;
          one.tokens.push(token);
        }
        for (const one of running.splice(0, stream.int(running.length + 1))) {
          cache.release(one.row, one.tokens);
          known.push(one.tokens);
        }
      }
    }
  });
});
