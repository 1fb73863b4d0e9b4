import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '../../config/schema';
import { BLOCK_TOKENS } from '../../env/episode-limits';
import type { Gpu } from '../../gpu/device';
import { initialParameters } from '../../models/initialise';
import { teacherForced } from '../../testing/engine/teacher-forced';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import { evaluate } from '../measuring/evaluate';
import type { Learner } from './learner';
import type { LearnerState } from './learner-state';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.close());

function make(refinerWeights: 'shared' | 'separate', overrides: Partial<RunConfig> = {}): Learner {
  const learner = smallLearner(gpu, { process: 'passage', combine: 'sum', refinerWeights, ...overrides });
  learner.startFrom(shippedBase(learner));
  return learner;
}

/** A refiner that is another network than the actor: the base, some way from it in every direction. */
function foreign(learner: Learner): Float32Array<ArrayBuffer> {
  const noise = initialParameters(learner.table, 9);
  return shippedBase(learner).map((x, i) => x + 0.3 * noise[i]!);
}

const weights = ({ refiner, ...actor }: LearnerState) => [actor.params, refiner?.params];

describe('a refiner of its own', () => {
  it('reviews exactly as the actor does while their weights are the same', async () => {
    const [shared, separate] = [make('shared', { maxRevisions: 2 }), make('separate', { maxRevisions: 2 })];
    const rows = shared.questions(3);
    const [a, b] = [shared, separate].map((one) => one.rollout.run(one.optimizer.params, rows, one.rolloutOptions(3)));
    const want = await a;
    expect(await b).toEqual(want);
    expect(want?.later[0]?.reviews.reviewed).toContain(1);
    shared.destroy();
    separate.destroy();
  });

  it('reads every draft with its own weights, and the actor writes with its own', async () => {
    const learner = make('separate', { maxRevisions: 2 });
    const state = await learner.state();
    learner.restore({ ...state, refiner: { ...state.refiner!, params: foreign(learner) } });
    const rows = learner.questions(3);
    const options = learner.rolloutOptions(3);
    const reads = learner.readback.count;
    const result = await learner.rollout.run(learner.optimizer.params, rows, options);
    expect(learner.readback.count - reads).toBe(1);
    const table = await teacherForced(learner, rows, result, 3, options.review!.refiner);
    for (const { logProb, got, lower, upper, uniform } of table) {
      expect(Math.abs(logProb - got)).toBeLessThan(1e-4);
      expect(uniform).toBeGreaterThan(lower - 1e-5);
      expect(uniform).toBeLessThan(upper + 1e-5);
    }
    // The check can fail: under the actor's weights the reviews have other probabilities.
    const wrong = await teacherForced(learner, rows, result, 3);
    expect(wrong.some(({ logProb, got }) => Math.abs(logProb - got) > 0.05)).toBe(true);
    learner.destroy();
  });

  it('is trained by the reviews alone, and the actor by none of them', async () => {
    const [apart, actorOnly] = [make('separate'), make('shared', { reviewWeight: 0 })];
    const first = await (await apart.update()).metrics;
    await (
      await actorOnly.update()
    ).metrics;
    expect(first['gradNormReview']).toBeGreaterThan(0);
    expect(first['gradNorm']).toBe(first['gradNormActor']);
    const state = await apart.state();
    expect({ ...state, refiner: null }).toEqual(await actorOnly.state());
    expect(state.refiner!.params).not.toEqual(state.base);
    expect(state.refiner!.params).not.toEqual(state.params);
    expect(state.refiner!.optimizerStep).toBe(1);
    // Its gradient is that of the shared network's reviews: AdamW's first moment is 0.1 of it, shortened to maxGradNorm.
    const norm = Math.sqrt(state.refiner!.m.reduce((sum, x) => sum + x * x, 0)) / 0.1;
    expect(norm).toBeCloseTo(Math.min(1, first['gradNormReview']!), 3);
    apart.destroy();
    actorOnly.destroy();
  });

  it('stays as it was at review weight 0', async () => {
    const learner = make('separate', { reviewWeight: 0 });
    await (
      await learner.update()
    ).metrics;
    const { refiner, base } = await learner.state();
    expect(refiner!.params).toEqual(base);
    expect(refiner!.optimizerStep).toBe(0);
    learner.destroy();
  });

  it('goes on exactly from a saved state, and starts from the actor where there was none', async () => {
    const learner = make('separate');
    await (
      await learner.update()
    ).metrics;
    const saved = await learner.state();
    const line = JSON.stringify(await (await learner.update()).metrics);
    const after = await learner.state();
    expect(weights(after)).not.toEqual(weights(saved));

    const again = make('separate');
    again.restore(saved);
    expect(JSON.stringify(await (await again.update()).metrics)).toBe(line);
    expect(await again.state()).toEqual(after);
    const evaluation = await evaluate(again);
    expect(evaluation['emSampledRefined']).not.toBeNull();

    again.restore({ ...saved, refiner: null });
    const { refiner } = await again.state();
    expect(refiner!.params).toEqual(saved.params);
    expect([refiner!.optimizerStep, refiner!.m.every((x) => x === 0)]).toEqual([0, true]);
    learner.destroy();
    again.destroy();
  });

  it('costs one more reading in blocks, and a shared run nothing', async () => {
    const learner = make('separate', { prompts: 1, groupSize: 2 });
    const counts = async (one: Learner) => {
      const before = { ...one.recorder.counts };
      await one.rollout.run(one.optimizer.params, one.questions(0), one.rolloutOptions(0));
      return one.recorder.counts.dispatches - before.dispatches;
    };
    const shared = make('shared', { prompts: 1, groupSize: 2 });
    // A block is listed and read; its last layer stops at keys and values. What is left of each text is read with its review.
    const layers = learner.table.shape.layers;
    const blocks = Math.ceil((learner.positions - BLOCK_TOKENS) / BLOCK_TOKENS);
    const more = (await counts(learner)) - (await counts(shared));
    // And its weights are copied.
    expect(more).toBe(blocks * (5 * (layers - 1) + 3) + 1);
    learner.destroy();
    shared.destroy();
  });
});
