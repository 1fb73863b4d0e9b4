/**
 * Each operation as a whole on the GPU, with the arguments and outputs of its float64 reference: what `verify` and the
 * kernel tests launch. Layouts that differ (kernels keep heads side by side in a row) are converted here.
 */
import { crossEntropy } from '../kernels/cross-entropy/cross-entropy';
import type { CrossEntropyShape } from '../kernels/cross-entropy/cross-entropy.reference';
import { embeddingBackward, embeddingForward, rowsByIndex } from '../kernels/embedding/embedding';
import type { EmbeddingShape } from '../kernels/embedding/embedding.reference';
import { aggregationWeights, GRPO_STATS, grpoLoss } from '../kernels/grpo/grpo';
import type { GrpoInputs, GrpoShape } from '../kernels/grpo/grpo.reference';
import { linearBackwardInput, linearBackwardWeight, linearForward, weightSplits } from '../kernels/linear/linear';
import type { LinearShape } from '../kernels/linear/linear.reference';
import { reduceColumns } from '../kernels/reduce/reduce';
import { NORM_CHUNK, rmsnormBackward, rmsnormForward } from '../kernels/rmsnorm/rmsnorm';
import type { RmsnormShape } from '../kernels/rmsnorm/rmsnorm.reference';
import { rope, ropeTable } from '../kernels/rope/rope';
import type { RopeShape } from '../kernels/rope/rope.reference';
import { swigluBackward, swigluForward } from '../kernels/swiglu/swiglu';
import type { GpuBench } from './gpu-bench';
import { columnsOf, fromHeads, padColumns, toHeads } from './layout';

type Floats = ArrayLike<number>;

/**
 * What accumulates is launched twice, on zeros: the sum is then exactly double, and half of it is compared. So a kernel
 * that overwrites where it should add is found, at no loss of precision.
 */
function twice(launch: () => void): void {
  launch();
  launch();
}
const halved = (x: Float32Array) => x.map((value) => value / 2);

export function launchEmbedding(
  bench: GpuBench,
  args: EmbeddingShape & { tokens: ArrayLike<number>; table: Floats; dY: Floats },
) {
  const { rows, vocab, hidden: cols } = args;
  return bench.run(async (scope) => {
    const index = scope.words('tokens', args.tokens);
    const table = scope.floats('E', args.table);
    const y = scope.output('y', rows * cols);
    embeddingForward(scope.recorder, { table: table.slice, index: index.slice, y: y.slice, rows, cols });
    const lists = rowsByIndex(Uint32Array.from(args.tokens), vocab);
    const dE = scope.accumulator('dE', vocab * cols);
    const dy = scope.floats('dY', args.dY).slice;
    const offsets = scope.words('offsets', lists.offsets).slice;
    const rowsOf = scope.words('rowsOf', lists.rowsOf).slice;
    twice(() => embeddingBackward(scope.recorder, { dy, offsets, rowsOf, dTable: dE.slice, rows, vocab, cols }));
    return { y: await scope.readFloats(y), dE: halved(await scope.readFloats(dE)) };
  });
}

/** Rows of y and dY are padded to a multiple of 4, as in the model, so that the tiled kernels take the shapes they can. */
export function launchLinear(
  bench: GpuBench,
  args: LinearShape & { x: Floats; w: Floats; dY: Floats; residual?: Floats },
) {
  const { rows, inFeatures, outFeatures } = args;
  const ld = Math.ceil(outFeatures / 4) * 4;
  const shape = { rows, inFeatures, outFeatures, ld };
  return bench.run(async (scope) => {
    const x = scope.floats('x', args.x).slice;
    const w = scope.floats('W', args.w).slice;
    const dy = scope.floats('dY', padColumns(args.dY, rows, outFeatures, ld)).slice;
    const y = scope.output('y', rows * ld);
    const dX = scope.output('dX', rows * inFeatures);
    const dW = scope.accumulator('dW', outFeatures * inFeatures);
    const scratch = scope.output('scratch', weightSplits(rows) * outFeatures * inFeatures).slice;
    const added = args.residual && scope.floats('residual', padColumns(args.residual, rows, outFeatures, ld));
    linearForward(scope.recorder, { ...shape, x, w, y: y.slice, ...(added ? { residual: added.slice } : {}) });
    linearBackwardInput(scope.recorder, { ...shape, dy, w, dx: dX.slice });
    twice(() => linearBackwardWeight(scope.recorder, { ...shape, x, dy, dw: dW.slice, scratch }));
    return {
      y: columnsOf(await scope.readFloats(y), rows, ld, outFeatures),
      dX: await scope.readFloats(dX),
      dW: halved(await scope.readFloats(dW)),
    };
  });
}

