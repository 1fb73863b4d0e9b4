/** Builds a world from its facts: passages, rumours, index, questions (method.md section 3). */
import { PhiloxStream, PURPOSES } from '../lib/philox';
import { buildBm25Index } from '../retrieval/bm25';
import { createVocabulary } from '../retrieval/vocabulary';
import { computeCeilings } from './ceilings';
import { enumerateChains } from './chains';
import { misfile, NO_LEVELS, RUMOUR_SOURCE, rumourSources, SURE_SOURCES } from './levels';
import type { Ceilings, Entity, Fact, Passage, Relation, World, WorldLevels, WorldSchema } from './world-types';

export type { Chain, Entity, Fact, Relation, World, WorldFamily, WorldSchema } from './world-types';

/** A fact's true passages take the first 2 to 4 of these in order, so that no source states it twice. */
const SOURCES = ['wiki', 'news', 'blog', 'archive'] as const;
const MIN_PASSAGES_PER_FACT = 2;
const MAX_PASSAGES_PER_FACT = 4;
const PASSAGE_COUNTS = MAX_PASSAGES_PER_FACT - MIN_PASSAGES_PER_FACT + 1;
/** How many facts have a true passage from the source of rumours too. */
export const TRUE_BLOG_SHARE = (MAX_PASSAGES_PER_FACT - RUMOUR_SOURCE) / PASSAGE_COUNTS;

/** Rows of the world stream, so that drawing facts and drawing passages never share random numbers. */
const FACT_ROW = 0;
const PASSAGE_ROW = 1;
const CHAIN_ROW = 2;

export function createSchema(parts: {
  id: string;
  title: string;
  relations: readonly Relation[];
  entities: readonly Entity[];
}): WorldSchema {
  const types = [...new Set(parts.entities.map((entity) => entity.type))];
  const vocabulary = createVocabulary({
    sources: SOURCES,
    relations: parts.relations.map((relation) => relation.name),
    entities: parts.entities,
  });
  return { ...parts, types, sources: SOURCES, vocabulary };
}

/** Entity indices by type. */
export function entitiesByType(schema: WorldSchema): Map<string, number[]> {
  const byType = new Map<string, number[]>(schema.types.map((type) => [type, []]));
  schema.entities.forEach((entity, e) => byType.get(entity.type)?.push(e));
  return byType;
}

/** The stream from which a family draws the facts of world `seed`. */
export function factStream(seed: number): PhiloxStream {
  return new PhiloxStream(seed, PURPOSES.world, FACT_ROW);
}

/**
 * @param facts distinct triples; pairs (subject, relation) with several objects become passages but never questions
 * @param noise probability per fact of a rumour: a passage with a wrong object of the right type
 */
export function buildWorld(
  schema: WorldSchema,
  seed: number,
  facts: readonly Fact[],
  noise: number,
  levels: WorldLevels = NO_LEVELS,
): World {
  const relationCount = schema.relations.length;
  const unique = uniqueFacts(schema, facts);
  const factOf = (subject: number, relation: number): number => unique[subject * relationCount + relation] ?? -1;
  const passages = drawPassages(schema, seed, facts, noise, levels);
  const { sources, entityBase, relationBase } = schema.vocabulary;
  const terms = passages.map((p) => [
    sources[p.source] ?? 0,
    entityBase + p.subject,
    relationBase + p.relation,
    entityBase + p.object,
  ]);
  const index = misfile(buildBm25Index(terms, schema.vocabulary.size), seed, levels);
  const chainStream = new PhiloxStream(seed, PURPOSES.world, CHAIN_ROW);
  const chains = enumerateChains(schema.entities.length, relationCount, facts, factOf, chainStream, levels.maxHops);
  let ceilings: Ceilings | null = null;
  const world: World = {
    schema,
    seed,
    levels,
    facts,
    passages,
    index,
    chains,
    // Most worlds of a pool are drawn anew before anybody asks, so this waits for the first question.
    get ceilings() {
      ceilings ??= computeCeilings(world);
      return ceilings;
    },
    objectOf: (subject, relation) => facts[factOf(subject, relation)]?.object ?? -1,
    factOf,
  };
  return world;
}

/** (E*R) index of the only fact of each (subject, relation), -1 where there is none or more than one. */
function uniqueFacts(schema: WorldSchema, facts: readonly Fact[]): Int32Array {
  const table = new Int32Array(schema.entities.length * schema.relations.length).fill(-1);
  const several = -2;
  facts.forEach((fact, i) => {
    const slot = fact.subject * schema.relations.length + fact.relation;
    table[slot] = table[slot] === -1 ? i : several;
  });
  return table.map((i) => (i === several ? -1 : i));
}

function drawPassages(
  schema: WorldSchema,
  seed: number,
  facts: readonly Fact[],
  noise: number,
  levels: WorldLevels,
): Passage[] {
  const stream = new PhiloxStream(seed, PURPOSES.world, PASSAGE_ROW);
  const byType = entitiesByType(schema);
  const trueObjects = new Map<number, Set<number>>();
  const pairOf = (fact: Fact): number => fact.subject * schema.relations.length + fact.relation;
  for (const fact of facts) {
    const objects = trueObjects.get(pairOf(fact));
    if (objects) objects.add(fact.object);
    else trueObjects.set(pairOf(fact), new Set([fact.object]));
  }
  const lieAbout = (fact: Fact): number | null => {
    if (stream.uniform() >= noise) return null;
    const wrong = byType.get(schema.relations[fact.relation]?.rangeType ?? '') ?? [];
    const taken = trueObjects.get(pairOf(fact));
    const candidates = wrong.filter((e) => e !== fact.subject && !taken?.has(e));
    return candidates.length > 0 ? stream.choice(candidates) : null;
  };
  const passages: Passage[] = [];
  facts.forEach((fact, i) => {
    const { subject, relation, object } = fact;
    const state = (source: number, told: number): void => {
      passages.push({ source, subject, relation, object: told, fact: i, rumour: told !== object });
    };
    const count = MIN_PASSAGES_PER_FACT + stream.int(PASSAGE_COUNTS);
    const lie = lieAbout(fact);
    if (lie !== null && levels.rumourSpread === 'outnumber') state(stream.choice(SURE_SOURCES), object);
    else for (let source = 0; source < count; source++) state(source, object);
    if (lie !== null) for (const source of rumourSources(levels)) state(source, lie);
  });
  return stream.shuffle(passages);
}
