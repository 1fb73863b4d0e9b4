import { describe, expect, it } from 'vitest';
import { PhiloxStream, PURPOSES } from '../lib/philox';
import { BM25_SCALE, buildBm25Index, retrieveTopK, scorePassages } from './bm25';

/** BM25 written out from its definition, in floating point. */
function plainScore(passages: readonly (readonly number[])[], p: number, query: readonly number[]): number {
  const own = passages[p] ?? [];
  const average = passages.reduce((sum, tokens) => sum + tokens.length, 0) / passages.length;
  let score = 0;
  for (const term of new Set(query)) {
    const df = passages.filter((tokens) => tokens.includes(term)).length;
    const tf = own.filter((token) => token === term).length;
    const idf = Math.log(1 + (passages.length - df + 0.5) / (df + 0.5));
    score += (idf * tf * 2.2) / (tf + 1.2 * (0.25 + (0.75 * own.length) / average));
  }
  return score;
}

const PASSAGES = [
  [1, 10, 20, 11],
  [2, 10, 20, 12],
  [1, 11, 20, 10],
  [1, 10, 21, 13],
  [2, 14, 20, 14],
];

describe('BM25', () => {
  it('sums fixed-point weights that follow the formula', () => {
    const index = buildBm25Index(PASSAGES, 30);
    for (const query of [[10, 20], [14], [1, 14, 20], [29]]) {
      const scores = scorePassages(index, query);
      PASSAGES.forEach((_, p) => {
        const expected = plainScore(PASSAGES, p, query);
        expect(Math.abs((scores.get(p) ?? 0) / BM25_SCALE - expected)).toBeLessThan(4 * (0.5 / BM25_SCALE));
      });
    }
  });

  it('counts a term that a passage repeats once, with its frequency', () => {
    const index = buildBm25Index(PASSAGES, 30);
    const row = Array.from(index.weights.slice(16, 20));
    expect(row[1]).toBeGreaterThan(0);
    expect(row[3]).toBe(0);
    expect(Array.from(index.terms.slice(16, 20))).toEqual([2, 14, 20, 14]);
  });

  it('breaks ties by passage id and fills up with passages that score zero', () => {
    const index = buildBm25Index(PASSAGES, 30);
    expect(Array.from(retrieveTopK(index, [10, 20]))).toEqual([0, 1, 2]);
    expect(Array.from(retrieveTopK(index, [29]))).toEqual([0, 1, 2]);
    expect(Array.from(retrieveTopK(index, [13]))).toEqual([3, 0, 1]);
  });

  it('ignores the order and the repetition of query tokens', () => {
    const index = buildBm25Index(PASSAGES, 30);
    const once = Array.from(retrieveTopK(index, [21, 10]));
    expect(Array.from(retrieveTopK(index, [10, 21, 21, 10]))).toEqual(once);
    expect(once[0]).toBe(3);
  });

  it('agrees with sorting all scores on random indices', () => {
    const stream = new PhiloxStream(5, PURPOSES.world);
    for (let trial = 0; trial < 20; trial++) {
      const passages = Array.from({ length: 40 }, () => Array.from({ length: 4 }, () => 1 + stream.int(12)));
      const index = buildBm25Index(passages, 13);
      const query = [1 + stream.int(12), 1 + stream.int(12)];
      const found = scorePassages(index, query);
      const scores = passages.map((_, p) => found.get(p) ?? 0);
      const order = scores.map((_, p) => p).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
      expect(Array.from(retrieveTopK(index, query))).toEqual(order.slice(0, 3));
    }
  });

  it('refuses an index that is too small', () => {
    expect(() => retrieveTopK(buildBm25Index(PASSAGES.slice(0, 2), 30), [10])).toThrow(/2 passages/);
  });
});
