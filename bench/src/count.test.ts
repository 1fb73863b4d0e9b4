import { afterEach, describe, expect, it, vi } from 'vitest';
import { GpuCounter } from './count';

/** Prototypes of their own for each test, since the counter changes them. They do nothing: calls are what counts. */
function fakeWebGpu() {
  const nothing = () => undefined;
  class FakeBuffer {
    constructor(readonly size: number) {}
  }
  const buffer = { destroy: nothing, mapAsync: () => Promise.resolve() };
  const device = {
    createBuffer: ({ size }: { size: number }) => new FakeBuffer(size),
    createBindGroup: nothing,
    createComputePipeline: nothing,
    createComputePipelineAsync: nothing,
  };
  const pass = { dispatchWorkgroups: nothing, dispatchWorkgroupsIndirect: nothing };
  const queue = { submit: nothing };
  Object.assign(FakeBuffer.prototype, buffer);
  vi.stubGlobal('GPUBuffer', FakeBuffer);
  vi.stubGlobal('GPUDevice', { prototype: device });
  vi.stubGlobal('GPUComputePassEncoder', { prototype: pass });
  vi.stubGlobal('GPUQueue', { prototype: queue });
  // By name, as the methods in question are those that stand there by then.
  const call = async (target: object, method: string, ...args: unknown[]) => {
    const found: unknown = Reflect.get(target, method);
    if (typeof found === 'function') await Reflect.apply(found, target, args);
  };
  return { device, pass, queue, call };
}

afterEach(() => vi.unstubAllGlobals());

describe('GpuCounter', () => {
  it('counts what a run asks for, and nothing outside of it', async () => {
    const fake = fakeWebGpu();
    const counter = new GpuCounter();
    fake.pass.dispatchWorkgroups();
    const [result, counts] = await counter.count('ours', async () => {
      fake.pass.dispatchWorkgroups();
      fake.pass.dispatchWorkgroupsIndirect();
      fake.queue.submit();
      fake.device.createBindGroup();
      fake.device.createComputePipeline();
      fake.device.createComputePipelineAsync();
      const staging = fake.device.createBuffer({ size: 8 });
      await fake.call(staging, 'mapAsync', 1);
      await fake.call(staging, 'mapAsync', 2);
      return 'done';
    });
    fake.queue.submit();
    expect(result).toBe('done');
    expect(counts).toEqual({
      dispatches: 2,
      submits: 1,
      bindGroups: 1,
      buffers: 1,
      pipelines: 2,
      reads: 1,
      peakBytes: 8,
    });
  });

  it('leaves the methods bare after a run, also after one that fails', async () => {
    const fake = fakeWebGpu();
    const counter = new GpuCounter();
    const before = fake.pass.dispatchWorkgroups;
    await counter.count('ours', () => Promise.resolve());
    await expect(counter.count('ours', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(fake.pass.dispatchWorkgroups).toBe(before);
  });

  it('follows the bytes of each engine, whoever has the turn when they are freed', async () => {
    const fake = fakeWebGpu();
    const counter = new GpuCounter();
    counter.turn('ours');
    const kept = fake.device.createBuffer({ size: 100 });
    counter.turn('peer');
    const theirs = fake.device.createBuffer({ size: 30 });
    await fake.call(kept, 'destroy');
    await fake.call(kept, 'destroy');
    expect([counter.liveBytes('ours'), counter.liveBytes('peer')]).toEqual([0, 30]);
    const [, { peakBytes }] = await counter.count('peer', async () => {
      await fake.call(fake.device.createBuffer({ size: 50 }), 'destroy');
      await fake.call(theirs, 'destroy');
    });
    expect(peakBytes).toBe(80);
    expect(counter.liveBytes('peer')).toBe(0);
  });

  it('says so where a class is not what it should be', () => {
    vi.stubGlobal('GPUDevice', { prototype: {} });
    expect(() => new GpuCounter()).toThrow('no createBuffer');
  });
});
