/** The traps themselves: kernels that do what a kernel must not are found. */
import { describe, expect, it } from 'vitest';
import { defineKernel } from '../../gpu/kernel';
import type { BenchScope } from './gpu-bench';
import { useBench } from '../../testing/kernels/kernel-harness';

const HEADER = `
struct Params { size: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) e: u32) `;

function kernel(name: string, body: string) {
  const params = { size: 'u32' } as const;
  return defineKernel({ name, source: HEADER + body, params, buffers: { x: 'read', y: 'write' } });
}

const copy = kernel('copy', '{ if (e < p.size) { y[e] = x[e]; } }');
const noBounds = kernel('no_bounds', '{ y[e] = 1.0 + 0.0 * x[0]; }');
const inPlace = kernel('in_place', '{ y[e] = y[e] * 2.0 + x[e]; }');
const lastLeftOut = kernel('last_left_out', '{ if (e + 1u < p.size) { y[e] = x[e]; } }');
const readsOn = kernel('reads_on', '{ if (e < p.size) { y[e] = x[e] + x[e + 1u]; } }');

describe('GpuBench', () => {
  const bench = useBench();
  const size = 5;
  const data = [1, 2, 3, 4, 5];

  async function run(spec: typeof copy, workgroups = 1): Promise<Float32Array> {
    return bench().run(async (scope: BenchScope) => {
      const y = scope.output('y', size);
      scope.recorder.dispatch(spec, {
        params: { size },
        buffers: { x: scope.floats('x', data).slice, y: y.slice },
        workgroups: [workgroups, 1, 1],
        work: size,
      });
      return scope.readFloats(y);
    });
  }

  it('returns what a right kernel writes', async () => {
    expect([...(await run(copy))]).toEqual(data);
  });

  it('finds a write behind the end', async () => {
    await expect(run(noBounds)).rejects.toThrow('y was written 0 elements behind its end of 5');
  });

  it('finds a write behind the end of what is read there too', async () => {
    await expect(run(inPlace)).rejects.toThrow('y was written 0 elements behind its end of 5');
  });

  it('shows an element that was left out as NaN', async () => {
    expect([...(await run(lastLeftOut))]).toEqual([1, 2, 3, 4, NaN]);
  });

  it('shows a read behind the end', async () => {
    const y = await run(readsOn);
    expect([...y.subarray(0, 4)]).toEqual([3, 5, 7, 9]);
    expect(y[4]).toBeGreaterThan(1e38);
  });

  it('reports a device error', async () => {
    const asked = bench().run((scope) => {
      const { slice } = scope.output('y', size);
      // Copies have to be multiples of 4 bytes.
      scope.recorder.copy(slice, slice, 3);
      scope.recorder.submit();
      return Promise.resolve();
    });
    await expect(asked).rejects.toThrow('the device reports');
  });

  it('destroys everything it made, also after a failure', async () => {
    await run(copy);
    const live = bench().gpu.buffers.liveCount;
    await run(copy);
    await expect(run(noBounds)).rejects.toThrow();
    expect(bench().gpu.buffers.liveCount).toBe(live);
  });
});
