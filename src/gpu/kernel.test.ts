import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openNodeGpu } from '../node/node-gpu';
import { openGpu, type Gpu } from './device';
import { defineKernel, type BufferAccess } from './kernel';

/** y += WEIGHT, all in one invocation; an include that it needs lies elsewhere. */
const source = `// @include "weight.wgsl"
struct Params { count: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> y: array<u32>;
@compute @workgroup_size(1) fn main() { y[0] += weight() * p.count; }`;
const kernel = defineKernel({ name: 'probe', source, params: { count: 'u32' }, buffers: { y: 'write' } });
const includes = new Map([['weight.wgsl', '\nfn weight() -> u32 { return WEIGHT; }']]);

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu(await openNodeGpu(), includes);
});
afterAll(() => gpu.close());

describe('defineKernel', () => {
  it('refuses more storage buffers than a device with default limits has', () => {
    const buffers = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i): [string, BufferAccess] => [`b${i}`, 'read']));
    expect(() => defineKernel({ name: 'k', source: '', params: {}, buffers: buffers(8) })).not.toThrow();
    expect(() => defineKernel({ name: 'k', source: '', params: {}, buffers: buffers(9) })).toThrow('the limit is 8');
  });
});

describe('PipelineCache', () => {
  it('compiles a kernel once for each set of constants', () => {
    const first = gpu.pipelines.get(kernel, { WEIGHT: 1 });
    expect(gpu.pipelines.get(kernel, { WEIGHT: 1 })).toBe(first);
    const other = gpu.pipelines.get(kernel, { WEIGHT: 2 });
    expect(other.id).not.toBe(first.id);
    expect(gpu.pipelines.count).toBe(2);
  });

  it('names file and line of a compile error inside an include', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    gpu.device.pushErrorScope('validation');
    gpu.pipelines.get(defineKernel({ ...kernel, name: 'broken' }), {});
    expect(await gpu.device.popErrorScope()).not.toBeNull();
    await vi.waitFor(() => expect(log).toHaveBeenCalled());
    expect(log.mock.calls.join('\n')).toMatch(/weight\.wgsl:2: .*WEIGHT/);
    log.mockRestore();
  });
});
