import { distance } from 'fastest-levenshtein';

/**
 * The candidate that a person most likely meant by `word`, ignoring case: the fewest edits, the first on ties.
 * Undefined where nothing shares at least half of its letters with `word`, as a wild guess misleads.
 */
export function nearest<T extends string>(word: string, candidates: readonly T[]): T | undefined {
  const wanted = word.slice(0, 100).toLowerCase();
  let best: T | undefined;
  let fewest = Infinity;
  for (const candidate of candidates) {
    const edits = distance(wanted, candidate.toLowerCase());
    if (edits < fewest && edits <= Math.max(wanted.length, candidate.length) / 2) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}
