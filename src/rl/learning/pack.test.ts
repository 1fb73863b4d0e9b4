import { describe, expect, it } from 'vitest';
import { pack, type Sequence } from './pack';

const sequence = (first: number, length: number, positions: number[]): Sequence<{ name: string }> => ({
  // Longer than `length`: what comes after the end of a row must not be packed.
  tokens: Array.from({ length: length + 5 }, (_, t) => first + t),
  length,
  items: positions.map((position) => ({ position, name: `${first}@${position}` })),
});

describe('pack', () => {
  it('puts sequences one after the other and moves their positions along', () => {
    const [batch, ...rest] = pack([sequence(10, 3, [0, 2]), sequence(20, 2, [1]), sequence(30, 4, [0, 3])], 100);
    expect(rest).toEqual([]);
    expect([...batch!.tokens]).toEqual([10, 11, 12, 20, 21, 30, 31, 32, 33]);
    expect(batch!.lengths).toEqual([3, 2, 4]);
    expect([...batch!.selected]).toEqual([0, 2, 4, 5, 8]);
    expect(batch!.items.map(({ name }) => name)).toEqual(['10@0', '10@2', '20@1', '30@0', '30@3']);
    // Each item's row holds the token that it was given for.
    expect([...batch!.selected].map((row) => batch!.tokens[row])).toEqual([10, 12, 21, 30, 33]);
  });

  it('opens a new batch where the next whole sequence does not fit, and fills one to the last token', () => {
    const batches = pack([sequence(10, 3, [0]), sequence(20, 3, [0]), sequence(30, 2, [1]), sequence(40, 4, [2])], 6);
    expect(batches.map(({ lengths }) => lengths)).toEqual([
      [3, 3],
      [2, 4],
    ]);
    expect(batches.map(({ selected }) => [...selected])).toEqual([
      [0, 3],
      [1, 4],
    ]);
  });

  it('leaves out sequences that no loss looks at', () => {
    expect(pack([sequence(10, 3, [])], 100)).toEqual([]);
    const [batch] = pack([sequence(10, 3, []), sequence(20, 2, [0])], 100);
    expect([...batch!.tokens]).toEqual([20, 21]);
    expect(pack([], 100)).toEqual([]);
  });
});
