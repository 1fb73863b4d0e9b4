/**
 * The index by term: which passages each term finds, the best of them first. A query of two terms then needs no passage but
 * those of its rarer term and the best three of the other (shaders/bm25_top_k.wgsl).
 */
import { assert } from '../lib/assert';
import { TERMS_PER_PASSAGE, type Bm25Index } from './bm25';

/** A range of token ids. */
export interface TermRange {
  readonly from: number;
  readonly to: number;
}

/** Words that the postings of so many passages take, of which each has a source, which no query names, and three terms more. */
export function postingsLength({ from, to }: TermRange, passages: number): number {
  return to - from + 1 + (TERMS_PER_PASSAGE - 1) * passages;
}

/**
 * Where the list of each term of the range begins, and where the last one ends; then the lists: passage ids by weight descending,
 * ties by id ascending. A term that weighs nothing in a passage does not find it.
 *
 * @returns (to - from + 1 + postings) u32; the places are counted from the first word
 */
export function postingsOf(
  { terms, weights, passageCount }: Bm25Index,
  { from, to }: TermRange,
): Uint32Array<ArrayBuffer> {
  const count = to - from;
  const starts = new Uint32Array(count + 1);
  const each = (see: (term: number, place: number) => void): void => {
    for (let i = 0; i < passageCount * TERMS_PER_PASSAGE; i++) {
      const term = (terms[i] ?? 0) - from;
      if (term >= 0 && term < count && weights[i] !== 0) see(term, i);
    }
  };
  each((term) => (starts[term + 1] = (starts[term + 1] ?? 0) + 1));
  for (let t = 0; t < count; t++) starts[t + 1] = (starts[t + 1] ?? 0) + (starts[t] ?? 0);
  const places = new Uint32Array(starts[count] ?? 0);
  const ends = starts.slice();
  each((term, place) => (places[(ends[term] = (ends[term] ?? 0) + 1) - 1] = place));
  for (let t = 0; t < count; t++) sortByWeight(places.subarray(starts[t], starts[t + 1]), weights);
  const postings = new Uint32Array(count + 1 + places.length);
  postings.set(starts.map((start) => start + count + 1));
  postings.set(
    places.map((place) => place >> 2),
    count + 1,
  );
  assert(
    postings.length <= postingsLength({ from, to }, passageCount),
    'a passage has three terms of the range at most',
  );
  return postings;
}

/** Places come in ascending order. Nearly all lists weigh the same throughout, and are in order so. */
function sortByWeight(places: Uint32Array, weights: Uint32Array): void {
  const weight = (place: number | undefined): number => weights[place ?? 0] ?? 0;
  if (places.every((place, k) => k === 0 || weight(places[k - 1]) >= weight(place))) return;
  places.sort((a, b) => weight(b) - weight(a) || a - b);
}
