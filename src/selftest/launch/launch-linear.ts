/**
 * Products with a weight on the GPU: the linear layer, and the operations that are fused into its kernels. Where a fixture
 * knows RoPE or SwiGLU alone, the weight is the identity, whose products are exact.
 */
import type { Slice } from '../../gpu/buffers';
import { decodeQkv, linearForward, linearRope, linearSwiglu } from '../../kernels/linear/linear';
import { linearBackward } from '../../kernels/linear/linear-backward';
import type { LinearShape } from '../../kernels/linear/linear.reference';
import {
  planTranspose,
  tiledWeights,
  transposedSize,
  transposeWeights,
  type TiledWeight,
} from '../../kernels/linear/transpose';
import { reducePartials } from '../../kernels/reduce/reduce';
import { rope, ropeTable } from '../../kernels/rope/rope';
import type { RopeShape } from '../../kernels/rope/rope.reference';
import type { BenchScope, GpuBench } from '../bench/gpu-bench';
import { columnsOf, fromHeads, padColumns, toHeads } from '../bench/layout';

type Floats = ArrayLike<number>;

/** W (outs, inner) as the forward kernels read it; with `gain` (inner) folded in. */
function tiled(
  scope: BenchScope,
  w: Floats,
  shape: { outs: number; inner: number; half: number },
  gain?: Floats,
): TiledWeight {
  // Something stands before the matrix, as in an arena.
  const arena = [7, 7, 7, ...Array.from(w), ...Array.from(gain ?? [])];
  const plan = planTranspose([{ ...shape, offset: 3, ...(gain ? { gain: 3 + w.length } : {}) }]);
  const out = scope.output('tiles', transposedSize(plan)).slice;
  transposeWeights(scope.recorder, {
    arena: scope.floats('arena', arena).slice,
    plan: scope.words('plan', plan.words).slice,
    out,
    blocks: plan.blocks,
    fold: gain !== undefined,
  });
  const [weight] = tiledWeights(out, plan);
  if (weight === undefined) throw new RangeError('the plan has no matrix');
  return weight;
}

function identity(size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, e) => (e % (size + 1) === 0 ? 1 : 0));
}

/** Fewer rows than there are, as the GPU would say it. */
const limitOf = (scope: BenchScope, limit: number | undefined): { limit?: Slice } =>
  limit === undefined ? {} : { limit: scope.words('limit', [limit]).slice };

/**
 * Rows of y and dY are padded to a multiple of 4, as in the model, so that the tiled kernels take the shapes they can. Weight
 * gradients are summed in chunks of 512 rows.
 */
export function launchLinear(
  bench: GpuBench,
  args: LinearShape & { x: Floats; w: Floats; dY: Floats; residual?: Floats },
) {
  const { rows, inFeatures: inner, outFeatures: outs } = args;
  const ld = Math.ceil(outs / 4) * 4;
  return bench.run(async (scope) => {
    const { recorder } = scope;
    const x = scope.floats('x', args.x).slice;
    const weight = tiled(scope, args.w, { outs, inner, half: 4 });
    const y = scope.output('y', rows * ld);
    const added = args.residual && scope.floats('residual', padColumns(args.residual, rows, outs, ld));
    const residual = added ? { residual: added.slice } : {};
    linearForward(recorder, { x, weight, y: y.slice, rows, inner, outs, ld, ...residual });
    const dX = scope.output('dX', rows * inner);
    // One chunk more than the rows fill: it must be 0. Between chunks lies what other parameters would own.
    const [chunk, splits, stride] = [512, Math.ceil(rows / 512) + 1, Math.ceil((outs * inner + 5) / 4) * 4];
    const partials = scope.accumulator('partials', splits * stride).slice;
    const dW = scope.accumulator('dW', stride);
    const dy = scope.floats('dY', padColumns(args.dY, rows, outs, ld)).slice;
    const w = scope.floats('W', args.w).slice;
    linearBackward(recorder, { x, dy, w, rows, inner, outs, ld, dx: dX.slice, partials, chunk, stride, splits });
    // Added twice, on zeros: half of it is exact, and a reduction that overwrites is found.
    reducePartials(recorder, { partials, y: dW.slice, size: stride, splits });
    reducePartials(recorder, { partials, y: dW.slice, size: stride, splits });
    return {
      y: columnsOf(await scope.readFloats(y), rows, ld, outs),
      dX: await scope.readFloats(dX),
      dW: (await scope.readFloats(dW)).slice(0, outs * inner).map((value) => value / 2),
    };
  });
}

