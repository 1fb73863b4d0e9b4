import * as reference from '../../kernels/sampling/sampling.reference';
import { integers, normals } from '../bench/draw';
import type { KernelCase } from '../bench/kernel-case';
import { launchSampling } from '../launch/launch-steps';

interface Options {
  temperature?: number;
  topK?: number;
  topP?: number;
  scale?: number;
  /** One mask for all rows, as in a rollout. */
  shared?: boolean;
}

export function samplingCase(batch: number, vocab: number, options: Options = {}): KernelCase {
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
