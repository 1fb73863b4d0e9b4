/** Worlds that a person has changed: what is true stays, what can be read about it does not. */
import { UserError } from '../lib/assert';
import { buildBm25Index } from '../retrieval/bm25';
import { computeCeilings } from './ceilings';
import type { Chain, Passage, World } from './world-types';

/** A change of what the passages say; passages by id, entities, relations and sources by index. */
export type PassageEdit =
  | { kind: 'remove'; passage: number }
  /** The passage names another object: a rumour, unless it is the true one. */
  | { kind: 'rewrite'; passage: number; object: number }
  | { kind: 'plant'; source: number; subject: number; relation: number; object: number };

/**
 * The world with other passages: same facts, questions and answers. Ids of passages that stay do not change as long as nothing
 * is removed; planted ones come last.
 *
 * @throws UserError where an edit names a passage, entity, relation or source that is not there
 */
export function editWorld(world: World, edits: readonly PassageEdit[]): World {
  if (edits.length === 0) return world;
  const { schema, seed, levels, facts, chains } = world;
  const { sources, entityBase, relationBase, size } = schema.vocabulary;
  const known = (place: number, list: readonly unknown[], what: string): void => {
    if (list[place] === undefined) throw new UserError(`There is no ${what} ${place} in this world.`, 'Undo the edit.');
  };
  const told = (passage: Omit<Passage, 'fact' | 'rumour'>, fact: number): Passage => {
    return { ...passage, fact, rumour: facts[fact]?.object !== passage.object };
  };
  const changed: (Passage | null)[] = [...world.passages];
  for (const edit of edits) {
    if (edit.kind === 'plant') {
      const { source, subject, relation, object } = edit;
      known(edit.source, sources, 'source');
      known(edit.relation, schema.relations, 'relation');
      for (const entity of [edit.subject, edit.object]) known(entity, schema.entities, 'entity');
      changed.push(told({ source, subject, relation, object }, world.factOf(subject, relation)));
      continue;
    }
    known(edit.passage, world.passages, 'passage');
    const old = changed[edit.passage];
    if (edit.kind === 'remove') changed[edit.passage] = null;
    else if (old !== null && old !== undefined) {
      known(edit.object, schema.entities, 'entity');
      changed[edit.passage] = told({ ...old, object: edit.object }, old.fact);
    }
  }
  const passages = changed.filter((passage) => passage !== null);
  const terms = passages.map(({ source, subject, relation, object }) => [
    sources[source] ?? 0,
    entityBase + subject,
    relationBase + relation,
    entityBase + object,
  ]);
  const index = buildBm25Index(terms, size);
  const edited: World = {
    ...{ schema, seed, levels, facts, passages, index, chains },
    objectOf: (subject, relation) => world.objectOf(subject, relation),
    factOf: (subject, relation) => world.factOf(subject, relation),
    get ceilings() {
      return computeCeilings(edited);
    },
  };
  return edited;
}

/** The question that starts at an entity and follows the relations; null where a hop has no single object or goes back. */
export function followChain(world: World, start: number, relations: readonly number[]): Chain | null {
  const facts: number[] = [];
  const visited = [start];
  for (const relation of relations) {
    const fact = world.factOf(visited.at(-1) ?? -1, relation);
    const object = world.facts[fact]?.object;
    if (object === undefined || visited.includes(object)) return null;
    facts.push(fact);
    visited.push(object);
  }
  return facts.length === 0 ? null : { start, relations: [...relations], facts, answer: visited.at(-1) ?? start };
}