interface NormalisedArgs {
  rows: number;
  /** Rows that count; the others must stay as they were. */
  limit: number;
  inner: number;
  eps: number;
  x: Floats;
  gain: Floats;
  w: Floats;
}

/** y = rmsnorm(x) W^T of the first `limit` rows, as decoding does it. */
export function launchNormalised(bench: GpuBench, args: NormalisedArgs & { outs: number }) {
  const { rows, limit, inner, outs } = args;
  return bench.run(async (scope) => {
    const weight = tiled(scope, args.w, { outs, inner, half: 4 }, args.gain);
    const y = scope.accumulator('y', rows * outs);
    const x = scope.floats('x', args.x).slice;
    const given = limitOf(scope, limit);
    linearForward(scope.recorder, { x, weight, y: y.slice, rows, inner, outs, ld: outs, normEps: args.eps, ...given });
    return { y: await scope.readFloats(y) };
  });
}

/** hidden = silu(g) * u of rmsnorm(x) W^T, without keeping g and u. */
export function launchNormalisedSwiglu(bench: GpuBench, args: NormalisedArgs & { ffn: number }) {
  const { rows, limit, inner, ffn } = args;
  return bench.run(async (scope) => {
    const weight = tiled(scope, args.w, { outs: 2 * ffn, inner, half: ffn }, args.gain);
    const hidden = scope.accumulator('hidden', rows * ffn);
    const gateUp = scope.accumulator('gate up', 1);
    linearSwiglu(scope.recorder, {
      x: scope.floats('x', args.x).slice,
      weight,
      gateUp: gateUp.slice,
      hidden: hidden.slice,
      rows,
      inner,
      ffn,
      keep: false,
      normEps: args.eps,
      ...limitOf(scope, limit),
    });
    return { hidden: await scope.readFloats(hidden), unused: await scope.readFloats(gateUp) };
  });
}

/** One new token in each of `active` rows of a cache that already holds numbers. */
export function launchDecodeQkv(
  bench: GpuBench,
  args: {
    heads: number;
    kvHeads: number;
    headDim: number;
    positions: number;
    theta: number;
    inner: number;
    eps: number;
    /** Row of the cache of each active entry, and where its token stands plus 1. */
    active: readonly number[];
    lengths: ArrayLike<number>;
    x: Floats;
    gain: Floats;
    w: Floats;
    cache: Floats;
    halfCache?: boolean;
  },
) {
  const { heads, kvHeads, headDim, positions, theta, inner, active } = args;
  const outs = (heads + 2 * kvHeads) * headDim;
  return bench.run(async (scope) => {
    const q = scope.output('q', active.length * heads * headDim);
    const { halfCache = false } = args;
    // Halves start as zeros.
    const cache = halfCache
      ? scope.words('cache', new Uint32Array(args.cache.length / 2))
      : scope.floats('cache', args.cache);
    decodeQkv(scope.recorder, {
      x: scope.floats('x', args.x).slice,
      weight: tiled(scope, args.w, { outs, inner, half: headDim / 2 }, args.gain),
      active: scope.words('active', [active.length, ...new Array<number>(63).fill(0), ...active]).slice,
      lengths: scope.words('lengths', args.lengths).slice,
      table: scope.floats('table', ropeTable(positions, headDim, theta)).slice,
      q: q.slice,
      cache: cache.slice,
      // Room for more rows than are active: those must not touch anything.
      rows: active.length + 40,
      inner,
      heads,
      kvHeads,
      headDim,
      positions,
      normEps: args.eps,
      halfCache,
    });
    const stored = halfCache ? fromHalves(await scope.readWords(cache)) : await scope.readFloats(cache);
    return { q: await scope.readFloats(q), cache: stored };
  });
}

