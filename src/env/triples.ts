/** A world of your own from triples (method.md section 3): types, templates and inverse relations are worked out from the facts. */
import { phrasesIn } from '../config/phrase-lines';
import { MAX_ENTITIES, MAX_RELATIONS } from '../config/triple-limits';

import { UserError } from '../lib/assert';
import { phraseOf } from './phrase';
import { tripleFamily, type InverseRelation } from './triple-family';
import { parseTriples, type Triple } from './triple-text';
import { createSchema } from './world';
import type { Entity, Fact, Relation, WorldFamily } from './world-types';

/**
 * @param text TSV or CSV, see parseTriples
 * @param name shown as the world's title, for instance the file's name
 * Throws UserError (with a line number where one line is to blame).
 */
export function worldFamilyFromTriples(text: string, name: string): WorldFamily {
  const triples = parseTriples(text);
  if (triples.length < 2) throw new UserError('The file holds a single fact: at least 2 are needed.');
  const relationNames = numbered(triples, (t) => [t.relation], MAX_RELATIONS, 'relations');
  const entityNames = numbered(triples, (t) => [t.subject, t.object], MAX_ENTITIES, 'entities');
  const facts = triples.map((t): Fact => ({
    subject: entityNames.get(t.subject) ?? 0,
    relation: relationNames.get(t.relation) ?? 0,
    object: entityNames.get(t.object) ?? 0,
  }));
  const names = [...relationNames.keys()];
  const types = inferTypes(facts, names, entityNames.size);
  const entities = [...entityNames.keys()].map((entity, e): Entity => ({
    name: entity,
    type: types.ofEntity[e] ?? '',
  }));
  const given = phrasesIn(text);
  const phrases = names.map((relation) => phraseOf(given.get(relation) ?? relation));
  const people = new Set(
    phrases.flatMap(({ subjectIsPerson, objectIsPerson }, r) => [
      ...(subjectIsPerson ? [types.domains[r]] : []),
      ...(objectIsPerson ? [types.ranges[r]] : []),
    ]),
  );
  const relations = phrases.map(({ ask, state, question }, r): Relation => {
    const rangeType = types.ranges[r] ?? '';
    return {
      ...{ name: names[r] ?? '', domainType: types.domains[r] ?? '', rangeType, ask, state },
      question: whoOrWhat(question ?? `What is ${ask}?`, people.has(rangeType)),
    };
  });
  const inverses = invertibleRelations(facts, names.length).map((relation, k): InverseRelation => {
    const inverse = names.length + k;
    const forward = relations[relation];
    const { inverseAsk, inverseState, inverseQuestion } = phrases[relation] ?? phraseOf('');
    const rangeType = forward?.domainType ?? '';
    relations.push({
      name: freeName(`inverse ${names[relation] ?? ''}`, relationNames),
      domainType: forward?.rangeType ?? '',
      rangeType,
      ask: inverseAsk,
      state: inverseState,
      question: whoOrWhat(inverseQuestion ?? `What is ${inverseAsk}?`, people.has(rangeType)),
    });
    return { relation, inverse };
  });
  const family = tripleFamily(createSchema({ id: name, title: name, relations, entities }), facts, inverses);
  if (!hasQuestion(facts)) {
    throw new UserError(
      'No question can be formed: every subject has several objects for each of its relations.',
      'A question needs a subject and a relation with exactly one object.',
    );
  }
  return family;
}

/** Numbers the names in order of appearance; the line that brings one too many is to blame. */
function numbered(
  triples: readonly Triple[],
  pick: (triple: Triple) => readonly string[],
  limit: number,
  what: string,
): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const triple of triples) {
    for (const name of pick(triple)) {
      if (!numbers.has(name)) numbers.set(name, numbers.size);
      if (numbers.size > limit)
        throw new UserError(`Line ${triple.line}: more than ${limit} ${what}.`, 'Shorten the file.');
    }
  }
  return numbers;
}

interface InferredTypes {
  domains: string[];
  ranges: string[];
  ofEntity: string[];
}

/**
 * Types are the connected classes of relation domains and ranges: two of them are one type if an entity stands in both. A type
 * is named after the first relation that leads to it.
 */
function inferTypes(facts: readonly Fact[], relationNames: readonly string[], entityCount: number): InferredTypes {
  const count = relationNames.length;
  // Places 0..R-1 are domains, R..2R-1 ranges, then the entities.
  const parent = Array.from({ length: 2 * count + entityCount }, (_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] ?? at] ?? at;
      at = parent[at] ?? at;
    }
    return at;
  };
  for (const { subject, relation, object } of facts) {
    parent[find(2 * count + subject)] = find(relation);
    parent[find(2 * count + object)] = find(count + relation);
  }
  // Reserved: token strings of relations and sources begin so.
  const taken = new Set(['relation', 'source']);
  const names = new Map<number, string>();
  const nameClass = (place: number, wanted: string): void => {
    const root = find(place);
    if (names.has(root)) return;
    const name = freeName(wanted, taken);
    taken.add(name);
    names.set(root, name);
  };
  relationNames.forEach((relation, r) => nameClass(count + r, relation));
  relationNames.forEach((relation, r) => nameClass(r, `${relation} subject`));
  const nameOf = (place: number): string => names.get(find(place)) ?? '';
  return {
    domains: relationNames.map((_, r) => nameOf(r)),
    ranges: relationNames.map((_, r) => nameOf(count + r)),
    ofEntity: Array.from({ length: entityCount }, (_, e) => nameOf(2 * count + e)),
  };
}

/** One-to-one relations with at least two facts that are not their own inverse (as "spouse" is). */
function invertibleRelations(facts: readonly Fact[], relationCount: number): number[] {
  const out: number[] = [];
  for (let r = 0; r < relationCount; r++) {
    const own = facts.filter((fact) => fact.relation === r);
    const objectOf = new Map(own.map((fact) => [fact.subject, fact.object]));
    const oneToOne = objectOf.size === own.length && new Set(own.map((fact) => fact.object)).size === own.length;
    const symmetric = own.some((fact) => objectOf.get(fact.object) === fact.subject);
    if (own.length >= 2 && oneToOne && !symmetric) out.push(r);
  }
  return out;
}

function hasQuestion(facts: readonly Fact[]): boolean {
  const objects = new Map<string, number>();
  for (const { subject, relation } of facts) {
    const pair = `${subject} ${relation}`;
    objects.set(pair, (objects.get(pair) ?? 0) + 1);
  }
  return facts.some((fact) => fact.subject !== fact.object && objects.get(`${fact.subject} ${fact.relation}`) === 1);
}

function whoOrWhat(question: string, isPerson: boolean): string {
  return isPerson ? question.replace(/^What\b/, 'Who') : question;
}

function freeName(wanted: string, taken: { has(name: string): boolean }): string {
  let name = wanted;
  for (let k = 2; taken.has(name); k++) name = `${wanted} ${k}`;
  return name;
}
