import { demonstrate, reviewTarget, type DemonstratorErrors } from '../../env/demonstrator';
import type { WorldPool } from '../../env/pool';
import { drawQuestion } from '../../env/questions';
import type { BufferOwner, Slice } from '../../gpu/buffers';
import type { Readback } from '../../gpu/readback';
import type { Recorder } from '../../gpu/recorder';
import { crossEntropy } from '../../kernels/cross-entropy/cross-entropy';
import { reduceColumns } from '../../kernels/reduce/reduce';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import type { BatchUploader } from '../../models/batch';
import { NORM_SLOTS, type OptimizerState } from '../../models/optimizer';
import type { Transformer } from '../../models/transformer';
import { pack, type Sequence } from './pack';

export interface WarmStartOptions {
  batches: number;
  batchSize: number;
  learningRate: number;
  judgeAccuracy: number;
  reviewTokenWeight: number;
  errors: DemonstratorErrors;
  maxHops: number;
  runSeed: number;
}

/** Batches over which the learning rate rises linearly. */
const RAMP = 50;
const FLOOR = 1e-5;
const HYPER = { beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay: 0.01, maxGradNorm: 1 };

interface Target {
  target: number;
  weight: number;
}

/** Imitation of the noisy demonstrator over the training pool (method.md section 7): what turns a random network into a base. */
export class WarmStart {
  private readonly targets: Slice;
  private readonly weights: Slice;
  private readonly nll: Slice;
  private readonly total: Slice;

  constructor(
    private readonly recorder: Recorder,
    private readonly readback: Readback,
    owner: BufferOwner,
    private readonly model: Transformer,
    private readonly uploader: BatchUploader,
    private readonly optimizer: OptimizerState,
    private readonly pool: WorldPool,
    readonly options: WarmStartOptions,
  ) {
    const words = (label: string, count: number) => owner.storage(label, count * 4);
    this.targets = words('warm start targets', model.capacity);
    this.weights = words('warm start weights', model.capacity);
    this.nll = words('warm start nll', model.capacity * 2);
    this.total = words('warm start loss', 2);
  }

  /** One batch of demonstrations and one AdamW step. Batch numbers count from 0 and set everything that is random. */
  async step(batch: number): Promise<void> {
    const { recorder, model, optimizer } = this;
    const { learningRate, batches } = this.options;
    this.pool.redraw(batch);
    const packed = pack(this.demonstrations(batch), model.capacity);
    let weightSum = 0;
    for (const { items } of packed) for (const { weight } of items) weightSum += weight;
    recorder.submit();
    optimizer.clearGradients();
    recorder.clear(this.total);
    for (const part of packed) {
      recorder.submit();
      const device = this.uploader.upload(part);
      this.write(
        this.targets,
        Uint32Array.from(part.items, ({ target }) => target),
      );
      this.write(
        this.weights,
        Float32Array.from(part.items, ({ weight }) => weight / weightSum),
      );
      model.forward(optimizer.params, device);
      const rows = device.selectedRows;
      crossEntropy(recorder, {
        logits: model.logits,
        targets: this.targets,
        weights: this.weights,
        nll: this.nll,
        rows,
        vocab: model.parameters.shape.vocab,
        ld: model.logitStride,
      });
      reduceColumns(recorder, { x: this.nll, y: this.total, rows, cols: 2 });
      model.backward(optimizer.params, optimizer.grads, device);
    }
    optimizer.measure(NORM_SLOTS.total);
    const ramp = Math.min(1, (batch + 1) / RAMP);
    const cosine = 0.5 * (1 + Math.cos((Math.PI * batch) / batches));
    optimizer.update({ ...HYPER, lr: learningRate * ramp * cosine + FLOOR });
    recorder.submit();
    await recorder.breathe();
  }

  /** Weighted mean cross-entropy of the last batch, in nats a token. Waits for the GPU. */
  async loss(): Promise<number> {
    return (await this.readback.readF32(this.total, 2))[1] ?? NaN;
  }

  private demonstrations(batch: number): Sequence<Target>[] {
    const { batchSize, runSeed, maxHops, errors, judgeAccuracy, reviewTokenWeight } = this.options;
    return Array.from({ length: batchSize }, (_, row) => {
      const stream = new PhiloxStream(runSeed, PURPOSES.warmStart, row, batch);
      const world = this.pool.member(stream.int(this.pool.size));
      const chain = drawQuestion(world, stream, maxHops);
      const shown = demonstrate(world, chain, stream, errors);
      const verdict = reviewTarget(world, chain, shown, stream, judgeAccuracy);
      const { special } = world.schema.vocabulary;
      const tokens = [...shown.tokens, special.review];
      const items: (Target & { position: number })[] = [];
      shown.policyMask.forEach((mask, t) => {
        if (mask === 1) items.push({ position: t - 1, target: tokens[t] ?? 0, weight: 1 });
      });
      items.push({
        position: tokens.length - 1,
        target: special.integers[verdict] ?? special.integers[0],
        weight: reviewTokenWeight,
      });
      return { tokens, length: tokens.length, items };
    });
  }

  private write(slice: Slice, data: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>): void {
    this.recorder.gpu.device.queue.writeBuffer(slice.buffer, slice.offset, data);
  }
}
