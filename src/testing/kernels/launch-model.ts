/** The whole model on the GPU, and some of its AdamW steps, with the arguments and outputs of model.json and train_curve.json. */
import type { Slice } from '../../gpu/buffers';
import { adamw, gradNorm, type AdamWHyper } from '../../kernels/adamw/adamw';
import { crossEntropy } from '../../kernels/cross-entropy/cross-entropy';
import { reduceColumns } from '../../kernels/reduce/reduce';
import { BatchUploader } from '../../models/batch';
import type { ModelShape } from '../../models/model.reference';
import { parameterTable, type ParameterTable } from '../../models/parameters';
import { Transformer } from '../../models/transformer';
import type { BenchScope, GpuBench } from '../../selftest/bench/gpu-bench';
import { columnsOf } from '../../selftest/bench/layout';

interface ModelArgs {
  shape: ModelShape;
  weights: ReadonlyMap<string, Float32Array>;
  batch: number;
  seqLen: number;
  tokens: ArrayLike<number>;
  targets: ArrayLike<number>;
  mask: ArrayLike<number>;
}

/** Logits, masked mean cross entropy and its gradients, on parameters that stay on the device. */
class ModelBench {
  readonly table: ParameterTable;
  readonly params;
  readonly grads;
  private readonly transformer: Transformer;
  private readonly batch;
  private readonly targets: Slice;
  private readonly weights: Slice;
  private readonly rows: number;

  constructor(
    private readonly scope: BenchScope,
    args: ModelArgs,
  ) {
    const { shape, batch, seqLen } = args;
    this.rows = batch * seqLen;
    this.table = parameterTable({ ...shape, width: shape.hidden, ropeTheta: shape.theta, rmsEps: shape.eps });
    const arena = new Float32Array(this.table.size);
    for (const { name, offset } of this.table.entries) arena.set(args.weights.get(name)!, offset);
    this.params = scope.floats('parameters', arena);
    this.grads = scope.accumulator('gradients', this.table.size);
    this.transformer = new Transformer(scope.recorder, scope.owner, this.table, this.rows, seqLen);
    this.batch = new BatchUploader(scope.recorder.gpu.device, scope.owner, shape.vocab, this.rows).upload({
      tokens: Uint32Array.from(args.tokens),
      lengths: new Array<number>(batch).fill(seqLen),
      selected: Uint32Array.from({ length: this.rows }, (_, n) => n),
    });
    const mask = Array.from(args.mask);
    const total = mask.reduce((a, m) => a + m, 0);
    this.targets = scope.words('targets', args.targets).slice;
    this.weights = scope.floats(
      'weights',
      mask.map((m) => (m === 0 ? 0 : m / total)),
    ).slice;
  }

  /** (B * T, V) */
  async logits(): Promise<Float32Array> {
    const { transformer, rows, scope, table } = this;
    transformer.forward(this.params.slice, this.batch);
    const ld = transformer.logitStride;
    const tensor = { label: 'logits', slice: transformer.logits, length: rows * ld };
    return columnsOf(await scope.readFloats(tensor), rows, ld, table.shape.vocab);
  }

  /** Overwrites `grads`. */
  async lossAndGradients(): Promise<number> {
    const { transformer, scope, rows, batch } = this;
    const { recorder } = scope;
    const nll = scope.output('nll', rows * 2);
    const sums = scope.accumulator('sums', 2);
    recorder.clear(this.grads.slice, this.table.size * 4);
    transformer.forward(this.params.slice, batch);
    crossEntropy(recorder, {
      logits: transformer.logits,
      targets: this.targets,
      weights: this.weights,
      nll: nll.slice,
      rows,
      vocab: this.table.shape.vocab,
      ld: transformer.logitStride,
    });
    reduceColumns(recorder, { x: nll.slice, y: sums.slice, rows, cols: 2 });
    transformer.backward(this.params.slice, this.grads.slice, batch);
    return (await scope.readFloats(sums))[1]!;
  }

  /** The tensors of an arena by name. */
  byName(prefix: string, arena: Float32Array): Record<string, Float32Array> {
    return Object.fromEntries(
      this.table.entries.map(({ name, offset, size }) => [prefix + name, arena.slice(offset, offset + size)]),
    );
  }
}

export function launchModel(bench: GpuBench, args: ModelArgs) {
  return bench.run(async (scope) => {
    const model = new ModelBench(scope, args);
    const logits = await model.logits();
    const loss = await model.lossAndGradients();
    return { logits, loss: [loss], ...model.byName('grad.', await scope.readFloats(model.grads)) };
  });
}

/** Weight decay applies to every tensor here, as in the fixture. */
export function launchTrainCurve(bench: GpuBench, args: ModelArgs & { hyper: AdamWHyper; steps: number }) {
  return bench.run(async (scope) => {
    const model = new ModelBench(scope, args);
    const { size } = model.table;
    const m = scope.accumulator('m', size).slice;
    const v = scope.accumulator('v', size).slice;
    const decays = scope.floats('decays', new Float32Array(size / 64).fill(1)).slice;
    const norms = scope.output('norms', args.steps);
    const losses: number[] = [];
    for (let step = 1; step <= args.steps; step++) {
      losses.push(await model.lossAndGradients());
      const slot = step - 1;
      const grad = model.grads.slice;
      gradNorm(scope.recorder, { g: grad, norms: norms.slice, size, slot });
      adamw(scope.recorder, {
        ...args.hyper,
        theta: model.params.slice,
        grad,
        m,
        v,
        norms: norms.slice,
        decays,
        size,
        slot,
        step,
      });
    }
    return {
      loss: losses,
      gradNorm: await scope.readFloats(norms),
      finalLoss: [await model.lossAndGradients()],
      ...model.byName('final.', await scope.readFloats(model.params)),
    };
  });
}
