/**
 * Float64 reference of AdamW (Loshchilov & Hutter 2019, algorithm 2) with clipping by the global gradient norm.
 *
 * Plain loops that share no code with the kernels; tests and `verify` only.
 */

export interface AdamwSettings {
  beta1: number;
  beta2: number;
  eps: number;
  weightDecay: number;
  /** 0 = no clipping. */
  maxGradNorm: number;
}

export interface AdamwTensor {
  /** Updated in place, like m and v. */
  param: Float64Array;
  m: Float64Array;
  v: Float64Array;
  /** Whether weight decay applies to this tensor. */
  decay: boolean;
}

/** sqrt of the sum over all tensors of g^2. */
export function globalNorm(grads: readonly ArrayLike<number>[]): number {
  let squares = 0;
  for (const grad of grads) for (let i = 0; i < grad.length; i++) squares += grad[i]! ** 2;
  return Math.sqrt(squares);
}

/**
 * One step over all tensors, in place; `step` counts from 1. grads[i] has the length of tensors[i].param and stays as
 * it is. Returns the global gradient norm before clipping; where that is not finite, nothing is stepped.
 */
export function adamwStep(
  settings: AdamwSettings & { lr: number; step: number },
  tensors: readonly AdamwTensor[],
  grads: readonly ArrayLike<number>[],
): number {
  const { beta1, beta2, eps, weightDecay, maxGradNorm, lr, step } = settings;
  const gradNorm = globalNorm(grads);
  if (!Number.isFinite(gradNorm)) return gradNorm;
  const clip = maxGradNorm > 0 ? Math.min(1, maxGradNorm / (gradNorm + 1e-6)) : 1;
  tensors.forEach(({ param, m, v, decay }, index) => {
    for (let i = 0; i < param.length; i++) {
      const g = grads[index]![i]! * clip;
      m[i] = beta1 * m[i]! + (1 - beta1) * g;
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
      const mHat = m[i]! / (1 - beta1 ** step);
      const vHat = v[i]! / (1 - beta2 ** step);
      const shrink = decay ? lr * weightDecay * param[i]! : 0;
      param[i] = param[i]! - shrink - (lr * mHat) / (Math.sqrt(vHat) + eps);
    }
  });
  return gradNorm;
}
