/**
 * BM25 (Robertson and Zaragoza 2009; k1 1.2, b 0.75) with the weight of each (term, passage) pair precomputed as an unsigned
 * fixed-point integer. A query's score is then a sum of integers, so the CPU here and the GPU kernel agree to the last bit,
 * ties included (method.md section 3).
 */
import { assert } from '../lib/assert';

const BM25_K1 = 1.2;
const BM25_B = 0.75;
/** Terms per passage: source, subject, relation, object. */
export const TERMS_PER_PASSAGE = 4;
export const TOP_K = 3;
/** Fixed-point scale. Weights stay below 2^22 for a million passages, so four of them never leave 32 bits. */
export const BM25_SCALE = 2 ** 16;

/** Immutable once built: retrieval results are cached per index. */
export interface Bm25Index {
  readonly passageCount: number;
  /** (P,4) token ids, 0 where a passage has fewer terms. */
  readonly terms: Uint32Array;
  /** (P,4) fixed-point weights, 0 for padding and for the second occurrence of a term. */
  readonly weights: Uint32Array;
}

/**
 * @param passages (P) tokens of each passage, at most 4 each; position = passage id
 * @param vocabularySize V, an upper bound of the token ids
 */
export function buildBm25Index(passages: readonly (readonly number[])[], vocabularySize: number): Bm25Index {
  const count = passages.length;
  const terms = new Uint32Array(count * TERMS_PER_PASSAGE);
  const weights = new Uint32Array(count * TERMS_PER_PASSAGE);
  const documentFrequency = new Float64Array(vocabularySize);
  let totalLength = 0;
  passages.forEach((tokens, p) => {
    assert(tokens.length <= TERMS_PER_PASSAGE, `passage ${p} has ${tokens.length} tokens, at most 4 fit`);
    totalLength += tokens.length;
    tokens.forEach((token, k) => {
      terms[p * TERMS_PER_PASSAGE + k] = token;
      if (tokens.indexOf(token) === k) documentFrequency[token] = (documentFrequency[token] ?? 0) + 1;
    });
  });
  const averageLength = count > 0 ? totalLength / count : 1;
  const idf = documentFrequency.map((df) => Math.log(1 + (count - df + 0.5) / (df + 0.5)));
  passages.forEach((tokens, p) => {
    const norm = BM25_K1 * (1 - BM25_B + (BM25_B * tokens.length) / averageLength);
    tokens.forEach((token, k) => {
      if (tokens.indexOf(token) !== k) return;
      let frequency = 0;
      for (const other of tokens) if (other === token) frequency++;
      const weight = ((idf[token] ?? 0) * frequency * (BM25_K1 + 1)) / (frequency + norm);
      weights[p * TERMS_PER_PASSAGE + k] = Math.round(weight * BM25_SCALE);
    });
  });
  return { passageCount: count, terms, weights };
}

/** Where each term occurs, for the CPU's retrieval; the GPU scans the index instead. */
interface Postings {
  /** Token to pairs (passage id, weight), flat. */
  readonly byToken: ReadonlyMap<number, readonly number[]>;
  /** The same few queries come up again and again (demonstrations, rollouts of one group). */
  readonly cache: Map<number, Uint32Array>;
}
const postingsOf = new WeakMap<Bm25Index, Postings>();
/** Bounded so that long runs stay small. */
const CACHE_LIMIT = 8192;

function postings(index: Bm25Index): Postings {
  const known = postingsOf.get(index);
  if (known) return known;
  const byToken = new Map<number, number[]>();
  for (let i = 0; i < index.terms.length; i++) {
    const weight = index.weights[i] ?? 0;
    if (weight === 0) continue;
    const token = index.terms[i] ?? 0;
    const list = byToken.get(token);
    if (list) list.push(i >> 2, weight);
    else byToken.set(token, [i >> 2, weight]);
  }
  const made: Postings = { byToken, cache: new Map() };
  postingsOf.set(index, made);
  return made;
}

/**
 * Scores of the passages that share a term with the query: passage id to the integer sum of its weights. A repeated query
 * token counts once. All other passages score 0.
 */
export function scorePassages(index: Bm25Index, queryTokens: readonly number[]): Map<number, number> {
  const { byToken } = postings(index);
  const scores = new Map<number, number>();
  queryTokens.forEach((token, k) => {
    const list = queryTokens.indexOf(token) === k ? byToken.get(token) : undefined;
    if (!list) return;
    for (let i = 0; i < list.length; i += 2) {
      const p = list[i] ?? 0;
      scores.set(p, (scores.get(p) ?? 0) + (list[i + 1] ?? 0));
    }
  });
  return scores;
}

/**
 * Ids of the k best passages: score descending, ties by passage id ascending. Passages that score zero fill up the list, so
 * there are always k. Do not write to the result: it is shared by equal queries.
 */
export function retrieveTopK(index: Bm25Index, queryTokens: readonly number[], k: number = TOP_K): Uint32Array {
  assert(index.passageCount >= k, `an index of ${index.passageCount} passages cannot return ${k}`);
  const key = k === TOP_K ? cacheKey(queryTokens) : -1;
  const { cache } = postings(index);
  const known = cache.get(key);
  if (known) return known;
  const best = topOf(scorePassages(index, queryTokens), k);
  if (key >= 0) {
    if (cache.size >= CACHE_LIMIT) cache.clear();
    cache.set(key, best);
  }
  return best;
}

/** One number per set of one or two tokens (all that a query may hold in a trajectory), -1 for longer lists. */
function cacheKey(tokens: readonly number[]): number {
  const [a = 0, b = a] = tokens;
  if (tokens.length === 0 || tokens.length > 2) return -1;
  return Math.min(a, b) * 2 ** 26 + Math.max(a, b);
}

function topOf(scores: ReadonlyMap<number, number>, k: number): Uint32Array {
  const ids: number[] = [];
  const values: number[] = [];
  const before = (score: number, p: number, slot: number): boolean => {
    const other = values[slot] ?? 0;
    return score > other || (score === other && p < (ids[slot] ?? 0));
  };
  for (const [p, score] of scores) {
    let slot = ids.length;
    while (slot > 0 && before(score, p, slot - 1)) slot--;
    if (slot === k) continue;
    ids.splice(slot, 0, p);
    values.splice(slot, 0, score);
    if (ids.length > k) {
      ids.pop();
      values.pop();
    }
  }
  for (let p = 0; ids.length < k; p++) if (!scores.has(p)) ids.push(p);
  return Uint32Array.from(ids);
}
