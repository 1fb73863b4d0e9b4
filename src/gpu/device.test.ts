import { expect, it, vi } from 'vitest';
import { openNodeGpu } from '../node/node-gpu';
import { NoAdapterError, openAdapter, openGpu } from './device';

it('opens a device with default limits, and frees everything when closed', async () => {
  const gpu = await openGpu(await openNodeGpu(), new Map());
  expect(gpu.device.limits.maxStorageBuffersPerShaderStage).toBe(8);
  expect(gpu.device.limits.maxStorageBufferBindingSize).toBe(128 * 2 ** 20);
  // Nothing may depend on an optional feature; timing, 16-bit floats and subgroups are the only ones asked for.
  expect([...gpu.device.features].sort().filter((name) => name !== 'core-features-and-limits')).toEqual([
    ...(gpu.f16 ? ['shader-f16'] : []),
    ...(gpu.subgroups ? ['subgroups'] : []),
    ...(gpu.timestamps ? ['timestamp-query'] : []),
  ]);
  expect(`${gpu.adapter.device}${gpu.adapter.description}`).not.toBe('');
  gpu.buffers.storage('left over', 4);
  gpu.close();
  expect(gpu.buffers.liveCount).toBe(0);
});

it('tells the reason where a device is lost that nobody closed', async () => {
  const gpu = await openGpu(await openNodeGpu(), new Map());
  gpu.device.destroy();
  expect(await gpu.lost).not.toBe('');
});

it('takes an adapter without names for a CPU where it calls itself a fallback, as in Firefox', async () => {
  const adapter = await (await openNodeGpu()).requestAdapter();
  if (adapter === null) throw new Error('There is one, as the tests run on it.');
  const { subgroupMinSize, subgroupMaxSize } = adapter.info;
  const names = { vendor: '', architecture: '', device: '', description: '' };
  vi.spyOn(adapter, 'info', 'get').mockReturnValue({
    __brand: 'GPUAdapterInfo',
    ...names,
    isFallbackAdapter: true,
    subgroupMinSize,
    subgroupMaxSize,
  });
  const gpu = await openAdapter(adapter, new Map());
  expect(gpu.adapter.software).toBe(true);
  expect(gpu.variants.cooperative).toBe(false);
  gpu.close();
});

it('says so where there is no adapter', async () => {
  const gpu = await openNodeGpu();
  const spy = vi.spyOn(gpu, 'requestAdapter').mockResolvedValue(null);
  await expect(openGpu(gpu, new Map())).rejects.toThrow(NoAdapterError);
  spy.mockRestore();
});
