import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openNodeGpu } from '../node/node-gpu';
import type { Slice } from './buffers';
import { openGpu, type Gpu } from './device';
import { defineKernel } from './kernel';
import { Readback, StagingRing } from './readback';
import { Recorder } from './recorder';

/** y[at] = 10 y[at] + digit: the order of dispatches can be read from the result. */
const kernel = defineKernel({
  name: 'digits',
  source: `struct Params { at: u32, digit: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(1) fn main() { y[p.at] = 10.0 * y[p.at] + p.digit; }`,
  params: { at: 'u32', digit: 'f32' },
  buffers: { y: 'write' },
});

let gpu: Gpu;
let recorder: Recorder;
let y: Slice;
beforeAll(async () => {
  gpu = await openGpu(await openNodeGpu(), new Map());
});
afterAll(() => gpu.close());
beforeEach(() => {
  gpu.variants.immediates = false;
  recorder = new Recorder(gpu);
  y = gpu.buffers.storage('y', 256);
});

function append(digit: number, at = 0, work = 0): void {
  recorder.dispatch(kernel, { params: { at, digit }, buffers: { y }, workgroups: [1, 1, 1], work });
}

describe('Recorder', () => {
  it('runs dispatches in order, each with its own parameters, within and across submits', async () => {
    append(1);
    append(2);
    append(1);
    recorder.submit();
    append(3);
    append(7, 1);
    const readback = new Readback(recorder);
    expect([...(await readback.readF32(y, 3))]).toEqual([1213, 7, 0]);
    expect(recorder.counts.dispatches).toBe(5);
  });

  it('keeps equal parameters once a submit', () => {
    const write = vi.spyOn(gpu.device.queue, 'writeBuffer');
    append(1);
    append(2);
    append(1);
    append(1);
    recorder.submit();
    expect(write.mock.calls.map((call) => call[4])).toEqual([2 * 256]);
    write.mockRestore();
  });

  it('submits nothing of its own accord while a result is awaited', async () => {
    const submit = vi.spyOn(gpu.device.queue, 'submit');
    append(1);
    await new Readback(recorder).readF32(y, 1);
    await gpu.waits.until(new Promise((resolve) => setTimeout(resolve, 40)));
    expect(submit).toHaveBeenCalledTimes(recorder.counts.submits);
    submit.mockRestore();
  });

  it('binds the same buffers through the same bind group, another range through another', () => {
    const make = vi.spyOn(gpu.device, 'createBindGroup');
    append(1);
    append(2);
    recorder.submit();
    append(3);
    expect(recorder.counts.bindGroups).toBe(1);
    const half = { ...y, size: 128 };
    recorder.dispatch(kernel, { params: { at: 0, digit: 1 }, buffers: { y: half }, workgroups: [1, 1, 1], work: 0 });
    expect(recorder.counts.bindGroups).toBe(2);
    expect(make).toHaveBeenCalledTimes(2);
    make.mockRestore();
    recorder.submit();
  });

  it('refuses more workgroups than WebGPU allows, and leaves out empty dispatches', () => {
    const launch = (count: number) =>
      recorder.dispatch(kernel, { params: { at: 0, digit: 1 }, buffers: { y }, workgroups: [1, count, 1], work: 0 });
    expect(() => launch(65536)).toThrow('exceed 65535');
    launch(0);
    expect(recorder.counts.dispatches).toBe(0);
  });

  it('splits submits by the estimated time, at points where the caller can be paused', async () => {
    const second = (gpu.adapter.software ? 2e6 : 5e8) * 1000;
    append(1, 0, second / 200);
    await recorder.breathe();
    expect(recorder.counts.submits).toBe(0);
    append(2, 0, second);
    expect(recorder.counts.submits).toBe(0);
    await recorder.breathe();
    expect(recorder.counts.submits).toBe(1);
    // The estimate starts again with the next submit.
    append(3, 0, second / 200);
    await recorder.breathe();
    expect(recorder.counts.submits).toBe(1);
    expect([...(await new Readback(recorder).readF32(y, 1))]).toEqual([123]);
  });

  it('never runs out of uniforms where it may breathe', async () => {
    for (let at = 0; at < 5000; at++) {
      append(at, at % 64);
      await recorder.breathe();
    }
    expect(recorder.counts.submits).toBeGreaterThan(0);
    await recorder.finish();
    expect(() => {
      for (let digit = 0; digit < 5000; digit++) append(digit);
    }).toThrow('too many uniforms');
    await recorder.finish();
  });

  it('plays a sequence as it was made, also after its uniforms were given up', async () => {
    const sequence = recorder.sequence(() => {
      append(1);
      append(2);
    });
    expect(recorder.counts.dispatches).toBe(0);
    recorder.play(sequence);
    append(3);
    recorder.play(sequence);
    expect([...(await new Readback(recorder).readF32(y, 1))]).toEqual([12312]);
    for (let at = 0; at < 5000; at++) {
      append(at, 1 + (at % 63));
      await recorder.breathe();
    }
    recorder.clear(y);
    recorder.play(sequence);
    append(4);
    recorder.play(sequence);
    expect([...(await new Readback(recorder).readF32(y, 1))]).toEqual([12412]);
    expect(() => recorder.sequence(() => recorder.clear(y))).toThrow('dispatches alone');
    append(5);
    expect([...(await new Readback(recorder).readF32(y, 1))]).toEqual([124125]);
  });

  it('gives parameters to the dispatch itself where it may, and writes no uniforms then', async () => {
    expect(gpu.immediates).toBe(true);
    const write = vi.spyOn(gpu.device.queue, 'writeBuffer');
    gpu.variants.immediates = true;
    append(1);
    const sequence = recorder.sequence(() => {
      append(2);
      append(3);
    });
    recorder.play(sequence);
    recorder.submit();
    recorder.play(sequence);
    append(7, 1);
    recorder.submit();
    expect(write).not.toHaveBeenCalled();
    // Kernels of the other form find theirs, those among them whose values were known before.
    gpu.variants.immediates = false;
    append(3);
    append(4);
    expect([...(await new Readback(recorder).readF32(y, 2))]).toEqual([1232334, 7]);
    expect(write).toHaveBeenCalledTimes(1);
    write.mockRestore();
  });

  it('copies and clears in order with dispatches', async () => {
    const other = gpu.buffers.storage('other', 256);
    append(4);
    recorder.copy(y, other, 4, 0, 8);
    append(5);
    recorder.copy(y, other, 4, 0, 4);
    recorder.clear(y, 4);
    append(6);
    const bytes = await new Readback(recorder).readAll([
      { ...y, size: 4 },
      { ...other, size: 12 },
    ]);
    expect([...new Float32Array(bytes)]).toEqual([6, 0, 45, 4]);
  });
});

