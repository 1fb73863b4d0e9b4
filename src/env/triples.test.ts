import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/assert';
import { PhiloxStream, PURPOSES } from '../lib/philox';
import { renderFact, renderQuestion } from './english';
import { drawQuestion } from './questions';
import { permuteObjects } from './triple-family';
import { parseTriples } from './triple-text';
import { worldFamilyFromTriples } from './triples';

const FAMILY = [
  '# a comment',
  'subject\trelation\tobject',
  'Anna\tcity\tRome',
  'Bert\tcity\tOslo',
  'Cleo\tcity\tRome',
  'Rome\tcountry\tItaly',
  'Oslo\tcountry\tNorway',
  'Italy\tanthem\tIl Canto',
  'Norway\tanthem\tJa, vi elsker',
  'Anna\tspouse\tBert',
  'Bert\tspouse\tAnna',
  'Cleo\tpet\tRex',
  'Cleo\tpet\tTom',
].join('\n');

describe('triples', () => {
  it('infers types as connected classes of domains and ranges', () => {
    const { schema } = worldFamilyFromTriples(FAMILY, 'friends');
    const typeOf = (name: string): string | undefined => schema.entities.find((entity) => entity.name === name)?.type;
    expect(typeOf('Anna')).toBe('spouse');
    expect(typeOf('Cleo')).toBe('spouse');
    expect(typeOf('Rome')).toBe('city');
    expect(typeOf('Italy')).toBe('country');
    expect(typeOf('Rex')).toBe('pet');
    expect(schema.vocabulary.strings).toContain('city:Rome');
  });

  it('adds inverse relations only where they are unique and new', () => {
    const family = worldFamilyFromTriples(FAMILY, 'friends');
    const names = family.schema.relations.map((relation) => relation.name);
    // city has two people in Rome, spouse is its own inverse, pet has several objects per subject.
    expect(names).toEqual(['city', 'country', 'anthem', 'spouse', 'pet', 'inverse country', 'inverse anthem']);
    const inverse = names.indexOf('inverse country');
    for (const world of [family.real(1, 0), family.draw(5, 0)]) {
      const forward = world?.facts.filter((fact) => fact.relation === names.indexOf('country')) ?? [];
      expect(forward).toHaveLength(2);
      for (const fact of forward) expect(world?.objectOf(fact.object, inverse)).toBe(fact.subject);
    }
  });

  it('keeps pairs with several objects as passages only', () => {
    const world = worldFamilyFromTriples(FAMILY, 'friends').real(1, 0.5);
    const pet = world?.schema.relations.findIndex((relation) => relation.name === 'pet') ?? -1;
    expect(world?.passages.some((passage) => passage.relation === pet)).toBe(true);
    expect(world?.chains.flat().some((chain) => chain.relations.includes(pet))).toBe(false);
  });

  it('renders questions and facts', () => {
    const family = worldFamilyFromTriples(FAMILY, 'friends');
    const world = family.real(1, 0);
    const chain = world?.chains[3]?.[0];
    if (!world || !chain) throw new Error('there are questions of three hops');
    expect(renderQuestion(family.schema, chain)).toBe('What is the anthem of the country of the city of Anna?');
    expect(renderFact(family.schema, world.facts[3] ?? { subject: 0, relation: 0, object: 0 })).toBe(
      'The country of Rome is Italy.',
    );
  });

  it('reads commas, quotes, line ends of all kinds and a byte order mark', () => {
    const triples = parseTriples('\ufeff"Rome, old",is,"the ""best"""\r\n a , b ,c\r\r\n');
    expect(triples.map(({ subject, relation, object, line }) => [subject, relation, object, line])).toEqual([
      ['Rome, old', 'is', 'the "best"', 1],
      ['a', 'b', 'c', 2],
    ]);
    expect(parseTriples('a\tb\tc\na\tb\tc')).toHaveLength(1);
  });

  const bad: [string, string, RegExp][] = [
    ['ragged', 'a\tb\tc\n\na\tb', /^Line 3: 2 columns instead of 3/],
    ['one word', 'hello', /^Line 1: 1 column instead of 3/],
    ['empty', '', /holds no facts/],
    ['only comments', '# x\nsubject,relation,object\n', /holds no facts/],
    ['empty column', 'a\tb\tc\na\t\tc', /^Line 2: a column is empty/],
    ['binary', 'a\tb\tc\nPK\u0003\u0000', /^Line 2: this is not a text file/],
    ['long name', `a\tb\t${'x'.repeat(201)}`, /^Line 1: the name/],
    ['open quote', 'a,"b,c', /^Line 1: a quotation mark is not closed/],
    ['a single fact', 'a\tb\tc', /single fact/],
    ['no question', 'a\tb\tc\na\tb\td\ne\tb\te', /No question can be formed/],
    [
      'relations',
      Array.from({ length: 513 }, (_, i) => `a\tr${i}\tb`).join('\n'),
      /^Line 513: more than 512 relations/,
    ],
    [
      'entities',
      Array.from({ length: 1001 }, (_, i) => `a${i}\tr\tb${i}`).join('\n'),
      /^Line 1001: more than 2000 entities/,
    ],
    ['facts', Array.from({ length: 20001 }, (_, i) => `a\tr\tb${i}`).join('\n'), /^Line 20001: more than 20000 facts/],
    ['huge', 'a\tb\tc\n'.repeat(1_400_000), /too large/],
  ];
  it.each(bad)('refuses %s input with a message', (_, input, message) => {
    expect(() => worldFamilyFromTriples(input, 'bad')).toThrow(UserError);
    expect(() => worldFamilyFromTriples(input, 'bad')).toThrow(message);
  });

  it('permutes without relating anything to itself where that can be avoided', () => {
    const facts = [0, 1, 2, 3].map((i) => ({ subject: i, relation: 0, object: (i + 1) % 4 }));
    for (let seed = 0; seed < 50; seed++) {
      const drawn = permuteObjects(facts, 1, new PhiloxStream(seed, PURPOSES.world));
      expect(drawn.map((fact) => fact.object).sort()).toEqual([0, 1, 2, 3]);
      expect(drawn.every((fact) => fact.object !== fact.subject)).toBe(true);
    }
  });

  it('samples chains of a very large world instead of listing them', () => {
    const lines: string[] = [];
    for (let i = 0; i < 200; i++)
      for (let r = 0; r < 40; r++) lines.push(`e${i}\tr${r}\te${(i * 7 + r * 13 + 1) % 200}`);
    const world = worldFamilyFromTriples(lines.join('\n'), 'large').draw(1, 0.1);
    expect(world.chains[2]?.length).toBeLessThanOrEqual(20_000);
    expect(world.chains[3]?.length).toBeGreaterThan(10_000);
    const chain = drawQuestion(world, new PhiloxStream(1, PURPOSES.question), 3);
    let at = chain.start;
    for (const relation of chain.relations) at = world.objectOf(at, relation);
    expect(at).toBe(chain.answer);
  });
});

