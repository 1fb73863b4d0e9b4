import { describe, expect, it } from 'vitest';
import { microwikiFamily } from '../../env/microwiki';
import { reviewsOf, sideOf } from '../../testing/engine/sides';
import { answer, positions } from '../../testing/engine/hand-text';
import { configForPreset } from '../../config/schema';
import { questionTokens } from '../../env/questions';
import { tokenMetrics } from './metrics';
import { thoughtAccuracy, thoughtLabels, thoughtsIn, thoughtsToTeach } from './thoughts';

const world = microwikiFamily().draw(3, 1);
const { vocabulary } = world.schema;
const { special, entityBase } = vocabulary;
const chain = world.chains[3]![0]!;
const rows = [chain, chain, chain, world.chains[1]![0]!].map((one) => ({ world, chain: one }));
const passageOf = (fact: number, rumour: boolean) =>
  world.passages.findIndex((passage) => passage.fact === fact && passage.rumour === rumour);
const [first, second, third] = chain.facts.map((fact) => passageOf(fact, false));
const objects = chain.facts.map((fact) => entityBase + world.facts[fact]!.object);

const draft = sideOf(
  vocabulary,
  positions,
  rows.map((row) => ({ tokens: [...questionTokens(world.schema, row.chain), ...answer(entityBase)] })),
);
// All hops, the last one first; the first and the last; a rumour of the first alone; nothing.
[
  [third, first, second],
  [first, third],
  [passageOf(chain.facts[0]!, true), second],
].forEach((ids, b) => draft.passages.set(ids.map(Number), b * 12));

describe('what a review should think', () => {
  it('is the chain as far as true passages of it stand in the trajectory, in whatever order, then that it cannot tell', () => {
    const labels = thoughtLabels(draft, rows);
    expect([0, 1, 2, 3].map((b) => [...labels.subarray(4 * b, 4 * b + 4)])).toEqual([
      [...objects, 0],
      [objects[0], special.question, special.question, 0],
      [special.question, special.question, special.question, 0],
      [special.question, 0, 0, 0],
    ]);
  });

  it('is taught beside what it thought of the drafts, and counted', () => {
    const thoughts = new Uint16Array(16);
    thoughts.set(objects);
    thoughts.set([objects[0]!, objects[1]!, special.question], 4);
    const reviews = { ...reviewsOf(draft, [0, 0, 0, 0]), thoughts };
    const config = configForPreset('reading-refiner', { reviewThoughts: 0.5 });
    const taught = thoughtsToTeach({ draft, reviews, later: [], final: draft }, rows, config)!;
    expect(taught).toMatchObject({ written: thoughts, labels: thoughtLabels(draft, rows), weight: 0.5 });
    expect(thoughtAccuracy(taught)).toBe(5 / 10);
    expect(thoughtAccuracy({ ...taught, labels: new Uint16Array(16) })).toBeNull();
    const silent = reviewsOf(draft, [0, 0, 0, 0]);
    expect(thoughtsToTeach({ draft, reviews: silent, later: [], final: draft }, rows, config)).toBeUndefined();
    // They are tokens that it wrote.
    const sampled = (said: typeof silent) =>
      tokenMetrics({ draft, reviews: said, later: [], final: draft }, vocabulary, positions, true)['sampledTokens'];
    expect(sampled(reviews)).toBe(sampled(silent)! + 6);
  });

  it('has room for one a hop', () => {
    expect(thoughtsIn(configForPreset('reading-refiner'))).toBe(0);
    expect(thoughtsIn(configForPreset('reading-refiner', { reviewThoughts: 0.1, maxHops: 2 }))).toBe(2);
  });
});
