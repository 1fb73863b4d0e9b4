import { describe, expect, it } from 'vitest';
import { probeWebGpu } from './webgpu-support';

describe('probeWebGpu', () => {
  it('tells a missing WebGPU from an insecure page', async () => {
    expect(await probeWebGpu(undefined, true)).toEqual({ status: 'missing', insecure: false });
    expect(await probeWebGpu(undefined, false)).toEqual({ status: 'missing', insecure: true });
  });
});
