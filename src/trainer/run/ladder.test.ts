/** What the engine says where a machine has WebGPU and still cannot run it: the reason, and what to do. */
import { describe, expect, it, vi } from 'vitest';
import { openAdapter, requestAdapter, type Gpu } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import { openNodeGpu } from '../../node/node-gpu';
import { TrainerBench as Bench } from '../../testing/engine/trainer-bench';

async function adapterOf(): Promise<GPUAdapter> {
  const adapter = await requestAdapter(await openNodeGpu());
  if (adapter === null) throw new Error('There is one, as the tests run on it.');
  return adapter;
}

async function told(open: () => Promise<Gpu>): Promise<{ message: string; hint: string }> {
  const bench = new Bench(open);
  bench.start();
  const error = await bench.next('error');
  expect(error.fatal).toBe(true);
  expect(error.hint).toMatch(/Recorded runs play without it\.$/);
  return error;
}

describe('a machine on which the engine does not run', () => {
  it('as its adapter refuses a device', async () => {
    const adapter = await adapterOf();
    vi.spyOn(adapter, 'requestDevice').mockRejectedValue(new Error('not now'));
    const { message, hint } = await told(() => openAdapter(adapter, wgslIncludes));
    expect(message).toBe('The graphics adapter refused a device: not now');
    expect(hint).toContain('Close other tabs');
  });

  it('as its limits are too small, which are named', async () => {
    const adapter = await adapterOf();
    const limits = { maxStorageBuffersPerShaderStage: 4, maxStorageBufferBindingSize: 2 ** 27 };
    // Only these are looked at.
    const small = new Proxy(adapter, {
      get: (of, key): unknown => (key === 'limits' ? limits : Reflect.get(of, key, of)),
    });
    const { message } = await told(() => openAdapter(small, wgslIncludes));
    expect(message).toBe('The limits of this graphics adapter are too small: maxStorageBuffersPerShaderStage 4 of 8.');
  });

  it('as it compiles no shader, which is named', async () => {
    const gpu = await openAdapter(await adapterOf(), wgslIncludes);
    vi.spyOn(gpu.device, 'createComputePipelineAsync').mockRejectedValue(new Error('internal error\nof the compiler'));
    const { message, hint } = await told(() => Promise.resolve(gpu));
    expect(message).toMatch(/^The kernel "\w+" does not compile on this machine: internal error$/);
    expect(hint).toContain('the doctor tests every kernel');
    gpu.close();
  });
});
