import { expect, it } from 'vitest';
import { PhiloxStream, PURPOSES } from '../lib/philox';
import { buildBm25Index, type Bm25Index } from './bm25';
import { postingsLength, postingsOf } from './postings';

const RANGE = { from: 5, to: 17 };

/** The list of a term by its definition: whatever weighs something, the heaviest first. */
function listed({ terms, weights, passageCount }: Bm25Index, term: number): number[] {
  const weighs = new Map<number, number>();
  for (let i = 0; i < passageCount * 4; i++) {
    if (terms[i] === term && weights[i] !== 0) weighs.set(i >> 2, weights[i] ?? 0);
  }
  return [...weighs].sort(([a, x], [b, y]) => y - x || a - b).map(([passage]) => passage);
}

it('lists for each term of the range the passages that it finds, the best first', () => {
  const stream = new PhiloxStream(9, PURPOSES.world);
  let unlike = 0;
  for (let trial = 0; trial < 20; trial++) {
    const count = 3 + stream.int(60);
    const passages = Array.from({ length: count }, () =>
      [1, 0, 0, 0].map((term) => term || RANGE.from + stream.int(11)),
    );
    const index = buildBm25Index(passages, RANGE.to);
    // As of a world with misfiled passages.
    index.weights.forEach((weight, i) => (index.weights[i] = stream.int(8) === 0 ? 0 : weight));
    const postings = postingsOf(index, RANGE);
    expect(postings.length).toBeLessThanOrEqual(postingsLength(RANGE, count));
    for (let term = RANGE.from; term < RANGE.to; term++) {
      const [start, end] = postings.subarray(term - RANGE.from, term - RANGE.from + 2);
      const list = [...postings.subarray(start, end)];
      expect(list).toEqual(listed(index, term));
      if (list.some((passage, k) => k > 0 && passage < (list[k - 1] ?? 0))) unlike++;
    }
  }
  // Else nothing would have been sorted.
  expect(unlike).toBeGreaterThan(20);
});

it('a term outside of the range is not listed, nor one that no passage holds', () => {
  const index = buildBm25Index(
    [
      [1, 6, 7, 8],
      [1, 6, 7, 9],
    ],
    RANGE.to,
  );
  const postings = postingsOf(index, RANGE);
  expect(postings.length).toBe(RANGE.to - RANGE.from + 1 + 6);
  expect(postings[0]).toBe(postings[1]);
});
