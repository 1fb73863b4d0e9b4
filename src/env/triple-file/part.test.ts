import { describe, expect, it } from 'vitest';
import { partName, partSeed } from '../../config/part-name';
import { MAX_ENTITIES, MAX_FACTS } from '../../config/triple-limits';
import { hashOfFacts, readTriples, type Triple } from '../triple-text';
import { worldFamilyFromTriples } from '../triples';
import { drawPart, graphSize, isTooLarge, LIMITS, partOf } from './part';

/** A graph in two components, with a hub; entity i of relation k leads to another. */
function graph(entities: number): Triple[] {
  const facts: Triple[] = [{ subject: 'lone', relation: 'r0', object: 'other', line: 1 }];
  for (let i = 0; i < entities; i++) {
    for (let k = 0; k < 4; k++) {
      const object = k === 0 ? 'hub' : `e${(i * 7 + k * 13 + 1) % entities}`;
      facts.push({ subject: `e${i}`, relation: `r${k + (i % 3)}`, object, line: facts.length + 1 });
    }
  }
  return facts;
}

function isConnected(facts: readonly Triple[]): boolean {
  const reached = new Set([facts[0]?.subject]);
  for (let size = 0; size < reached.size;) {
    size = reached.size;
    for (const { subject, object } of facts) {
      if (reached.has(subject)) reached.add(object);
      if (reached.has(object)) reached.add(subject);
    }
  }
  return reached.size === graphSize(facts).entities;
}

const textOf = (facts: readonly Triple[]) => facts.map((f) => `${f.subject}\t${f.relation}\t${f.object}`).join('\n');

describe('a part of a graph that is too large', () => {
  const whole = graph(9000);

  it('is connected, within the limits, and the same for its seed', () => {
    expect(isTooLarge(graphSize(whole))).toBe(true);
    for (const seed of [1, 2, 3]) {
      const part = drawPart(whole, seed);
      const size = graphSize(part);
      expect(isTooLarge(size)).toBe(false);
      expect(size.entities).toBe(MAX_ENTITIES);
      expect(isConnected(part)).toBe(true);
      expect(part.map(({ line }) => line)).toEqual(part.map(({ line }) => line).sort((a, b) => a - b));
      expect(drawPart(whole, seed)).toEqual(part);
    }
    expect(drawPart(whole, 1)).not.toEqual(drawPart(whole, 2));
  });

  it('keeps each limit for itself', () => {
    const few = drawPart(whole, 1, { ...LIMITS, relations: 2 });
    expect(graphSize(few).relations).toBe(2);
    expect(isConnected(few)).toBe(true);
    const dense = Array.from({ length: 300 * 299 }, (_, i): Triple => {
      const [from, to] = [Math.floor(i / 299), i % 299];
      return { subject: `e${from}`, relation: 'r', object: `e${to < from ? to : to + 1}`, line: i + 1 };
    });
    const part = drawPart(dense, 1);
    expect(part.length).toBeLessThanOrEqual(MAX_FACTS);
    expect(part.length).toBeGreaterThan(MAX_FACTS - 600);
    expect(isConnected(part)).toBe(true);
  });

  it('is a file that makes a world, and says what it is a part of', () => {
    const text = partOf(textOf(whole), 'big', 7);
    expect(text.split('\n')[0]).toBe('# part: seed 7 of big (36001 facts, 9003 entities, 6 relations)');
    const { triples, problems } = readTriples(text, 1);
    expect(problems).toEqual([]);
    expect(hashOfFacts(triples)).toBe(hashOfFacts(drawPart(whole, 7)));
    expect(worldFamilyFromTriples(text, 'big part 7').schema.entities).toHaveLength(MAX_ENTITIES);
  });

  it('keeps names that look like signs of the file', () => {
    const odd = ['#tag', '"Heroes" (song)', 'a\tb', '5" wide', '"x"', 'tag'];
    const facts = odd.flatMap((name, i): Triple[] =>
      [odd[(i + 1) % odd.length] ?? '', 'end'].map((object) => ({ subject: name, relation: 'r', object, line: 1 })),
    );
    const csv = facts
      .map((f) => [f.subject, f.relation, f.object].map((x) => `"${x.replaceAll('"', '""')}"`).join(','))
      .join('\n');
    const { triples } = readTriples(partOf(csv, 'x', 1), 1);
    expect(hashOfFacts(triples)).toBe(hashOfFacts(facts));
  });

  it('is named so that its seed can be told again', () => {
    expect(partName('big', 7)).toBe('big part 7');
    expect(partName('big part 7', 8)).toBe('big part 8');
    expect(partSeed('big part 7')).toBe(7);
    expect(partSeed('big')).toBeNull();
  });
});
