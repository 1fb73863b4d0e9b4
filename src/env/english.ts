/** English rendering: the model sees tokens, people read sentences. */
import { isContent } from '../retrieval/vocabulary';
import type { Chain, World, WorldSchema } from './world-types';

/** A token as people read it: the bare name of an entity, relation or source, or the tag itself. */
export function renderToken(schema: WorldSchema, token: number): string {
  const { vocabulary } = schema;
  const entity = schema.entities[token - vocabulary.entityBase];
  if (entity) return entity.name;
  const relation = schema.relations[token - vocabulary.relationBase];
  if (relation) return relation.name;
  const source = vocabulary.sources.indexOf(token);
  return schema.sources[source] ?? vocabulary.strings[token] ?? `token ${token}`;
}

/** "What is the capital of the country of the city where Ada was born?" */
export function renderQuestion(schema: WorldSchema, chain: Pick<Chain, 'start' | 'relations'>): string {
  let phrase = schema.entities[chain.start]?.name ?? '';
  // Function replacements: names from files may hold `$&`.
  const put = (template: string): string => template.replace('{x}', () => phrase);
  for (const r of chain.relations.slice(0, -1)) phrase = put(schema.relations[r]?.ask ?? '{x}');
  const last = schema.relations[chain.relations[chain.relations.length - 1] ?? -1];
  if (last?.question !== undefined) return put(last.question);
  return `${last?.rangeType === 'person' ? 'Who' : 'What'} is ${put(last?.ask ?? '{x}')}?`;
}

/** "Ada was born in Arden." */
export function renderFact(schema: WorldSchema, fact: { subject: number; relation: number; object: number }): string {
  const subject = schema.entities[fact.subject]?.name ?? '';
  const object = schema.entities[fact.object]?.name ?? '';
  const template = schema.relations[fact.relation]?.state ?? '{s} {o}';
  return template.replace(/\{([so])\}/g, (_, which) => (which === 's' ? subject : object));
}

/** Sentence, source and whether it is a rumour (rumours are marked wherever they are shown). */
export function renderPassage(world: World, id: number): { text: string; source: string; rumour: boolean } {
  const passage = world.passages[id];
  if (!passage) return { text: '', source: '', rumour: false };
  return {
    text: renderFact(world.schema, passage),
    source: world.schema.sources[passage.source] ?? '',
    rumour: passage.rumour,
  };
}

/** The content of a think, query or answer: names joined by a middle dot. */
export function renderContent(schema: WorldSchema, tokens: ArrayLike<number>): string {
  return Array.from(tokens)
    .filter((token) => isContent(schema.vocabulary, token))
    .map((token) => renderToken(schema, token))
    .join(' · ');
}

export function renderAnswer(schema: WorldSchema, chain: Chain): string {
  return schema.entities[chain.answer]?.name ?? '';
}
