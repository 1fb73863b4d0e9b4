import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/assert';
import { expectSchema } from '../testing/schemas/expect-schema';
import { atlasFamily } from './atlas';
import { renderQuestion } from './english';

const text = readFileSync(new URL('../../public/worlds/atlas.json', import.meta.url), 'utf8');
const family = atlasFamily(JSON.parse(text));
const { schema } = family;

function entity(type: string, name: string): number {
  return schema.entities.findIndex((candidate) => candidate.type === type && candidate.name === name);
}
const relation = (name: string): number => schema.relations.findIndex((candidate) => candidate.name === name);

describe('atlas', () => {
  it('is as docs/schema says', () => {
    expectSchema('atlas', [JSON.parse(text)]);
  });

  it('keeps a country and its capital of the same name apart', () => {
    const same = ['Djibouti', 'Gibraltar', 'Luxembourg', 'Monaco', 'Singapore', 'Vatican City'];
    const world = family.real(1, 0.3);
    for (const name of same) {
      expect(entity('country', name)).not.toBe(entity('city', name));
      expect(world?.objectOf(entity('country', name), relation('capital'))).toBe(entity('city', name));
    }
    expect(new Set(schema.vocabulary.strings).size).toBe(schema.vocabulary.size);
  });

  it('knows a country without a capital', () => {
    const world = family.real(1, 0.3);
    expect(entity('country', 'Macao')).toBeGreaterThanOrEqual(0);
    expect(world?.objectOf(entity('country', 'Macao'), relation('capital'))).toBe(-1);
    expect(world?.objectOf(entity('country', 'Macao'), relation('largest city'))).toBe(entity('city', 'Macau'));
  });

  it('asks real questions of three hops', () => {
    const world = family.real(1, 0.3);
    const lagos = entity('city', 'Lagos');
    const asked = ['country', 'capital', 'time zone'].map(relation);
    const chain = world?.chains[3]?.find((c) => c.start === lagos && c.relations.every((r, k) => r === asked[k]));
    if (!chain) throw new Error('the chain city, country, capital, time zone exists');
    expect(renderQuestion(schema, chain)).toBe('What is the time zone of the capital of the country of Lagos?');
    expect(schema.entities[chain.answer]?.name).toBe('Africa/Lagos');
  });

  it('has a vocabulary and ceilings of the intended size', () => {
    expect(schema.vocabulary.size).toBeGreaterThan(250);
    expect(schema.vocabulary.size).toBeLessThan(350);
    expect(family.draw(1, 0.3).ceilings.perfectReaderEm).toBeGreaterThan(0.85);
  });

  it('permutes the objects of each relation', () => {
    const real = family.real(1, 0)?.facts ?? [];
    const drawn = family.draw(1, 0).facts;
    schema.relations.forEach((_, r) => {
      const objects = (facts: typeof real): number[] =>
        facts.flatMap((f) => (f.relation === r ? [f.object] : [])).sort();
      expect(objects([...drawn])).toEqual(objects([...real]));
    });
    const pairs = new Set(real.map((f) => `${f.subject} ${f.relation} ${f.object}`));
    const kept = drawn.filter((f) => pairs.has(`${f.subject} ${f.relation} ${f.object}`)).length;
    expect(kept / drawn.length).toBeLessThan(0.2);
  });

  it('says what is wrong with a file', () => {
    expect(() => atlasFamily([])).toThrow(UserError);
    expect(() => atlasFamily({ format: 'other' })).toThrow(/of format other; this version reads/);
    const bad = text.replace('["China", "Beijing"]', '["China", "Atlantis"]');
    expect(() => atlasFamily(JSON.parse(bad))).toThrow(/"city:Atlantis" in a fact of "capital" is no entity/);
  });
});
