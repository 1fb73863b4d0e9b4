import * as reference from '../../kernels/adamw/adamw.reference';
import { normals } from '../bench/draw';
import type { KernelCase } from '../bench/kernel-case';
import { launchAdamw } from '../launch/launch-steps';

const STEPS = 3;

export function adamwCase(sizes: readonly number[], maxGradNorm: number, weightDecay: number, scale = 1): KernelCase {
  const tensors = sizes.map((size, i) => ({ name: `t${i}`, values: normals(size, i), decay: i % 2 === 0 }));
  const grads = Array.from({ length: STEPS }, (_, step) =>
    sizes.map((size, i) => normals(size, 100 + 10 * step + i, scale)),
  );
  const settings = { beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay, maxGradNorm };
  const args = { ...settings, steps: STEPS, lr: Float32Array.of(0.01, 0.003, 0.1), tensors, grads };
  return {
    name: `${sizes.join(' + ')}, clip ${maxGradNorm}, decay ${weightDecay}, times ${scale}`,
    launch: (bench) => launchAdamw(bench, args),
    want: () => {
      const state = tensors.map(({ name, values, decay }) => {
        const param = Float64Array.from(values);
        return { name, decay, param, m: new Float64Array(param.length), v: new Float64Array(param.length) };
      });
      const outputs: Record<string, number[]> = { gradNorm: [] };
      args.lr.forEach((lr, i) => {
        outputs['gradNorm']!.push(reference.adamwStep({ ...settings, lr, step: i + 1 }, state, grads[i]!));
        for (const tensor of state) {
          for (const kind of ['param', 'm', 'v'] as const) {
            (outputs[`${kind}.${tensor.name}`] ??= []).push(...tensor[kind]);
          }
        }
      });
      return outputs;
    },
  };
}
