import { describe, expect, it } from 'vitest';
import { compareNumbers } from '../selftest/bench/bounds';
import { normals } from '../selftest/bench/draw';
import { useBench } from '../testing/kernels/kernel-harness';
import { launchDecodeQkv } from '../selftest/launch/launch-linear';
import { decodeQkvKernel } from './linear/linear';
import { chooseVariants } from './variants';

describe('variants', () => {
  const bench = useBench();

  it('are tried once; subgroups give the same bits and a halved cache comes close', async () => {
    const { recorder, gpu } = bench();
    gpu.variants.cooperative = false;
    const live = gpu.buffers.liveCount;
    const trials = await chooseVariants(recorder);
    expect(gpu.buffers.liveCount).toBe(live);
    expect(trials?.subgroups === null).toBe(!gpu.subgroups);
    expect(trials?.halfCache === null).toBe(!gpu.f16);
    expect(trials?.immediates === null).toBe(!gpu.immediates);
    for (const trial of [trials?.immediates, trials?.subgroups, trials?.halfCache]) {
      if (trial) expect(trial.speedup).toBeGreaterThan(0);
    }
    if (trials?.subgroups) expect(trials.subgroups.difference).toBe(0);
    if (trials?.immediates) expect(trials.immediates.difference).toBe(0);
    expect(gpu.variants.immediates).toBe((trials?.immediates?.speedup ?? 0) > 1.1);
    expect(gpu.variants.subgroups).toBe((trials?.subgroups?.speedup ?? 0) > 1);
    if (trials?.halfCache) {
      // Not 0, or the probe compared a cache with itself.
      expect(trials.halfCache.difference).toBeGreaterThan(1e-6);
      expect(trials.halfCache.difference).toBeLessThan(2e-3);
    }
    expect(await chooseVariants(recorder)).toBeNull();
    Object.assign(gpu.variants, { subgroups: false, immediates: false });
  });

  it('store keys and values in 16-bit floats where the adapter has them', async () => {
    const { gpu } = bench();
    const [heads, kvHeads, headDim, positions, inner, batch] = [4, 2, 16, 5, 12, 7];
    const outs = (heads + 2 * kvHeads) * headDim;
    const args = {
      ...{ heads, kvHeads, headDim, positions, inner, theta: 10000, eps: 1e-5 },
      active: [6, 2, 3],
      lengths: [1, 5, 3],
      x: normals(3 * inner, 1),
      gain: normals(inner, 2),
      w: normals(outs * inner, 3),
      cache: new Float32Array(batch * positions * 2 * kvHeads * headDim),
    };
    const exact = await launchDecodeQkv(bench(), args);
    expect(bench.dispatched()).toContain(decodeQkvKernel.name);
    const half = launchDecodeQkv(bench(), { ...args, halfCache: true });
    if (!gpu.f16) {
      await expect(half).rejects.toThrow('f16');
      return;
    }
    const { q, cache } = await half;
    expect(compareNumbers(q, exact.q, { rtol: 0, atol: 0 }).ok).toBe(true);
    const result = compareNumbers(cache, exact.cache, { rtol: 2 ** -11, atol: 1e-7 });
    expect(result.ok, JSON.stringify(result)).toBe(true);
    expect(result.worst).toBeGreaterThan(0);
  });
});
