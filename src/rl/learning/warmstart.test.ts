import { afterAll, beforeAll, expect, it } from 'vitest';
import { microwikiFamily } from '../../env/microwiki';
import type { Gpu } from '../../gpu/device';
import { openTestGpu, smallLearner } from '../../testing/engine/warm-learner';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.close());

const BATCHES = 15;

async function warmStart(runSeed: number, batches = BATCHES) {
  const learner = smallLearner(gpu, {
    runSeed,
    warmStartBatches: BATCHES,
    warmStartBatchSize: 8,
    warmStartLearningRate: 0.05,
  });
  const warm = learner.warmStart();
  const losses: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    await warm.step(batch);
    losses.push(await warm.loss());
  }
  const params = await learner.parameters();
  learner.destroy();
  return { losses, params };
}

it('lowers the loss from that of a uniform guess, the same way for the same seed', async () => {
  const { losses, params } = await warmStart(1);
  // An untrained network spreads its probability over the whole vocabulary.
  expect(losses[0]).toBeCloseTo(Math.log(microwikiFamily().schema.vocabulary.size), 0);
  expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.5);
  const again = await warmStart(1);
  expect(again.losses).toEqual(losses);
  expect(again.params).toEqual(params);
  const other = await warmStart(2, 2);
  expect(other.losses).not.toEqual(losses.slice(0, 2));
});
