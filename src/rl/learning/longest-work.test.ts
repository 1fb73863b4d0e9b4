/** Whatever the settings are, nothing that is sent to the device is long: by estimate, at the largest of what they allow. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultConfig, type RunConfig } from '../../config/schema';
import { microwikiFamily } from '../../env/microwiki';
import { openGpu, type Gpu } from '../../gpu/device';
import { Recorder } from '../../gpu/recorder';
import { workLimits } from '../../gpu/work-limits';
import { grpoLoss } from '../../kernels/grpo/grpo';
import { reduceColumns } from '../../kernels/reduce/reduce';
import { wgslIncludes } from '../../kernels/includes';
import { BatchUploader } from '../../models/batch';
import { NORM_SLOTS, OptimizerState } from '../../models/optimizer';
import { Transformer } from '../../models/transformer';
import { openNodeGpu } from '../../node/node-gpu';
import { readingPositions } from '../rollout/step-reader';
import { batchCapacity, Learner } from './learner';
import { runTable } from './run-table';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu(await openNodeGpu(), wgslIncludes);
  // What is recorded counts, and nobody waits for it.
  vi.spyOn(gpu.device.queue, 'submit').mockImplementation(() => undefined);
});
afterAll(() => {
  vi.restoreAllMocks();
  gpu.close();
});

function expectShort({ limits, longest }: Recorder): void {
  expect(limits).toEqual(workLimits(gpu.adapter.software));
  // What has one workgroup cannot be cut. SwiftShader takes at most 1.7 times the estimate, which is less than 50 ms.
  expect(longest.dispatch.ms, longest.dispatch.name).toBeLessThan(2.5 * limits.dispatchMs);
  expect(longest.submitMs).toBeLessThanOrEqual(limits.submitMs);
}

describe('the longest work', () => {
  it.each<Partial<RunConfig>>([
    { size: 'tiny', prompts: 64, groupSize: 32 },
    { size: 'small', prompts: 64, groupSize: 32 },
    // More of these are refused, for the size of a buffer.
    { size: 'base', prompts: 39, groupSize: 32 },
    { size: 'large', prompts: 19, groupSize: 32 },
  ])('of a rollout with %j is short', (settings) => {
    const config: RunConfig = { ...defaultConfig, maxHops: 4, refiner: 'model', ...settings };
    const learner = new Learner(gpu, config, microwikiFamily());
    learner.rollout.rehearse(learner.optimizer.params, learner.rolloutOptions(0));
    expectShort(learner.recorder);
    learner.destroy();
  });

  it.each(['tiny', 'small', 'base', 'large'] as const)('of an update at size %s is short', (size) => {
    const owner = gpu.buffers.scope();
    const recorder = new Recorder(gpu, owner);
    const vocab = microwikiFamily().schema.vocabulary.size;
    const table = runTable(size, vocab);
    const positions = 105;
    const capacity = batchCapacity(table, positions);
    const model = new Transformer(recorder, owner, table, capacity, readingPositions(positions));
    const optimizer = new OptimizerState(recorder, owner, table);
    const batch = new BatchUploader(gpu.device, owner, vocab, capacity).upload({
      tokens: new Uint32Array(capacity),
      lengths: [...Array<number>(Math.floor(capacity / positions)).fill(positions), capacity % positions],
      selected: Uint32Array.from({ length: capacity }, (_, row) => row),
    });
    const numbers = owner.storage('numbers', capacity * 32);
    model.forward(optimizer.params, batch);
    grpoLoss(recorder, {
      ...{ rowInfo: numbers, values: numbers, allowed: optimizer.m, logits: model.logits, stats: optimizer.v },
      ...{ rows: capacity, vocab, ld: model.logitStride, oldFromNew: true },
      ...{ clipLow: 0, clipHigh: 0, klBeta: 0, entropyBonus: 0 },
    });
    reduceColumns(recorder, { x: numbers, y: optimizer.norms, rows: capacity, cols: 8 });
    model.backward(optimizer.params, optimizer.grads, batch);
    optimizer.measure(NORM_SLOTS.total);
    optimizer.rehearse();
    expectShort(recorder);
    expect(recorder.counts.submits, 'nobody paused').toBeGreaterThan(0);
    owner.destroyAll();
  });
});
