import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderFact, renderQuestion } from './english';
import { phraseOf } from './phrase';
import { hashOfFacts, parseTriples } from './triple-text';
import { worldFamilyFromTriples } from './triples';

/** A world in which the relation leads from Anna to a single thing; the question that ends with it. */
function read(relation: string, phrase?: string): { question: string; fact: string } {
  const given = phrase === undefined ? '' : `# phrase: ${relation} = ${phrase}\n`;
  const { schema } = worldFamilyFromTriples(`${given}Anna\t${relation}\tThing\nBert\t${relation}\tThing`, 'one');
  return {
    question: renderQuestion(schema, { start: 0, relations: [0] }),
    fact: renderFact(schema, { subject: 0, relation: 0, object: 1 }),
  };
}

describe('a relation as English', () => {
  it.each([
    ['born in', 'Where was Anna born?', 'Anna was born in Thing.'],
    ['bornIn', 'Where was Anna born?', 'Anna was born in Thing.'],
    ['was_born_in', 'Where was Anna born?', 'Anna was born in Thing.'],
    ['wasBornIn', 'Where was Anna born?', 'Anna was born in Thing.'],
    ['P19', 'Where was Anna born?', 'Anna was born in Thing.'],
    ['http://example.org/ontology/bornIn', 'Where was Anna born?', 'Anna was born in Thing.'],
    ['place of birth', 'What is the place of birth of Anna?', 'The place of birth of Anna is Thing.'],
    ['birthPlace', 'What is the birth place of Anna?', 'The birth place of Anna is Thing.'],
    ['capital', 'What is the capital of Anna?', 'The capital of Anna is Thing.'],
    ['has_capital', 'What is the capital of Anna?', 'The capital of Anna is Thing.'],
    ['capital of', 'What is Anna the capital of?', 'Anna is the capital of Thing.'],
    ['isCapitalOf', 'What is Anna the capital of?', 'Anna is the capital of Thing.'],
    ['located in', 'Where is Anna located?', 'Anna is located in Thing.'],
    ['isLocatedIn', 'Where is Anna located?', 'Anna is located in Thing.'],
    ['lives in', 'Where does Anna live?', 'Anna lives in Thing.'],
    ['live_in', 'Where does Anna live?', 'Anna lives in Thing.'],
    ['written by', 'Who was Anna written by?', 'Anna was written by Thing.'],
    ['author', 'Who is the author of Anna?', 'The author of Anna is Thing.'],
    ['spouse', 'Who is the spouse of Anna?', 'The spouse of Anna is Thing.'],
    ['employer', 'What is the employer of Anna?', 'The employer of Anna is Thing.'],
    ['founded', 'What did Anna found?', 'Anna founded Thing.'],
    ['founded by', 'Who was Anna founded by?', 'Anna was founded by Thing.'],
    ['works for', 'What does Anna work for?', 'Anna works for Thing.'],
    ['belongsTo', 'What does Anna belong to?', 'Anna belongs to Thing.'],
    ['member of', 'What is Anna a member of?', 'Anna is a member of Thing.'],
    ['part_of', 'What is Anna part of?', 'Anna is part of Thing.'],
    ['instanceOf', 'What is Anna a kind of?', 'Anna is a kind of Thing.'],
    ['teaches', 'What does Anna teach?', 'Anna teaches Thing.'],
    ['married to', 'Who is Anna married to?', 'Anna is married to Thing.'],
    ['head of state', 'Who is the head of state of Anna?', 'The head of state of Anna is Thing.'],
    ['state', 'What is the state of Anna?', 'The state of Anna is Thing.'],
    ['EU member', 'What is the EU member of Anna?', 'The EU member of Anna is Thing.'],
    ['has {x}', 'What is the (x) of Anna?', 'The (x) of Anna is Thing.'],
  ])('%s', (relation, question, fact) => {
    expect(read(relation)).toEqual({ question, fact });
  });

  it('has a phrase of a person’s own where the rules fail, and says where they do', () => {
    for (const name of ['grumpf in', 'in', 'P99999', '12', 'located', '?']) {
      expect(phraseOf(name).isDoubtful, name).toBe(true);
    }
    expect(read('grumpf in').question).toBe('What is the “grumpf in” of Anna?');
    expect(read('grumpf in', 'was born in').question).toBe('Where was Anna born?');
    expect(read('grumpf in', 'the birthplace of').question).toBe('What is the birthplace of Anna?');
    expect(read('grumpf in', 'adores').question).toBe('What is the adores of Anna?');
    // What the page proposes is read as what it is.
    for (const name of ['born in', 'capital of', 'live in', 'spouse', 'head of state', 'isPartOf', 'founded']) {
      const { text, ...rest } = phraseOf(name);
      expect(phraseOf(text), name).toEqual({ text, ...rest });
    }
  });

  it('stands within longer questions, and backwards', () => {
    const facts = ['Anna\tbornIn\tOslo', 'Bert\tbornIn\tRome', 'Oslo\tcapital of\tNorway', 'Rome\tcapital of\tItaly'];
    const family = worldFamilyFromTriples(facts.join('\n'), 'people');
    const asked = family
      .real(1, 0)
      ?.chains.flatMap((list) => list.map((chain) => renderQuestion(family.schema, chain)));
    expect(asked).toContain('What is the place where Anna was born the capital of?');
    expect(asked).toContain('Who was born in Oslo?');
    expect(asked).toContain('Who was born in the one that is the capital of Italy?');
  });

  it('asks for who where any relation tells that they are people', () => {
    const facts = ['Anna\tpartner in crime\tBert', 'Bert\tboss\tCleo', 'Cleo\tpartner in crime\tDora'].join('\n');
    const { schema } = worldFamilyFromTriples(facts, 'people');
    expect(renderQuestion(schema, { start: 0, relations: [0] })).toBe('Who is the partner in crime of Anna?');
  });

  it('changes the words of a world, and nothing of what is trained on', () => {
    const facts = 'Anna\tgrumpf in\tOslo\nBert\tgrumpf in\tRome';
    const [plain, worded] = [facts, `# phrase: grumpf in = was born in\n${facts}`].map((text) => {
      const family = worldFamilyFromTriples(text, 'one');
      const world = family.draw(3, 0.2);
      return {
        ...{ strings: family.schema.vocabulary.strings, types: family.schema.types, facts: world.facts },
        ...{ passages: world.passages, chains: world.chains, hash: hashOfFacts(parseTriples(text)) },
      };
    });
    expect(worded).toEqual(plain);
  });

  it('makes templates of any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (name) => {
        const { ask, inverseAsk, state, inverseState, question, inverseQuestion } = phraseOf(name);
        for (const text of [ask, inverseAsk, question ?? '{x}', inverseQuestion ?? '{x}']) {
          expect(text.match(/[{}]/g), text).toEqual(['{', '}']);
          expect(text).toContain('{x}');
        }
        for (const text of [state, inverseState]) expect(text.match(/\{[so]\}/g)).toHaveLength(2);
      }),
    );
  });
});
