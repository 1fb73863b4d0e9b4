import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Gpu } from '../gpu/device';
import { Readback } from '../gpu/readback';
import { Recorder } from '../gpu/recorder';
import { openTestGpu } from '../testing/engine/warm-learner';
import { NORM_SLOTS, OptimizerState } from './optimizer';
import { parameterTable } from './parameters';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.close());

const TABLE = parameterTable({
  vocab: 8,
  width: 16,
  layers: 1,
  heads: 2,
  kvHeads: 1,
  headDim: 8,
  ffn: 16,
  ropeTheta: 1e4,
  rmsEps: 1e-6,
});
const HYPER = { lr: 0.1, beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay: 0.1, maxGradNorm: 1 };

it.each([
  ['NaN', NaN],
  ['infinite', Infinity],
  ['too large to be squared', 1e30],
])('does not step on a gradient that is %s, and steps on the next that is not', async (_, bad) => {
  const owner = gpu.buffers.scope();
  const recorder = new Recorder(gpu, owner);
  const readback = new Readback(recorder, owner);
  const state = new OptimizerState(recorder, owner, TABLE);
  const start = Float32Array.from({ length: TABLE.size }, (__, i) => Math.sin(i));
  gpu.device.queue.writeBuffer(state.params.buffer, state.params.offset, start);
  const step = async (last: number) => {
    const grads = new Float32Array(TABLE.size).fill(0.5);
    grads[TABLE.size - 1] = last;
    gpu.device.queue.writeBuffer(state.grads.buffer, state.grads.offset, grads);
    state.measure(NORM_SLOTS.total);
    state.update(HYPER);
    const read = (slice: typeof state.params) => readback.readF32(slice, TABLE.size);
    return { params: await read(state.params), m: await read(state.m), v: await read(state.v) };
  };
  const good = await step(0.5);
  expect(good.params).not.toEqual(start);
  expect(await step(bad)).toEqual(good);
  const next = await step(0.5);
  expect(next.params).not.toEqual(good.params);
  expect(next.params.every(Number.isFinite)).toBe(true);
  owner.destroyAll();
});
