import { describe, expect, it } from 'vitest';
import { microwikiFamily } from '../../env/microwiki';
import { metersByKind, staysWithinType } from './kinds-of-questions';

const world = microwikiFamily().draw(1, 0);
const relation = (name: string) => world.schema.relations.findIndex((one) => one.name === name);
const logs = (...probabilities: number[]) => [
  ...probabilities.map(Math.log),
  ...new Array<number>(6 - probabilities.length).fill(-Infinity),
];

describe('kinds of questions', () => {
  it('are told by whether a hop leads from a type to itself', () => {
    const stays = (...names: string[]) => staysWithinType(world, { relations: names.map(relation) });
    expect(stays('spouse')).toBe(true);
    expect(stays('mayor', 'spouse', 'works at')).toBe(true);
    expect(stays('mayor', 'lives in')).toBe(false);
  });

  it('have EM and meters of their own', () => {
    const within = [true, false, true, false, false];
    const drafts = { em: Uint8Array.of(0, 1, 1, 0, 1), flawed: Uint8Array.of(2, 0, 0, 1, 0) };
    // Within a type the wrong draft is held to be likelier right; across types the wrong one is found, one right one is level.
    const reviews = {
      '': Float32Array.from(
        [logs(0.8, 0.1, 0.1), logs(0.2, 0.8), logs(0.4, 0.6), logs(0.2, 0.8), logs(0.9, 0.1)].flat(),
      ),
    };
    const greedy = [1, 1, 0, 0, 1];
    const found = metersByKind(within, { Sampled: [...drafts.em], Greedy: greedy }, drafts, reviews);
    expect(found).toEqual({
      emSampledWithinType: 1 / 2,
      emGreedyWithinType: 1 / 2,
      reviewAucWithinType: 0,
      cutHitWithinType: 0,
      emSampledAcrossTypes: 2 / 3,
      emGreedyAcrossTypes: 2 / 3,
      reviewAucAcrossTypes: 0.75,
      cutHitAcrossTypes: 1,
    });
  });

  it('are not told where there is one of them', () => {
    const drafts = { em: Uint8Array.of(1), flawed: Uint8Array.of(0) };
    const reviews = { '': Float32Array.from(logs(0.5, 0.5)) };
    expect(metersByKind([true], { Sampled: [1] }, drafts, reviews)).toEqual({});
    expect(metersByKind([false], { Sampled: [1] }, drafts, reviews)).toEqual({});
  });
});
