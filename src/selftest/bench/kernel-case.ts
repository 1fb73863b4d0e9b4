import type { KernelVariants } from '../../gpu/device';
import type { Bound } from './bounds';
import type { GpuBench } from './gpu-bench';

export type Outputs = { readonly [name: string]: ArrayLike<number> };

/** One launch of kernels, and what must come of it. */
export interface KernelCase {
  name: string;
  launch: (bench: GpuBench) => Promise<Outputs>;
  /** The float64 reference: every output of `launch`, no more. */
  want: () => Outputs;
  /** Outputs where a 0 of the reference means exactly 0: what a mask leaves out must contribute nothing at all. */
  exactZeros?: readonly string[];
  /** In place of the golden README's: say why at the case. */
  bound?: Bound;
}

/** Runs `work` in these variants and otherwise the base path. */
export async function withVariants<T>(
  { gpu: { variants } }: GpuBench,
  wanted: Partial<KernelVariants>,
  work: () => Promise<T>,
): Promise<T> {
  const before = { ...variants };
  Object.assign(variants, { cooperative: false, subgroups: false, ...wanted });
  try {
    return await work();
  } finally {
    Object.assign(variants, before);
  }
}

/** Runs `work` with every dispatch cut into as many parts as there may be, where its kernel can be. */
export async function inParts<T>({ recorder }: GpuBench, work: () => Promise<T>): Promise<T> {
  const before = recorder.limits;
  recorder.limits = { ...before, dispatchMs: 1e-6 };
  try {
    return await work();
  } finally {
    recorder.limits = before;
  }
}
