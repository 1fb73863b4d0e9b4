import { describe, expect, it } from 'vitest';
import { configForPreset, type RunConfig } from '../../config/schema';
import { NO_PARAMS } from '../../testing/engine/fake-rollout';
import { refinement, trainingOptions } from './rollout-options';

const config = (overrides: Partial<RunConfig> = {}) =>
  configForPreset('search-r2', { runSeed: 5, margin: 0.5, reviewGate: 'always', reviewCut: 'first', ...overrides });
const review = { margin: 0.5, gate: 'always', cut: 'first' };

describe('the options of a training rollout', () => {
  it('sample drafts, reviews and suffixes at temperature 1 from replicate 0, with the reward of the settings', () => {
    expect(trainingOptions(config({ process: 'passage', combine: 'sum' }), 3, null)).toEqual({
      runSeed: 5,
      update: 3,
      replicate: 0,
      temperature: 1,
      suffixTemperature: 1,
      review: { mode: 'sample', ...review },
      chooser: null,
      blank: false,
      reward: { process: 'passage', combine: 'sum' },
    });
  });
});

describe('refinement', () => {
  it('chooses as it is asked to, by the labels where an oracle has them', () => {
    expect(refinement(config(), 'greedy', null).review).toEqual({ mode: 'greedy', ...review });
    for (const refiner of ['oracleLabel', 'oracleWrong'] as const) {
      expect(refinement(config({ refiner }), 'greedy', null).review).toEqual({ mode: refiner, ...review });
    }
  });

  it('reads with weights of its own where there are some', () => {
    expect(refinement(config(), 'sample', NO_PARAMS).review).toEqual({
      mode: 'sample',
      ...review,
      refiner: NO_PARAMS,
    });
  });

  it('is nobody’s without a refiner or where none is wanted, and another’s choice where one chooses', () => {
    const nobody = { review: null, chooser: null };
    expect(refinement(config({ refiner: 'none' }), 'sample', null)).toEqual(nobody);
    expect(refinement(config(), null, null)).toEqual(nobody);
    const oracle = config({ refiner: 'oracleValue', oracleReplicates: 7 });
    expect(refinement(oracle, 'sample', null)).toEqual({
      review: null,
      chooser: { by: 'value', replicates: 7 },
    });
    expect(refinement(config({ refiner: 'oracleReader', noise: 0.4 }), 'greedy', null)).toEqual({
      review: null,
      chooser: { by: 'reader', rumours: 0.4 },
    });
    expect(refinement(oracle, null, null)).toEqual(nobody);
  });
});