/** The 16-bit floats in `words`, the lower half of each word first. */
function fromHalves(words: Uint32Array): Float32Array {
  return Float32Array.from({ length: words.length * 2 }, (_, i) => {
    const bits = (words[i >> 1]! >>> (16 * (i % 2))) & 0xffff;
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
    return bits >= 0x8000 ? -size : size;
  });
}

/** x and dy (B, H, T, D). */
export function launchRope(bench: GpuBench, args: RopeShape & { x: Floats; dy: Floats }) {
  const { batch, heads, seqLen, headDim, offset, theta } = args;
  const rows = batch * seqLen;
  const ld = heads * headDim;
  const absolute = Array.from({ length: rows }, (_, n) => offset + (n % seqLen));
  return bench.run(async (scope) => {
    const { recorder } = scope;
    const positions = scope.words('positions', absolute).slice;
    const table = scope.floats('table', ropeTable(offset + seqLen, headDim, theta)).slice;
    const byRow = (data: Floats) => fromHeads(data, batch, heads, seqLen, headDim);
    const byHead = (data: Floats) => toHeads(data, batch, heads, seqLen, headDim);
    const y = scope.output('y', rows * ld);
    linearRope(recorder, {
      x: scope.floats('x', byRow(args.x)).slice,
      weight: tiled(scope, identity(ld), { outs: ld, inner: ld, half: headDim / 2 }),
      y: y.slice,
      positions,
      table,
      rows,
      inner: ld,
      ld,
      headDim,
      rotated: heads,
    });
    const dx = scope.floats('dy', byRow(args.dy));
    rope(recorder, { x: dx.slice, positions, table, rows, ld, heads, headDim, direction: -1 });
    return { y: byHead(await scope.readFloats(y)), dx: byHead(await scope.readFloats(dx)) };
  });
}

export function launchSwiglu(bench: GpuBench, args: { rows: number; cols: number; g: Floats; u: Floats; dy: Floats }) {
  const { rows, cols } = args;
  const both = new Float32Array(rows * cols * 2);
  for (let n = 0; n < rows; n++) {
    for (let c = 0; c < cols; c++) {
      both[n * 2 * cols + c] = args.g[n * cols + c]!;
      both[n * 2 * cols + cols + c] = args.u[n * cols + c]!;
    }
  }
  return bench.run(async (scope) => {
    const { recorder } = scope;
    const gateUp = scope.output('gate up', rows * cols * 2).slice;
    const hidden = scope.output('y', rows * cols);
    linearSwiglu(recorder, {
      x: scope.floats('gu', both).slice,
      weight: tiled(scope, identity(2 * cols), { outs: 2 * cols, inner: 2 * cols, half: cols }),
      gateUp,
      hidden: hidden.slice,
      rows,
      inner: 2 * cols,
      ffn: cols,
      keep: true,
    });
    // Behind the layer stands y = hidden I^T, so the gradient of hidden is dy, exactly.
    const ld = Math.ceil(cols / 4) * 4;
    const dgu = scope.output('dgu', rows * cols * 2);
    linearBackward(recorder, {
      x: hidden.slice,
      dy: scope.floats('dy', padColumns(args.dy, rows, cols, ld)).slice,
      w: scope.floats('I', identity(cols)).slice,
      rows,
      inner: cols,
      outs: cols,
      ld,
      dx: dgu.slice,
      gateUp,
      scratch: scope.output('scratch', rows * cols).slice,
      partials: scope.output('partials', cols * cols).slice,
      chunk: rows,
      stride: Math.ceil((cols * cols) / 4) * 4,
      splits: 1,
    });
    const d = await scope.readFloats(dgu);
    return {
      y: await scope.readFloats(hidden),
      dg: columnsOf(d, rows, 2 * cols, cols),
      du: columnsOf(d, rows, 2 * cols, cols, cols),
    };
  });
}