describe('text of any kind', () => {
  it('becomes a world with questions or is refused in words, in 10,000 cases', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'Ä', '"q"', '{x}', 'inverse a', 'relation', '__proto__');
    const fields = fc.oneof(
      { arbitrary: fc.tuple(names, names, names), weight: 30 },
      fc.array(names, { minLength: 2, maxLength: 4 }),
    );
    const table = fc
      .tuple(fc.array(fields, { maxLength: 12 }), fc.constantFrom('\t', ',', ';'))
      .map(([lines, separator]) => lines.map((line) => line.join(separator)));
    const odd = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('#', '"', '\u0000', '\ufeff'));
    const text = fc.array(fc.oneof({ arbitrary: table.map((lines) => lines.join('\n')), weight: 6 }, odd), {
      maxLength: 3,
    });
    let worlds = 0;
    fc.assert(
      fc.property(text, fc.constantFrom('\n', '\r\n', '\r'), (parts, lineEnd) => {
        try {
          const family = worldFamilyFromTriples(parts.join(lineEnd), 'any');
          const real = family.real(1, 0);
          expect(real?.chains.slice(1).flat().length).toBeGreaterThan(0);
          worlds += 1;
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
        }
      }),
      { numRuns: 10_000 },
    );
    expect(worlds).toBeGreaterThan(100);
  });
});
