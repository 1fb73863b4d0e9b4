/** Where test cases are kept, one of each kind for a studio: what is being run again goes on while another view is looked at. */
import type { Studio } from '../state/studio-state';
import { CaseShelf } from './case-shelf';
import { liveCases } from './live/live-cases';
import type { LiveCase } from './live/live-cases';
import { ownCases } from './own-cases';
import type { TestCase } from './test-case';

export interface Shelves {
  own: CaseShelf<TestCase>;
  /** Of rollouts of a file. */
  live: CaseShelf<LiveCase>;
}

const shelves = new WeakMap<Studio, Shelves>();

export function shelvesOf(studio: Studio): Shelves {
  const known = shelves.get(studio) ?? {
    own: new CaseShelf(ownCases(studio)),
    live: new CaseShelf(liveCases(studio)),
  };
  shelves.set(studio, known);
  return known;
}
