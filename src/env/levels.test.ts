import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../config/schema';
import { fnv1a64Hex } from '../lib/hash';
import { PhiloxStream, PURPOSES } from '../lib/philox';
import { retrieveTopK } from '../retrieval/bm25';
import { NO_LEVELS } from './levels';
import { microwikiFamily } from './microwiki';
import { drawQuestion } from './questions';
import { worldFamilyFromTriples } from './triples';
import type { World } from './world-types';

const family = microwikiFamily();
const { entities, relations, vocabulary } = family.schema;
const draw = (seed: number, levels: Partial<typeof NO_LEVELS>, noise = 0.5): World =>
  family.draw(seed, noise, { ...NO_LEVELS, ...levels });

/** Of worlds 1 and 7 as they were drawn, and of world 7 as it was judged, before there were levels. */
const DIGESTS = ['3384019b957cfdbc', 'dde939bd52dc68d7'];
const CEILINGS = { perfectReaderEm: 0.9510899298393477, supportingShare: 0.7912515227761343 };

function digest({ facts, passages, index, chains }: World): string {
  const text = JSON.stringify([facts, passages, Array.from(index.weights), chains]);
  return fnv1a64Hex(new TextEncoder().encode(text));
}

describe('a world without levels', () => {
  it('is the one that was drawn before there were any, to the bit', () => {
    expect([1, 7].map((seed) => digest(family.draw(seed, 0.3)))).toEqual(DIGESTS);
    expect(digest(family.draw(7, 0.3, defaultConfig))).toBe(DIGESTS[1]);
    expect(family.draw(7, 0.3).ceilings).toEqual(CEILINGS);
  });
});

describe('levels', () => {
  it('draw the same world again from the same seed, and another from another', () => {
    const levels = { rumourSpread: 'outnumber', misfiled: 0.2, sharedNames: 0.3, maxHops: 4 } as const;
    expect(digest(draw(3, levels))).toBe(digest(draw(3, levels)));
    expect(digest(draw(3, levels))).not.toBe(digest(draw(4, levels)));
  });

  it('leave the facts alone, but for names', () => {
    const plain = draw(3, {});
    expect(draw(3, { rumourSpread: 'outnumber', misfiled: 0.2 }).facts).toEqual(plain.facts);
    expect(draw(3, { misfiled: 0.2 }).passages).toEqual(plain.passages);
    expect(draw(3, { maxHops: 4 }).chains.slice(0, 4)).toEqual(plain.chains);
  });
});

describe('rumours that outnumber the truth', () => {
  const world = draw(5, { rumourSpread: 'outnumber' });

  it('are two of one lie, against one passage of a source that repeats none', () => {
    let doubted = 0;
    world.facts.forEach((_, f) => {
      const about = world.passages.filter((passage) => passage.fact === f);
      const lies = about.filter(({ rumour }) => rumour);
      if (lies.length === 0) {
        expect(about.length).toBeGreaterThanOrEqual(2);
        return;
      }
      doubted++;
      const truth = about.filter(({ rumour }) => !rumour);
      expect(truth).toHaveLength(1);
      expect([0, 1]).toContain(truth[0]!.source);
      expect(lies.map(({ source }) => source).sort()).toEqual([2, 3]);
      expect(new Set(lies.map(({ object }) => object)).size).toBe(1);
    });
    expect(doubted / world.facts.length).toBeGreaterThan(0.35);
    expect(doubted / world.facts.length).toBeLessThan(0.65);
  });

  it('leave a reader who knows the sources nearly as much as before', () => {
    expect(world.ceilings.perfectReaderEm).toBeGreaterThan(0.85);
  });
});

describe('a retriever that misses', () => {
  const world = draw(5, { misfiled: 0.4 }, 0);
  const { entityBase, relationBase } = vocabulary;

  it('lost the relation of a share of the passages, and nothing else', () => {
    const whole = draw(5, {}, 0);
    const lost = Array.from(world.index.weights).filter((weight, i) => weight !== whole.index.weights[i]);
    expect(lost.every((weight) => weight === 0)).toBe(true);
    expect(Math.abs(lost.length / world.passages.length - 0.4)).toBeLessThan(0.1);
  });

  it('finds nothing of some facts by an exact query', () => {
    const found = world.facts.filter(({ subject, relation }, f) => {
      const ids = retrieveTopK(world.index, [entityBase + subject, relationBase + relation]);
      return Array.from(ids).some((id) => world.passages[id]?.fact === f);
    });
    expect(found.length).toBeLessThan(world.facts.length);
    expect(found.length).toBeGreaterThan(0.8 * world.facts.length);
    expect(world.ceilings.perfectReaderEm).toBeLessThan(draw(5, {}, 0).ceilings.perfectReaderEm - 0.05);
  });
});

describe('shared names', () => {
  const plain = draw(5, {});
  const world = draw(5, { sharedNames: 0.5 });

  it('stand for two things of different types, whose facts keep their places', () => {
    const typeOf = (entity: number) => entities[entity]?.type;
    const renamed = new Map<number, number>();
    world.facts.forEach(({ subject, relation, object }, f) => {
      const before = plain.facts[f]!;
      expect(relation).toBe(before.relation);
      if (subject !== before.subject) renamed.set(before.subject, subject);
      if (object !== before.object) renamed.set(before.object, object);
    });
    expect(renamed.size).toBeGreaterThan(10);
    expect(new Set(renamed.values()).size).toBe(renamed.size);
    for (const [from, to] of renamed) {
      expect(typeOf(from)).not.toBe(typeOf(to));
      expect(renamed.has(to)).toBe(false);
    }
  });

  it('leave every question one answer', () => {
    for (const chain of world.chains.flat()) {
      const end = chain.relations.reduce((at, relation) => world.objectOf(at, relation), chain.start);
      expect(end).toBe(chain.answer);
    }
  });

  it('are refused by name where all names are of one kind', () => {
    const friends = worldFamilyFromTriples('a\tknows\tb\nb\tknows\tc\nc\tknows\td\nd\tknows\ta\n', 'friends');
    expect(() => friends.draw(1, 0, { ...NO_LEVELS, sharedNames: 0.5 })).toThrow(/sharedNames .* two kinds/);
  });
});

describe('question lengths', () => {
  it('go from the shortest to the longest, four hops included', () => {
    const world = draw(5, { minHops: 3, maxHops: 4 });
    const stream = new PhiloxStream(1, PURPOSES.question);
    const lengths = Array.from({ length: 200 }, () => drawQuestion(world, stream, 4, 3).relations.length);
    expect([...new Set(lengths)].sort()).toEqual([3, 4]);
    for (const { relations: asked, facts } of world.chains[4]!.slice(0, 50)) {
      expect(asked.every((relation) => relations[relation] !== undefined)).toBe(true);
      expect(facts).toHaveLength(4);
    }
    // The ceilings are of the questions that are asked.
    expect(world.ceilings.perfectReaderEm).toBeLessThan(draw(5, { maxHops: 4 }).ceilings.perfectReaderEm);
  });
});
