/**
 * Evidence labels (method.md sections 1 and 5): which search supported which hop. The world knows the supporting facts, so
 * u_i is exact and no judge model is needed.
 */
import { PASSAGES_PER_SEARCH } from './episode-limits';
import type { Chain, World } from './world-types';

export const PASSAGE_CLASSES = ['new', 'repeated', 'irrelevant', 'rumour'] as const;
export const PASSAGE_NEW = 0;
export const PASSAGE_REPEATED = 1;
export const PASSAGE_IRRELEVANT = 2;
export const PASSAGE_RUMOUR = 3;

export interface SearchLabel {
  /** u_i: 1 if the collection supports a hop not supported before, else 0. */
  readonly useful: 0 | 1;
  /** Supporting passages that are new, divided by 3: the density on screen. */
  readonly share: number;
  /** Class of each passage, an index into PASSAGE_CLASSES. */
  readonly classes: readonly number[];
}

export interface EvidenceLabels {
  readonly searches: readonly SearchLabel[];
  /** Hops supported / hops. */
  readonly coverage: number;
}

/**
 * A passage is *new* if it states the fact of a hop that no earlier collection supported (two passages of one collection may
 * both be new), *repeated* if its hop was supported before or the very passage was shown before, *rumour* if it is one,
 * else *irrelevant*.
 *
 * @param searches passage ids of each search, in order
 */
export function labelEvidence(world: World, chain: Chain, searches: readonly ArrayLike<number>[]): EvidenceLabels {
  const supported = new Set<number>();
  const shown = new Set<number>();
  const labels = searches.map((ids): SearchLabel => {
    const found = new Set<number>();
    const classes: number[] = [];
    let fresh = 0;
    for (let k = 0; k < ids.length; k++) {
      const id = ids[k] ?? -1;
      const passage = world.passages[id];
      if (!passage) continue;
      if (passage.rumour) {
        classes.push(PASSAGE_RUMOUR);
      } else if (chain.facts.includes(passage.fact) && !supported.has(passage.fact)) {
        classes.push(PASSAGE_NEW);
        found.add(passage.fact);
        fresh++;
      } else if (chain.facts.includes(passage.fact) || shown.has(id)) {
        classes.push(PASSAGE_REPEATED);
      } else {
        classes.push(PASSAGE_IRRELEVANT);
      }
    }
    for (const fact of found) supported.add(fact);
    for (let k = 0; k < ids.length; k++) shown.add(ids[k] ?? -1);
    return { useful: found.size > 0 ? 1 : 0, share: fresh / PASSAGES_PER_SEARCH, classes };
  });
  return { searches: labels, coverage: supported.size / chain.facts.length };
}

/**
 * The flawed step: the first search step that supports no hop not yet supported; if there is none and the answer is wrong
 * (or missing), the last step; else 0.
 *
 * @param stepCount S, counting unfinished steps
 */
export function flawedStep(labels: EvidenceLabels, stepCount: number, answerCorrect: boolean): number {
  // Searches stand one in each step from the first on: a step without results ends the trajectory.
  const first = labels.searches.findIndex((search) => search.useful === 0);
  if (first >= 0) return Math.min(first + 1, stepCount);
  return answerCorrect ? 0 : stepCount;
}