describe('Readback', () => {
  it('reads several slices at once, counts reads, and grows its one staging buffer', async () => {
    const readback = new Readback(recorder);
    append(1);
    append(2, 1);
    const live = gpu.buffers.liveCount;
    const bytes = await readback.readAll([
      { ...y, size: 4 },
      { ...y, size: 8 },
    ]);
    expect([...new Float32Array(bytes)]).toEqual([1, 1, 2]);
    expect(readback.count).toBe(1);
    expect(gpu.buffers.liveCount).toBe(live + 1);
    const made = gpu.buffers.createdCount;
    const first = await readback.readF32(y, 2);
    expect(gpu.buffers.createdCount).toBe(made);
    await readback.read(y);
    expect(gpu.buffers.createdCount).toBe(made + 1);
    expect(gpu.buffers.liveCount).toBe(live + 1);
    // What was read stays as it was.
    append(9);
    await readback.readU32(y, 1);
    expect([...first]).toEqual([1, 2]);
    expect(readback.count).toBe(4);
  });
});

describe('StagingRing', () => {
  it('brings values as they were when each read was recorded, in buffers that it has from the start', async () => {
    const ring = new StagingRing(recorder, gpu.buffers, 8);
    const made = gpu.buffers.createdCount;
    append(1);
    const first = ring.read(y);
    append(2);
    append(5, 1);
    const second = ring.read(y);
    append(3);
    expect(() => ring.read(y)).toThrow('every staging buffer is in use');
    expect([...new Float32Array(await second)]).toEqual([12, 5]);
    expect([...new Float32Array(await first)]).toEqual([1, 0]);
    expect([...new Float32Array(await ring.read(y))]).toEqual([123, 5]);
    expect(gpu.buffers.createdCount).toBe(made);
  });
});
