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

function msOfWork(ms: number): number {
  return ms * (gpu.adapter.software ? 6e6 : 5e8);
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
    recorder.limits = { pauseMs: 10, submitMs: 1000, dispatchMs: 1000 };
    append(1, 0, msOfWork(5));
    await recorder.breathe();
    expect(recorder.counts.submits).toBe(0);
    append(2, 0, msOfWork(10));
    expect(recorder.counts.submits).toBe(0);
    await recorder.breathe();
    expect(recorder.counts.submits).toBe(1);
    // The estimate starts again with the next submit.
    append(3, 0, msOfWork(5));
    await recorder.breathe();
    expect(recorder.counts.submits).toBe(1);
    expect([...(await new Readback(recorder).readF32(y, 1))]).toEqual([123]);
  });

  it('sends no more than a submit may hold, where nobody pauses, and in a sequence', async () => {
    recorder.limits = { pauseMs: 10, submitMs: 35, dispatchMs: 1000 };
    for (const digit of [1, 2, 3, 4]) append(digit, 0, msOfWork(10));
    expect(recorder.counts.submits).toBe(1);
    // A single dispatch that is longer goes by itself.
    append(5, 0, msOfWork(100));
    append(6, 0, msOfWork(10));
    expect(recorder.counts.submits).toBe(3);
    const sequence = recorder.sequence(() => {
      for (const digit of [7, 8]) append(digit, 0, msOfWork(30));
    });
    expect(recorder.counts.submits).toBe(3);
    recorder.play(sequence);
    expect(recorder.counts.submits).toBe(5);
    expect([...(await new Readback(recorder).readF32(y, 1))]).toEqual([12345678]);
  });

  it('keeps the uniforms of a sequence that is sent in several submits', async () => {
    recorder.limits = { pauseMs: 10, submitMs: 35, dispatchMs: 1000 };
    const sequence = recorder.sequence(() => {
      for (const digit of [1, 2, 1]) append(digit, 0, msOfWork(30));
    });
    // So many that they are given up at the next submit that somebody asks for.
    for (let at = 0; at < 5000; at++) append(at, 1 + (at % 63));
    recorder.play(sequence);
    append(4);
    expect((await new Readback(recorder).readF32(y, 1))[0]).toBe(1214);
    recorder.clear(y);
    recorder.play(sequence);
    append(5);
    expect((await new Readback(recorder).readF32(y, 1))[0]).toBe(1215);
  });

  it('cuts a dispatch that is too long into parts, each of other workgroups', async () => {
    const parted = defineKernel({
      name: 'places',
      source: `struct Params { step: f32, first_group: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(1) fn main(@builtin(workgroup_id) id: vec3u) {
  y[8u * id.y + id.x + p.first_group] += p.step;
}`,
      params: { step: 'f32', firstGroup: 'u32' },
      buffers: { y: 'write' },
    });
    recorder.limits = { pauseMs: 10, submitMs: 1000, dispatchMs: 10 };
    const launch = (ms: number) =>
      recorder.dispatch(parted, { params: { step: 1 }, buffers: { y }, workgroups: [7, 2, 1], work: msOfWork(ms) });
    launch(9);
    expect(recorder.counts.dispatches).toBe(1);
    launch(25);
    expect(recorder.counts.dispatches).toBe(1 + 4);
    // No part is less than a workgroup.
    launch(1000);
    expect(recorder.counts.dispatches).toBe(5 + 7);
    const row = [3, 3, 3, 3, 3, 3, 3, 0];
    expect([...(await new Readback(recorder).readF32(y, 16))]).toEqual([...row, ...row]);
    // A kernel that does not know how stays whole.
    append(1, 0, msOfWork(1000));
    expect(recorder.counts.dispatches).toBe(13);
  });

  it('never runs out of uniforms where it may breathe', async () => {
    for (let at = 0; at < 9000; at++) {
      append(at, at % 64);
      await recorder.breathe();
    }
    expect(recorder.counts.submits).toBeGreaterThan(0);
    await recorder.finish();
    expect(() => {
      for (let digit = 0; digit < 9000; digit++) append(digit);
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
    for (let at = 0; at < 9000; at++) {
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
