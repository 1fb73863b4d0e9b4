import { describe, expect, it } from 'vitest';
import { SIZES, kernelTests, useBench } from '../../testing/kernels/kernel-harness';
import { integers, normals } from '../../selftest/bench/draw';
import { withVariants } from '../../selftest/bench/kernel-case';
import { launchSampling } from '../../selftest/launch/launch-steps';
import { samplingCase } from '../../selftest/cases/sampling';
import { sampleCooperativeKernel, sampleKernel } from './sampling';

kernelTests(
  'sampling',
  [sampleKernel, sampleCooperativeKernel],
  [
    ...SIZES.map((n) => samplingCase(n, 7)),
    ...SIZES.map((n) => samplingCase(3, n, { topK: 5, topP: 0.9, temperature: 0.7 })),
    samplingCase(3, 1000, { topK: 50, topP: 0.9 }),
    samplingCase(5, 33, { shared: true }),
    samplingCase(5, 33, { temperature: 0 }),
    samplingCase(5, 33, { topK: 1 }),
    samplingCase(5, 33, { topP: 0.01 }),
    samplingCase(5, 9, { scale: 0, topK: 3 }),
    samplingCase(5, 9, { scale: 1e4 }),
  ],
);

describe('a limit', () => {
  const bench = useBench();

  it.each([{ cooperative: false }, { cooperative: true }])('leaves the rows behind it: %o', async (variants) => {
    const [rows, vocab, limit] = [70, 33, 35];
    const args = {
      ...{ batch: rows, vocab, draws: 1, temperature: 1, topK: 0, topP: 1 },
      logits: normals(rows * vocab, 1),
      allowed: new Uint32Array(vocab).fill(1),
      uniforms: Float32Array.from(integers(rows, 3, 1 << 24), (word) => word * 2 ** -24),
    };
    const run = (limits: { limit?: number }) =>
      withVariants(bench(), variants, () => launchSampling(bench(), { ...args, ...limits }));
    const all = await run({});
    const some = await run({ limit });
    expect([...some.chosen.subarray(0, limit)]).toEqual([...all.chosen.subarray(0, limit)]);
    expect(some.probs.slice(0, limit * vocab)).toEqual(all.probs.slice(0, limit * vocab));
    expect(some.logProbs.slice(0, limit)).toEqual(all.logProbs.slice(0, limit));
    expect(some.chosen.subarray(limit).every((token) => token >= vocab)).toBe(true);
    expect([...some.logProbs.slice(limit)].every(Number.isNaN)).toBe(true);
  });
});
