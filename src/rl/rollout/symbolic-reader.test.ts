import { describe, expect, it } from 'vitest';
import { demonstrate } from '../../env/demonstrator';
import { flawedStep, labelEvidence } from '../../env/evidence';
import { microwikiFamily } from '../../env/microwiki';
import { drawQuestion } from '../../env/questions';
import type { World } from '../../env/world';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import { sideOf } from '../../testing/engine/sides';
import { readerReviews, readTrajectory } from './symbolic-reader';

const family = microwikiFamily();
const { schema } = family;
const { special: s, entityBase, relationBase, sources } = schema.vocabulary;
const ERRORS = { vagueQuery: 0.3, wrongRelation: 0.1, wrongEntity: 0.05, guess: 0.1 };

function demonstrated(world: World, count: number) {
  const stream = new PhiloxStream(5, PURPOSES.warmStart);
  return Array.from({ length: count }, () => {
    const chain = drawQuestion(world, stream, 3);
    const shown = demonstrate(world, chain, stream, ERRORS);
    const labels = labelEvidence(world, chain, shown.searches);
    const flawed = flawedStep(labels, shown.stepStarts.length, shown.correct);
    return { chain, shown, labels, flawed, reading: readTrajectory(schema, shown.tokens, world.seed === 1 ? 0 : 0.3) };
  });
}

describe('the symbolic reader, where there are no rumours', () => {
  const all = demonstrated(family.draw(1, 0), 600);

  it('agrees exactly with the labels wherever the whole chain was found', () => {
    const found = all.filter(({ reading }) => reading.complete);
    expect(found.length).toBeGreaterThan(200);
    expect(found.filter(({ shown }) => !shown.correct).length).toBeGreaterThan(5);
    for (const { reading, shown, flawed, labels } of found) {
      expect(labels.coverage).toBe(1);
      expect(reading.wrong).toBe(shown.correct ? 0 : 1);
      expect(reading.flawed).toBe(flawed);
    }
  });

  it('and elsewhere too, but for luck: a right guess, or a fact that nothing led to', () => {
    const rest = all.filter(({ reading, shown }) => !reading.complete && !shown.correct);
    expect(rest.length).toBeGreaterThan(100);
    const agreeing = rest.filter(({ reading, flawed }) => reading.flawed === flawed && reading.cut === flawed);
    const led = rest.filter(({ chain, labels }) => labels.coverage * chain.facts.length < chain.facts.length - 1);
    expect(agreeing.length).toBeGreaterThan(0.97 * rest.length);
    expect(led.length).toBeGreaterThan(0);
    for (const { reading } of rest) expect(reading.wrong).toBeGreaterThan(0.8);
  });
});

it('tells wrong drafts from right ones where there are rumours', () => {
  const all = demonstrated(family.draw(2, 0.3), 600);
  const judged = all.filter(({ reading, shown }) => reading.wrong > 0.5 !== shown.correct);
  expect(judged.length).toBeGreaterThan(0.96 * all.length);
});

/** Two hops: relation 0 of entity E, then relation 1 of that; microwiki's first relation leads from people to cities. */
describe('the symbolic reader, by hand', () => {
  const type = (name: string) => schema.entities.findIndex((entity) => entity.type === name);
  const born = schema.relations.findIndex(
    ({ domainType, rangeType }) => [domainType, rangeType].join() === 'person,city',
  );
  const person = type('person');
  const city = type('city');
  const passage = (source: number, subject: number, relation: number, object: number) => [
    sources[source]!,
    entityBase + subject,
    relationBase + relation,
    entityBase + object,
  ];
  const nothing = passage(0, city, born, city);
  const search = (...passages: number[][]) => [
    ...[s.think, s.endThink, s.search, entityBase + person, s.endSearch, s.information],
    ...[...passages, nothing, nothing, nothing].slice(0, 3).flat(),
    s.endInformation,
  ];
  const answer = (object: number) => [s.think, s.endThink, s.answer, entityBase + object, s.endAnswer, s.eos];
  const question = [s.bos, relationBase + born, entityBase + person, s.question];
  const read = (...parts: number[][]) => readTrajectory(schema, [...question, ...parts.flat()], 0.3);
  const truth = passage(0, person, born, city);
  const blog = (object: number) => passage(2, person, born, object);

  it('believes what a source says that repeats no rumours', () => {
    expect(read(search(truth, blog(city + 1)), answer(city))).toEqual({ wrong: 0, flawed: 0, cut: 2, complete: true });
    expect(read(search(blog(city + 1), truth), answer(city + 1))).toEqual({
      wrong: 1,
      flawed: 2,
      cut: 2,
      complete: true,
    });
  });

  it('weighs what the other source says alone, and what it says twice', () => {
    const { wrong } = read(search(blog(city)), answer(city));
    const cities = schema.entities.filter((entity) => entity.type === 'city').length;
    // A true passage of it is there in two facts of three, a rumour in 0.3 of them.
    const believed = 2 / 3 / (2 / 3 + 0.3);
    expect(wrong).toBeCloseTo(1 - believed - (1 - believed) / cities, 12);
    expect(read(search(blog(city), blog(city + 1)), answer(city + 1)).wrong).toBeCloseTo(0.5, 12);
  });

  it('names the first search that brought nothing, also of a right draft', () => {
    expect(read(search(), search(truth), answer(city))).toEqual({ wrong: 0, flawed: 1, cut: 1, complete: true });
    expect(read(search(truth), search(truth), answer(city))).toEqual({ wrong: 0, flawed: 2, cut: 2, complete: true });
  });

  it('knows that an unfinished draft is wrong, and that a guess is a guess', () => {
    expect(read(search(truth), [s.think, s.answer])).toEqual({ wrong: 1, flawed: 2, cut: 2, complete: true });
    const guess = read(answer(city));
    expect(guess).toMatchObject({ flawed: 1, cut: 1, complete: false });
    expect(guess.wrong).toBeCloseTo(1 - 1 / schema.entities.filter((entity) => entity.type === 'city').length, 12);
    expect(read(answer(person)).wrong).toBe(1);
    const blank = Array.from({ length: 3 }, () => Array.from({ length: 4 }, () => s.question));
    expect(read(search(...blank), answer(city))).toMatchObject({ flawed: 1, complete: false });
  });

  it('reviews a batch: cuts what is likelier wrong than right', () => {
    const texts = [
      [...question, ...search(truth), ...answer(city)],
      [...question, ...search(truth), ...answer(city + 1)],
    ];
    const world = family.draw(1, 0);
    const row = { world, chain: world.chains[1]![0]! };
    const side = sideOf(
      schema.vocabulary,
      60,
      texts.map((tokens) => ({ tokens })),
    );
    const { reviewed, cuts, integers, logProbs } = readerReviews([row, row], side, 0.3);
    expect([[...reviewed], [...cuts], [...integers]]).toEqual([
      [1, 1],
      [0, 2],
      [0, 2],
    ]);
    expect([...logProbs.map(Math.exp)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
  });
});
