/** A small made-up world whose facts are drawn anew for every seed (method.md section 3). */
import { NO_LEVELS, shareNames } from './levels';
import { buildWorld, createSchema, entitiesByType, factStream } from './world';
import type { Entity, Fact, Relation, WorldFamily } from './world-types';

// prettier-ignore
const NAMES: Readonly<Record<string, readonly string[]>> = {
  person: [
    'Ada', 'Boris', 'Carla', 'Dmitri', 'Elena', 'Farid', 'Greta', 'Hugo', 'Ines', 'Jonas', 'Kira', 'Leo',
    'Mina', 'Nils', 'Olga', 'Pablo', 'Quinn', 'Rosa', 'Stefan', 'Tara', 'Umar', 'Vera', 'Wanda', 'Yusuf',
  ],
  city: [
    'Arden', 'Belmora', 'Corvik', 'Dunmere', 'Estoria', 'Falken', 'Grimholt', 'Harrow Bay', 'Ilvara', 'Jorvale',
    'Kestrel', 'Lunden', 'Marisca', 'Norwick', 'Ostmere Point', 'Pellworth',
  ],
  country: ['Aldovia', 'Brevia', 'Caldonia', 'Drusland', 'Elmoria', 'Fenwick', 'Galdria', 'Hestia'],
  company: [
    'Apex Optics', 'Borealis', 'Cobalt Works', 'Deltaform', 'Everlight', 'Foundry Nine', 'Granite', 'Helix Labs',
    'Ironwood', 'Juniper Rail', 'Kilnworks', 'Lumen Press',
  ],
};

const RELATIONS: readonly Relation[] = [
  relation('born in', 'person', 'city', 'the city where {x} was born', '{s} was born in {o}.'),
  relation('lives in', 'person', 'city', 'the city where {x} lives', '{s} lives in {o}.'),
  relation('works at', 'person', 'company', 'the company where {x} works', '{s} works at {o}.'),
  relation('spouse', 'person', 'person', 'the spouse of {x}', 'The spouse of {s} is {o}.'),
  relation('headquarters', 'company', 'city', 'the headquarters of {x}', 'The headquarters of {s} is in {o}.'),
  relation('chief executive', 'company', 'person', 'the chief executive of {x}', 'The chief executive of {s} is {o}.'),
  relation('country', 'city', 'country', 'the country of {x}', '{s} is in {o}.'),
  relation('mayor', 'city', 'person', 'the mayor of {x}', 'The mayor of {s} is {o}.'),
  relation('capital', 'country', 'city', 'the capital of {x}', 'The capital of {s} is {o}.'),
  relation('leader', 'country', 'person', 'the leader of {x}', 'The leader of {s} is {o}.'),
];

function relation(name: string, domainType: string, rangeType: string, ask: string, state: string): Relation {
  return { name, domainType, rangeType, ask, state };
}

/** 24 people, 16 cities, 8 countries, 12 companies; every relation holds for every entity of its domain. */
export function microwikiFamily(): WorldFamily {
  const entities: Entity[] = Object.entries(NAMES).flatMap(([type, names]) => names.map((name) => ({ name, type })));
  const schema = createSchema({ id: 'microwiki', title: 'Microwiki', relations: RELATIONS, entities });
  const byType = entitiesByType(schema);
  return {
    schema,
    draw(seed, noise, levels = NO_LEVELS) {
      const stream = factStream(seed);
      const facts: Fact[] = [];
      entities.forEach((entity, subject) => {
        RELATIONS.forEach(({ domainType, rangeType }, r) => {
          if (domainType !== entity.type) return;
          const candidates = (byType.get(rangeType) ?? []).filter((e) => e !== subject);
          facts.push({ subject, relation: r, object: stream.choice(candidates) });
        });
      });
      return buildWorld(schema, seed, shareNames(entities, facts, seed, levels), noise, levels);
    },
    real: () => null,
  };
}
