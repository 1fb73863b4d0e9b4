import { describe, expect, it } from 'vitest';
import { PhiloxStream, PURPOSES } from '../lib/philox';
import { microwikiFamily } from './microwiki';
import { drawQuestion, questionTokens } from './questions';

const family = microwikiFamily();

describe('microwiki', () => {
  it('has the stated entities and a fact for every entity of a relation domain', () => {
    const count = (type: string): number => family.schema.entities.filter((entity) => entity.type === type).length;
    expect(['person', 'city', 'country', 'company'].map(count)).toEqual([24, 16, 8, 12]);
    const world = family.draw(1, 0.3);
    expect(world.facts).toHaveLength(24 * 4 + 12 * 2 + 16 * 2 + 8 * 2);
    expect(family.real(1, 0.3)).toBeNull();
  });

  it('draws equal worlds from equal seeds and different facts from different ones', () => {
    expect(family.draw(7, 0.3).passages).toEqual(family.draw(7, 0.3).passages);
    const a = family.draw(7, 0.3).facts;
    const b = family.draw(8, 0.3).facts;
    const same = a.filter((fact, i) => fact.object === b[i]?.object).length;
    expect(same / a.length).toBeLessThan(0.2);
  });

  it('states each fact 2 to 4 times from different sources and adds at most one rumour of the right type', () => {
    let rumours = 0;
    for (let seed = 0; seed < 10; seed++) {
      const world = family.draw(seed, 0.3);
      world.facts.forEach((fact, i) => {
        const own = world.passages.filter((passage) => passage.fact === i);
        const stated = own.filter((passage) => !passage.rumour);
        expect(stated.length).toBeGreaterThanOrEqual(2);
        expect(stated.length).toBeLessThanOrEqual(4);
        expect(new Set(stated.map((passage) => passage.source)).size).toBe(stated.length);
        expect(stated.every((passage) => passage.object === fact.object)).toBe(true);
        const wrong = own.filter((passage) => passage.rumour);
        expect(wrong.length).toBeLessThanOrEqual(1);
        for (const { object, subject, relation } of wrong) {
          expect(object).not.toBe(fact.object);
          expect(object).not.toBe(subject);
          expect(world.schema.entities[object]?.type).toBe(world.schema.relations[relation]?.rangeType);
        }
        rumours += wrong.length;
      });
    }
    // 1680 facts at 0.3: standard deviation 0.011.
    expect(Math.abs(rumours / 1680 - 0.3)).toBeLessThan(0.045);
    expect(family.draw(1, 0).passages.some((passage) => passage.rumour)).toBe(false);
  });

  it('forms chains that follow the facts and never revisit an entity', () => {
    const world = family.draw(3, 0.3);
    expect(world.chains[0]).toEqual([]);
    expect(world.chains[1]).toHaveLength(world.facts.length);
    for (const hops of [1, 2, 3]) {
      for (const chain of world.chains[hops] ?? []) {
        expect(chain.relations).toHaveLength(hops);
        const path = [chain.start];
        chain.relations.forEach((relation, k) => {
          const at = path[path.length - 1] ?? -1;
          expect(world.factOf(at, relation)).toBe(chain.facts[k]);
          path.push(world.objectOf(at, relation));
        });
        expect(path[path.length - 1]).toBe(chain.answer);
        expect(new Set(path).size).toBe(path.length);
      }
    }
  });

  it('prints ceilings that leave room for search to be learnt', () => {
    for (let seed = 0; seed < 4; seed++) {
      const { perfectReaderEm, supportingShare } = family.draw(seed, 0.3).ceilings;
      expect(perfectReaderEm).toBeGreaterThan(0.88);
      expect(perfectReaderEm).toBeLessThanOrEqual(1);
      expect(supportingShare).toBeGreaterThan(0.7);
      expect(supportingShare).toBeLessThanOrEqual(1);
    }
  });

  it('draws questions of all lengths alike, outermost relation first', () => {
    const world = family.draw(3, 0.3);
    const stream = new PhiloxStream(1, PURPOSES.question);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 600; i++) {
      const hops = drawQuestion(world, stream, 3).relations.length;
      counts[hops] = (counts[hops] ?? 0) + 1;
    }
    expect(Math.min(...counts.slice(1))).toBeGreaterThan(150);
    expect(drawQuestion(world, stream, 1).relations).toHaveLength(1);
    const chain = world.chains[3]?.[0];
    if (!chain) throw new Error('microwiki has questions of three hops');
    const { special, relationBase, entityBase } = world.schema.vocabulary;
    const [a, b, c] = chain.relations.map((r) => relationBase + r);
    expect(questionTokens(world.schema, chain)).toEqual([
      special.bos,
      c,
      b,
      a,
      entityBase + chain.start,
      special.question,
    ]);
  });
});
