import * as reference from '../../kernels/linear/linear.reference';
import * as rmsnorm from '../../kernels/rmsnorm/rmsnorm.reference';
import * as rope from '../../kernels/rope/rope.reference';
import * as swiglu from '../../kernels/swiglu/swiglu.reference';
import { integers, normals } from '../bench/draw';
import type { KernelCase } from '../bench/kernel-case';
import { launchDecodeQkv, launchLinear, launchNormalised, launchNormalisedSwiglu } from '../launch/launch-linear';

function linearArgs(rows: number, inFeatures: number, outFeatures: number, scale = 1) {
  return {
    rows,
    inFeatures,
    outFeatures,
    x: normals(rows * inFeatures, 1, scale),
    w: normals(outFeatures * inFeatures, 2),
    dY: normals(rows * outFeatures, 3),
  };
}

export function linearCase(rows: number, inFeatures: number, outFeatures: number, scale = 1): KernelCase {
  const args = linearArgs(rows, inFeatures, outFeatures, scale);
  return {
    name: `${rows} rows, ${inFeatures} in, ${outFeatures} out${scale === 1 ? '' : `, times ${scale}`}`,
    launch: (bench) => launchLinear(bench, args),
    want: () => ({ y: reference.linearForward(args), ...reference.linearBackward(args) }),
  };
}

/** y = x W^T + residual, as the residual stream of the model adds. */
export function residualCase(rows: number, inFeatures: number, outFeatures: number): KernelCase {
  const plain = linearCase(rows, inFeatures, outFeatures);
  const residual = normals(rows * outFeatures, 4);
  return {
    name: `${plain.name}, with a residual`,
    launch: (bench) => launchLinear(bench, { ...linearArgs(rows, inFeatures, outFeatures), residual }),
    want: () => {
      const { y, ...gradients } = plain.want();
      return { y: residual.map((r, i) => r + y![i]!), ...gradients };
    },
  };
}

/** The first `limit` rows of rmsnorm(x) W^T; zeros, as before the run, in the others. */
function normalised(args: ReturnType<typeof normalisedArgs>, outs: number): Float64Array {
  const { rows, limit, inner: inFeatures, eps, x, gain, w } = args;
  const y = new Float64Array(rows * outs);
  const { y: normed } = rmsnorm.rmsnormForward({ rows: limit, cols: inFeatures, eps, x, w: gain });
  y.set(reference.linearForward({ rows: limit, inFeatures, outFeatures: outs, x: normed, w }));
  return y;
}

function normalisedArgs(rows: number, limit: number, inner: number, outs: number) {
  const [x, gain, w] = [normals(rows * inner, 1, 3), normals(inner, 2), normals(outs * inner, 3)];
  return { rows, limit, inner, eps: 1e-5, x, gain, w };
}

export function normalisedCase(rows: number, limit: number, inner: number, outs: number): KernelCase {
  const args = normalisedArgs(rows, limit, inner, outs);
  return {
    name: `${limit} of ${rows} rows normalised, ${inner} in, ${outs} out`,
    launch: (bench) => launchNormalised(bench, { ...args, outs }),
    want: () => ({ y: normalised(args, outs) }),
    exactZeros: ['y'],
  };
}

export function normalisedSwigluCase(rows: number, limit: number, inner: number, ffn: number): KernelCase {
  const args = normalisedArgs(rows, limit, inner, 2 * ffn);
  return {
    name: `${limit} of ${rows} rows normalised into SwiGLU, ${inner} in, ${ffn} hidden`,
    launch: (bench) => launchNormalisedSwiglu(bench, { ...args, ffn }),
    want: () => {
      const both = normalised(args, 2 * ffn);
      const half = (first: number) => both.filter((_, e) => (e % (2 * ffn) < ffn ? 0 : 1) === first);
      return { hidden: swiglu.swigluForward({ g: half(0), u: half(1) }), unused: [0] };
    },
    exactZeros: ['hidden'],
  };
}

/** One new token in each of `active` rows out of `batch`, at different positions. */
export function decodeQkvCase(batch: number, active: number, headDim: number, inner: number): KernelCase {
  const [heads, kvHeads, positions, theta, eps] = [4, 2, 5, 10000, 1e-5];
  const outs = (heads + 2 * kvHeads) * headDim;
  const rows = Array.from({ length: active }, (_, n) => batch - 1 - n);
  const lengths = integers(active, 1, positions).map((p) => p + 1);
  const cache = normals(batch * positions * 2 * kvHeads * headDim, 5);
  const args = normalisedArgs(active, active, inner, outs);
  const shape = { heads, kvHeads, headDim, positions, theta };
  return {
    name: `into the cache: ${active} of ${batch} rows, heads of ${headDim}, ${inner} in`,
    launch: (bench) => launchDecodeQkv(bench, { ...args, ...shape, eps, active: rows, lengths, cache }),
    want: () => rope.ropeCache({ ...shape, rows, lengths, qkv: normalised(args, outs), cache }),
  };
}