export function launchRmsnorm(bench: GpuBench, args: RmsnormShape & { x: Floats; w: Floats; dy: Floats }) {
  const { rows, cols, eps } = args;
  return bench.run(async (scope) => {
    const x = scope.floats('x', args.x).slice;
    const w = scope.floats('w', args.w).slice;
    const dy = scope.floats('dy', args.dy).slice;
    const y = scope.output('y', rows * cols);
    const rstd = scope.output('rstd', rows);
    const dx = scope.output('dx', rows * cols);
    const dw = scope.accumulator('dw', cols);
    const scratch = scope.output('scratch', Math.ceil(rows / NORM_CHUNK) * cols).slice;
    rmsnormForward(scope.recorder, { x, w, y: y.slice, rstd: rstd.slice, rows, cols, eps });
    // The first launch overwrites dx, the second adds to it.
    for (const accumulate of [false, true]) {
      rmsnormBackward(scope.recorder, {
        x,
        w,
        rstd: rstd.slice,
        dy,
        dx: dx.slice,
        dw: dw.slice,
        scratch,
        rows,
        cols,
        accumulate,
      });
    }
    return {
      y: await scope.readFloats(y),
      rstd: await scope.readFloats(rstd),
      dx: halved(await scope.readFloats(dx)),
      dw: halved(await scope.readFloats(dw)),
    };
  });
}

/** x and dy (B, H, T, D). */
export function launchRope(bench: GpuBench, args: RopeShape & { x: Floats; dy: Floats }) {
  const { batch, heads, seqLen, headDim, offset, theta } = args;
  const rows = batch * seqLen;
  const ld = heads * headDim;
  const absolute = Array.from({ length: rows }, (_, n) => offset + (n % seqLen));
  return bench.run(async (scope) => {
    const positions = scope.words('positions', absolute).slice;
    const table = scope.floats('table', ropeTable(offset + seqLen, headDim, theta)).slice;
    const turned = async (label: string, data: Floats, direction: 1 | -1) => {
      const x = scope.floats(label, fromHeads(data, batch, heads, seqLen, headDim));
      rope(scope.recorder, { x: x.slice, positions, table, rows, ld, heads, headDim, direction });
      return toHeads(await scope.readFloats(x), batch, heads, seqLen, headDim);
    };
    return { y: await turned('x', args.x, 1), dx: await turned('dy', args.dy, -1) };
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
    const gu = scope.floats('gu', both).slice;
    const y = scope.output('y', rows * cols);
    const dgu = scope.output('dgu', rows * cols * 2);
    swigluForward(scope.recorder, { gu, y: y.slice, rows, cols });
    swigluBackward(scope.recorder, { gu, dy: scope.floats('dy', args.dy).slice, dgu: dgu.slice, rows, cols });
    const d = await scope.readFloats(dgu);
    return {
      y: await scope.readFloats(y),
      dg: columnsOf(d, rows, 2 * cols, cols),
      du: columnsOf(d, rows, 2 * cols, cols, cols),
    };
  });
}

