import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configForPreset, SETTINGS, type PresetId } from '../../config/schema';
import type { Gpu } from '../../gpu/device';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import type { Learner, UpdateReport } from './learner';
import type { Metrics } from './metrics';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.close());

function make(preset: PresetId): Learner {
  const config = configForPreset(preset, { size: 'tiny', prompts: 2, poolSize: 3 });
  const learner = smallLearner(gpu, config);
  learner.startFrom(shippedBase(learner));
  return learner;
}

/** Two updates of a preset, as a run makes them. */
async function twoUpdates(preset: PresetId) {
  const live = gpu.buffers.liveCount;
  const learner = make(preset);
  gpu.device.pushErrorScope('validation');
  const reports: (UpdateReport & { numbers: Metrics })[] = [];
  for (let update = 0; update < 2; update++) {
    const report = await learner.update();
    reports.push({ ...report, numbers: await report.metrics });
  }
  expect((await gpu.device.popErrorScope())?.message).toBeUndefined();
  const state = await learner.state();
  learner.destroy();
  expect(gpu.buffers.liveCount).toBe(live);
  return { reports, state };
}

const ids = SETTINGS.preset.options.map(({ value }) => value);
const seen = new Map<PresetId, Awaited<ReturnType<typeof twoUpdates>>>();

describe('every preset', () => {
  it.each(ids)('%s survives two updates', async (id) => {
    const run = await twoUpdates(id);
    seen.set(id, run);
    for (const { numbers } of run.reports) {
      for (const [key, value] of Object.entries(numbers))
        expect(value === null || Number.isFinite(value), key).toBe(true);
      expect(numbers['sampledTokens']).toBeGreaterThan(0);
    }
    expect(run.state.params.every(Number.isFinite)).toBe(true);
    expect(run.state.params).not.toEqual(run.state.base);
  });
});

/** All reviews that a preset's two updates made. */
function reviewsOf(id: PresetId) {
  const reviews = seen.get(id)!.reports.map(({ rollout }) => rollout.reviews);
  const flat = (field: 'cuts' | 'integers' | 'logProbs') => reviews.flatMap((one) => [...one[field]]);
  return { cuts: flat('cuts'), integers: flat('integers'), logProbs: flat('logProbs') };
}

describe('the arms do what their names say', () => {
  it('random-cut and resample reject as search-r2 would, and cut elsewhere', () => {
    // The first update has the same weights and random numbers in all of them.
    const [full, random, again] = (['search-r2', 'random-cut', 'resample'] as const).map(
      (id) => seen.get(id)!.reports[0]!.rollout.reviews,
    );
    expect(random!.integers).toEqual(full!.integers);
    expect(again!.integers).toEqual(full!.integers);
    expect(full!.cuts).toEqual(full!.integers);
    for (const { cuts, integers } of [random!, again!]) {
      expect(cuts.map((cut) => Math.min(cut, 1))).toEqual(integers.map((said) => Math.min(said, 1)));
    }
    expect(random!.cuts).not.toEqual(full!.cuts);
    expect(Math.max(...random!.cuts)).toBeGreaterThan(1);
    expect(Math.max(...again!.cuts)).toBe(1);
  });

  it('always-revise cannot accept, and never-revise does nothing and trains no review', () => {
    const always = reviewsOf('always-revise');
    expect(Math.min(...always.cuts)).toBeGreaterThan(0);
    always.logProbs.forEach((logProb, i) => {
      if (i % 6 === 0) expect(logProb).toBe(-Infinity);
    });
    const never = reviewsOf('never-revise');
    expect(Math.max(...never.cuts)).toBe(0);
    expect(Math.max(...never.integers)).toBeGreaterThan(0);
    const { reports, state } = seen.get('never-revise')!;
    expect(reports.map(({ numbers }) => numbers['reviewRows'])).toEqual([0, 0]);
    // Nothing that reviews say reaches the actor: it learns as without a refiner.
    expect(state).toEqual(seen.get('process-only')!.state);
  });

  it('refiner-process and process-only differ from their neighbours in one thing', () => {
    const first = (id: PresetId) => seen.get(id)!.reports[0]!;
    expect(first('refiner-process').rollout.final.tokens).toEqual(first('search-r2').rollout.final.tokens);
    expect(first('refiner-process').numbers).toMatchObject({ reviewRows: 0, gradNormReview: 0 });
    expect(first('process-only').rollout.draft.tokens).toEqual(first('search-r1').rollout.draft.tokens);
    expect(first('process-only').rollout.draft.em).toEqual(first('search-r1').rollout.draft.em);
  });
});
