/**
 * The atlas: real countries, cities, currencies, languages, continents and time zones, from public/worlds/atlas.json
 * (scripts/build-atlas.mjs). This layer neither fetches nor reads files: the parsed JSON is handed in.
 */
import { UserError } from '../lib/assert';
import { NEWER_HINT } from '../lib/versions';
import { tripleFamily } from './triple-family';
import { createSchema } from './world';
import type { Entity, Fact, Relation, WorldFamily } from './world-types';

const ATLAS_FORMAT = 'cutpoint-atlas/1';

/** @param json the parsed file. Throws UserError saying which part of it is wrong. */
export function atlasFamily(json: unknown): WorldFamily {
  const file = record(json, 'the file');
  if (file.format !== ATLAS_FORMAT) {
    throw new UserError(
      `The atlas is of format ${String(file.format)}; this version reads ${ATLAS_FORMAT}.`,
      NEWER_HINT,
    );
  }
  const title = text(file.title, '"title"');
  const relations = list(file.relations, '"relations"').map(readRelation);
  const entities = Object.entries(record(file.entities, '"entities"')).flatMap(([type, names]) =>
    list(names, `"entities.${type}"`).map((name): Entity => ({ type, name: text(name, `a name of type ${type}`) })),
  );
  const indexOf = new Map<string, number>();
  entities.forEach(({ type, name }, e) => {
    // The type is part of the key: six names are both a country and its capital.
    const key = `${type}:${name}`;
    if (indexOf.has(key)) fail(`"${key}" is listed twice`);
    indexOf.set(key, e);
  });
  const rows = record(file.facts, '"facts"');
  const facts = relations.flatMap(({ name, domainType, rangeType }, relation) =>
    list(rows[name], `"facts.${name}"`).map((row): Fact => {
      const [subject, object, ...rest] = list(row, `a fact of "${name}"`);
      if (rest.length > 0) fail(`a fact of "${name}" has more than two names`);
      const find = (type: string, value: unknown): number => {
        const key = `${type}:${text(value, `a fact of "${name}"`)}`;
        return indexOf.get(key) ?? fail(`"${key}" in a fact of "${name}" is no entity`);
      };
      return { subject: find(domainType, subject), relation, object: find(rangeType, object) };
    }),
  );
  if (facts.length < 2) fail('it has fewer than two facts');
  return tripleFamily(createSchema({ id: 'atlas', title, relations, entities }), facts);
}

function readRelation(value: unknown): Relation {
  const row = record(value, 'a relation');
  const name = text(row.name, 'the name of a relation');
  return {
    name,
    domainType: text(row.domain, `"domain" of "${name}"`),
    rangeType: text(row.range, `"range" of "${name}"`),
    ask: text(row.ask, `"ask" of "${name}"`),
    state: text(row.state, `"state" of "${name}"`),
  };
}

function fail(what: string): never {
  throw new UserError(
    `The atlas cannot be read: ${what}.`,
    'Build public/worlds/atlas.json again: node scripts/build-atlas.mjs',
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function record(value: unknown, what: string): Record<string, unknown> {
  return isRecord(value) ? value : fail(`${what} is not an object`);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function list(value: unknown, what: string): readonly unknown[] {
  return isList(value) ? value : fail(`${what} is not a list`);
}

function text(value: unknown, what: string): string {
  return typeof value === 'string' && value !== '' ? value : fail(`${what} is not a text`);
}