export function launchCrossEntropy(
  bench: GpuBench,
  args: CrossEntropyShape & { logits: Floats; targets: ArrayLike<number>; mask: ArrayLike<number> },
) {
  const { rows, vocab } = args;
  const ld = Math.ceil(vocab / 4) * 4;
  const total = Array.from(args.mask).reduce((a, m) => a + m, 0);
  return bench.run(async (scope) => {
    const logits = scope.floats('logits', padColumns(args.logits, rows, vocab, ld));
    const nll = scope.output('nll', rows * 2);
    crossEntropy(scope.recorder, {
      logits: logits.slice,
      targets: scope.words('targets', args.targets).slice,
      weights: scope.floats(
        'weights',
        Array.from(args.mask, (m) => (m === 0 ? 0 : m / total)),
      ).slice,
      nll: nll.slice,
      rows,
      vocab,
      ld,
    });
    const sums = scope.accumulator('sums', 2);
    reduceColumns(scope.recorder, { x: nll.slice, y: sums.slice, rows, cols: 2 });
    return {
      nll: columnsOf(await scope.readFloats(nll), rows, 2, 1),
      loss: (await scope.readFloats(sums)).slice(1),
      dLogits: columnsOf(await scope.readFloats(logits), rows, ld, vocab),
    };
  });
}

export function launchGrpo(bench: GpuBench, args: GrpoShape & GrpoInputs) {
  const { batch, seqLen, vocab, clipLow, clipHigh, klBeta, policyMask } = args;
  const rows = batch * seqLen;
  const ld = Math.ceil(vocab / 4) * 4;
  const maskSums = Array.from({ length: batch }, (_, b) =>
    Array.from({ length: seqLen }, (_, t) => policyMask[b * seqLen + t]!).reduce((a, m) => a + m, 0),
  );
  const weights = aggregationWeights(args.aggregation, maskSums, seqLen);
  const perRow = <T>(of: (n: number, b: number) => T[]) =>
    Array.from({ length: rows }, (_, n) => of(n, Math.floor(n / seqLen))).flat();
  return bench.run(async (scope) => {
    const logits = scope.floats('logits', padColumns(args.logits, rows, vocab, ld));
    const stats = scope.output('stats', rows * 8);
    grpoLoss(scope.recorder, {
      rowInfo: scope.words(
        'rowInfo',
        perRow((n) => [args.targets[n]!, args.allowed ? n : 0, policyMask[n]!, 0]),
      ).slice,
      values: scope.floats(
        'values',
        perRow((n, b) => [args.advantages[b]!, args.oldLogProbs[n]!, args.refLogProbs[n]!, weights[b]!]),
      ).slice,
      allowed: scope.words('allowed', args.allowed ?? new Array<number>(vocab).fill(1)).slice,
      logits: logits.slice,
      stats: stats.slice,
      rows,
      vocab,
      ld,
      oldFromNew: args.oldFromNew ?? false,
      clipLow,
      clipHigh,
      klBeta,
      entropyBonus: args.entropyBonus ?? 0,
    });
    const sums = scope.accumulator('sums', 8);
    reduceColumns(scope.recorder, { x: stats.slice, y: sums.slice, rows, cols: 8 });
    const totals = await scope.readFloats(sums);
    const total = (name: (typeof GRPO_STATS)[number]) => totals[GRPO_STATS.indexOf(name)]!;
    const tokens = maskSums.reduce((a, n) => a + n, 0);
    const mean = (name: (typeof GRPO_STATS)[number]) => [tokens === 0 ? 0 : total(name) / tokens];
    return {
      loss: [total('loss')],
      policyLoss: [total('policyLoss')],
      kl: mean('klK3'),
      approxKl: mean('approxKl'),
      clipFraction: mean('clipFraction'),
      entropy: mean('entropy'),
      logProbs: columnsOf(await scope.readFloats(stats), rows, 8, 1),
      dLogits: columnsOf(await scope.readFloats(logits), rows, ld, vocab),
    };
  });
}
