import { expect, it } from 'vitest';
import { toWorldDescription } from './describe';
import { renderAnswer, renderContent, renderPassage, renderQuestion, renderToken } from './english';
import { microwikiFamily } from './microwiki';
import type { Chain } from './world-types';

const family = microwikiFamily();
const { schema } = family;
const { vocabulary } = schema;
const entity = (name: string): number => schema.entities.findIndex((candidate) => candidate.name === name);
const relation = (name: string): number => schema.relations.findIndex((candidate) => candidate.name === name);

function chain(start: string, relations: readonly string[], answer: string): Chain {
  return { start: entity(start), relations: relations.map(relation), facts: [], answer: entity(answer) };
}

it('asks in English', () => {
  expect(renderQuestion(schema, chain('Ada', ['born in', 'country', 'capital'], 'Arden'))).toBe(
    'What is the capital of the country of the city where Ada was born?',
  );
  expect(renderQuestion(schema, chain('Borealis', ['chief executive'], 'Ada'))).toBe(
    'Who is the chief executive of Borealis?',
  );
  expect(renderAnswer(schema, chain('Ada', ['born in'], 'Arden'))).toBe('Arden');
});

it('renders passages with their source and marks rumours', () => {
  const world = family.draw(1, 1);
  const id = world.passages.findIndex((passage) => passage.rumour && passage.relation === relation('born in'));
  const passage = world.passages[id];
  const names = [passage?.subject, passage?.object].map((e) => schema.entities[e ?? -1]?.name);
  expect(renderPassage(world, id)).toEqual({
    text: `${names[0]} was born in ${names[1]}.`,
    source: 'blog',
    rumour: true,
  });
});

it('renders tokens and segment contents', () => {
  const tokens = [vocabulary.special.search, vocabulary.entityBase + entity('Ada'), vocabulary.relationBase];
  expect(renderContent(schema, tokens)).toBe('Ada · born in');
  expect(renderToken(schema, vocabulary.special.eos)).toBe('<eos>');
  expect(renderToken(schema, vocabulary.sources[1] ?? 0)).toBe('news');
});

it('describes the world for a screen', () => {
  const described = toWorldDescription(family, family.draw(1, 0.3));
  expect(described.tokenStrings).toHaveLength(vocabulary.size);
  expect(described.tokenStrings[described.sourceBase]).toBe('source:wiki');
  expect(described.relations).toHaveLength(10);
  expect(described.ceilings.perfectReaderEm).toBeGreaterThan(0);
});
