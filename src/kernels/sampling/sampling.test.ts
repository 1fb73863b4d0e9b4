import { integers, kernelTests, normals, SIZES, type KernelCase } from '../../testing/kernel-harness';
import { launchSampling } from '../../testing/launch-steps';
import { sampleKernel } from './sampling';
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
  [sampleKernel],
  [
    ...SIZES.map((n) => samplingCase(n, 7)),
    ...SIZES.map((n) => samplingCase(3, n, { topK: 5, topP: 0.9, temperature: 0.7 })),
    samplingCase(5, 33, { shared: true }),
    samplingCase(5, 33, { temperature: 0 }),
    samplingCase(5, 33, { topK: 1 }),
    samplingCase(5, 33, { topP: 0.01 }),
    samplingCase(5, 9, { scale: 0, topK: 3 }),
    samplingCase(5, 9, { scale: 1e4 }),
  ],
);
