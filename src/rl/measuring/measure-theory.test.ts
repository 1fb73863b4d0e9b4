import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '../../config/schema';
import { MAX_STEPS } from '../../env/episode-limits';
import type { Gpu } from '../../gpu/device';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import { evaluate } from './evaluate';
import type { Learner } from '../learning/learner';
import { DRAFTS_PER_QUESTION, measureTheory, sampleTheory } from './measure-theory';
import { RolloutAborted } from '../rollout/rollout';
import { estimateTheory } from './theory-meters';
import type { TheorySample } from './theory-sample';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.close());

function make(overrides: Partial<RunConfig> = {}): Learner {
  const learner = smallLearner(gpu, overrides);
  learner.startFrom(shippedBase(learner));
  return learner;
}

/** The gap between the two sides, with an interval that holds it 99 times of 100. */
function gapOf(sample: TheorySample) {
  const { meters, intervals } = estimateTheory(sample, new PhiloxStream(1, PURPOSES.sweep), 500, 0.99);
  return { ...intervals['identityGap']!, meters };
}

describe('on a real model', () => {
  let sample: TheorySample;
  beforeAll(async () => {
    const learner = make({ prompts: 24, groupSize: 8, worldSeed: 4, runSeed: 4 });
    ({ sample } = await sampleTheory(learner, { questions: 64, replicates: 2 }));
    learner.destroy();
  });

  it('both sides of the identity agree: fresh rollouts, and the terms of a cut sweep', () => {
    const { low, high, meters } = gapOf(sample);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
    // The interval is narrow enough to say something, and the refiner does something.
    expect(high - low).toBeLessThan(0.35);
    expect(meters['vInter']).toBeGreaterThan(0.3);
    for (const key of ['aPrec', 'sTrim', 'gBar'] as const) expect(Math.abs(meters[key]!)).toBeGreaterThan(0.002);
  });

  it.each([0.75, -0.75])('and not if the value of the cut at step 1 were off by %f', (shift) => {
    const outcomes = Float64Array.from(sample.outcomes, (reward, i) => {
      const step = Math.floor(i / sample.replicates) % MAX_STEPS;
      return step === 0 ? reward + shift : reward;
    });
    const { low, high } = gapOf({ ...sample, outcomes });
    if (shift > 0) expect(high).toBeLessThan(0);
    else expect(low).toBeGreaterThan(0);
  });
});

describe('measureTheory', () => {
  it('reports finite numbers of the size asked for, the same each time, and leaves training alone', async () => {
    const [mine, other] = [make(), make()];
    const size = { questions: 4, replicates: 2 };
    const report = await measureTheory(mine, size);
    expect(report).toMatchObject({ update: 0, ...size, draftsPerQuestion: DRAFTS_PER_QUESTION });
    for (const [key, value] of Object.entries(report.meters)) {
      expect(value === null || Number.isFinite(value), key).toBe(true);
      if (value === null) continue;
      expect(report.intervals[key]!.low, key).toBeLessThanOrEqual(report.intervals[key]!.high);
    }
    for (const list of Object.values(report.perQuestion)) expect(list).toHaveLength(4);
    expect(report.reliability.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 4);
    expect(JSON.stringify(await measureTheory(mine, size))).toBe(JSON.stringify(report));

    const metrics = async (learner: Learner) => JSON.stringify(await (await learner.update()).metrics);
    expect(await metrics(mine)).toBe(await metrics(other));
    let asked = 0;
    await expect(measureTheory(mine, size, () => ++asked > 150)).rejects.toThrow(RolloutAborted);
    const later = await measureTheory(mine, size);
    expect(later.update).toBe(1);
    expect(later.meters).not.toEqual(report.meters);
    expect(JSON.stringify(await evaluate(mine))).toBe(JSON.stringify(await evaluate(other)));
    expect(await mine.state()).toEqual(await other.state());
    mine.destroy();
    other.destroy();
  });

  it('knows what the label oracle does, and takes one sampled review else, whatever a run has', async () => {
    const size = { questions: 4, replicates: 2 };
    const oracle = make({ refiner: 'oracleLabel' });
    const { sample } = await sampleTheory(oracle, size);
    expect(Array.from(sample.alpha).every((alpha) => alpha === 0 || alpha === 1)).toBe(true);
    expect(new Set(Array.from(sample.alpha)).size).toBe(2);
    oracle.destroy();
    const samples: TheorySample[] = [];
    for (const overrides of [{}, { refiner: 'none' }, { maxRevisions: 2 }] satisfies Partial<RunConfig>[]) {
      const learner = make(overrides);
      samples.push((await sampleTheory(learner, size)).sample);
      learner.destroy();
    }
    expect(samples[1]).toEqual(samples[0]);
    expect(samples[2]).toEqual(samples[0]);
    expect(samples[0]!.freshMeta).not.toEqual(samples[0]!.freshBase);
  });
});
