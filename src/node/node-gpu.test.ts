import { expect, test } from 'vitest';
import { openNodeGpu } from './node-gpu';

test('the adapter that was chosen for Node offers a device with default limits', async () => {
  const gpu = await openNodeGpu();
  expect(await openNodeGpu()).toBe(gpu);
  const adapter = await gpu.requestAdapter();
  const device = await adapter?.requestDevice();
  expect(device?.limits.maxStorageBuffersPerShaderStage).toBeGreaterThanOrEqual(8);
  expect(GPUBufferUsage.STORAGE).toBe(0x80);
  device?.destroy();
});
