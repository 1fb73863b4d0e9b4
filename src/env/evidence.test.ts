import { describe, expect, it } from 'vitest';
import {
  flawedStep,
  labelEvidence,
  PASSAGE_IRRELEVANT,
  PASSAGE_NEW,
  PASSAGE_REPEATED,
  PASSAGE_RUMOUR,
} from './evidence';
import { microwikiFamily } from './microwiki';
import type { Chain, World } from './world-types';

const world: World = microwikiFamily().draw(2, 1);
const found = world.chains[2]?.[0];
if (!found) throw new Error('microwiki has questions of two hops');
const chain: Chain = found;

const [firstFact = -1, secondFact = -1] = chain.facts;
function ids(fact: number, rumour: boolean): number[] {
  return world.passages.flatMap((passage, id) => (passage.fact === fact && passage.rumour === rumour ? [id] : []));
}
const [first0 = -1, first1 = -1] = ids(firstFact, false);
const [second0 = -1] = ids(secondFact, false);
const [rumour = -1] = ids(firstFact, true);
const other = world.facts.findIndex((_, i) => !chain.facts.includes(i));
const [other0 = -1, other1 = -1] = ids(other, false);

describe('evidence', () => {
  it('classifies passages and credits a hop once', () => {
    const labels = labelEvidence(world, chain, [
      [first0, first1, rumour],
      [first0, second0, other0],
      [other0, other1, rumour],
    ]);
    expect(labels.searches.map((search) => search.classes)).toEqual([
      [PASSAGE_NEW, PASSAGE_NEW, PASSAGE_RUMOUR],
      [PASSAGE_REPEATED, PASSAGE_NEW, PASSAGE_IRRELEVANT],
      [PASSAGE_REPEATED, PASSAGE_IRRELEVANT, PASSAGE_RUMOUR],
    ]);
    expect(labels.searches.map((search) => search.useful)).toEqual([1, 1, 0]);
    expect(labels.searches.map((search) => search.share)).toEqual([2 / 3, 1 / 3, 0]);
    expect(labels.coverage).toBe(1);
  });

  it('counts coverage in hops, and nothing without searches', () => {
    expect(labelEvidence(world, chain, [[first0, first1, other0]]).coverage).toBe(0.5);
    expect(labelEvidence(world, chain, [[rumour, other0, other1]]).coverage).toBe(0);
    expect(labelEvidence(world, chain, [])).toEqual({ searches: [], coverage: 0 });
  });

  it('finds the flawed step: the first useless search, else a wrong answer, else none', () => {
    const good = [first0, first1, other0];
    const second = [second0, other0, other1];
    const useless = [other0, other1, rumour];
    const flaw = (searches: number[][], steps: number, correct: boolean): number =>
      flawedStep(labelEvidence(world, chain, searches), steps, correct);
    expect(flaw([good, second], 3, true)).toBe(0);
    expect(flaw([good, second], 3, false)).toBe(3);
    expect(flaw([good, useless, second], 4, true)).toBe(2);
    expect(flaw([useless, good], 3, false)).toBe(1);
    expect(flaw([good, good], 3, true)).toBe(2);
    expect(flaw([], 1, false)).toBe(1);
    expect(flaw([], 1, true)).toBe(0);
  });
});
