import { describe, expect, it } from 'vitest';
import {
  integers,
  kernelTests,
  normals,
  SIZES,
  useBench,
  withVariants,
  type KernelCase,
} from '../../testing/kernels/kernel-harness';
import { launchSampling } from '../../testing/kernels/launch-steps';
import { sampleCooperativeKernel, sampleKernel } from './sampling';
import * as reference from './sampling.reference';

interface Options {
  temperature?: number;
  topK?: number;
  topP?: number;
  scale?: number;
  /** One mask for all rows, as in a rollout. */
  shared?: boolean;
}

function samplingCase(batch: number, vocab: number, options: Options = {}): KernelCase {
  const { temperature = 1, topK = 0, topP = 1, scale = 1, shared = false } = options;
  const draws = 2;
  const allowed = integers(batch * vocab, 2, 2);
  for (let b = 0; b < batch; b++) allowed[b * vocab + (b % vocab)] = 1;
  if (shared) for (let b = 1; b < batch; b++) allowed.copyWithin(b * vocab, 0, vocab);
  const uniforms = integers(batch * draws, 3, 1 << 24);
  const args = {
    batch,
    vocab,
    draws,
    temperature,
    topK,
    topP,
    logits: normals(batch * vocab, 1, scale),
    allowed,
    uniforms: Float32Array.from(uniforms, (word, i) => (i === 0 ? 0 : word * 2 ** -24)),
  };
  return {
    name: `${batch} rows, ${vocab} tokens, ${JSON.stringify(options)}`,
    launch: (bench) => launchSampling(bench, shared ? { ...args, allowed: allowed.subarray(0, vocab) } : args),
    want: () => ({ ...reference.sample(args) }),
  };
}

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
