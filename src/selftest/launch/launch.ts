/**
 * Each operation as a whole on the GPU, with the arguments and outputs of its float64 reference: what `verify` and the
 * kernel tests launch. Layouts that differ (kernels keep heads side by side in a row) are converted here.
 */
import { crossEntropy } from '../../kernels/cross-entropy/cross-entropy';
import type { CrossEntropyShape } from '../../kernels/cross-entropy/cross-entropy.reference';
import { embeddingBackward, embeddingForward, rowsByIndex } from '../../kernels/embedding/embedding';
import type { EmbeddingShape } from '../../kernels/embedding/embedding.reference';
import { aggregationWeights, GRPO_STATS, grpoLoss } from '../../kernels/grpo/grpo';
import type { GrpoInputs, GrpoShape } from '../../kernels/grpo/grpo.reference';
import { reduceColumns, reducePartials } from '../../kernels/reduce/reduce';
import { rmsnormBackward, rmsnormForward } from '../../kernels/rmsnorm/rmsnorm';
import type { RmsnormShape } from '../../kernels/rmsnorm/rmsnorm.reference';
import type { GpuBench } from '../bench/gpu-bench';
import { columnsOf, padColumns } from '../bench/layout';

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

export function launchRmsnorm(bench: GpuBench, args: RmsnormShape & { x: Floats; w: Floats; dy: Floats }) {
  const { rows, cols, eps } = args;
  return bench.run(async (scope) => {
    const x = scope.floats('x', args.x).slice;
    const w = scope.floats('w', args.w).slice;
    const dy = scope.floats('dy', args.dy).slice;
    const y = scope.output('y', rows * cols);
    const rstd = scope.output('rstd', rows);
    const dx = scope.output('dx', rows * cols);
    const dw = scope.accumulator('dw', cols + 3);
    // Chunks of 64 rows, with a gap between their sums as between the parameters of a model.
    const [chunk, stride, splits] = [64, cols + 3, Math.ceil(rows / 64)];
    const partials = scope.accumulator('partials', splits * stride).slice;
    rmsnormForward(scope.recorder, { x, w, y: y.slice, rstd: rstd.slice, rows, cols, eps });
    // The first launch overwrites dx, the second adds to it.
    for (const accumulate of [false, true]) {
      rmsnormBackward(scope.recorder, {
        x,
        w,
        rstd: rstd.slice,
        dy,
        dx: dx.slice,
        partials,
        chunk,
        stride,
        splits,
        rows,
        cols,
        accumulate,
      });
      reducePartials(scope.recorder, { partials, y: dw.slice, size: stride, splits });
    }
    return {
      y: await scope.readFloats(y),
      rstd: await scope.readFloats(rstd),
      dx: halved(await scope.readFloats(dx)),
      dw: halved((await scope.readFloats(dw)).slice(0, cols)),
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
