import type { WorldPool } from '../../env/pool';
import type { BufferOwner, Slice } from '../../gpu/buffers';
import type { Readback } from '../../gpu/readback';
import type { Recorder } from '../../gpu/recorder';
import { crossEntropy } from '../../kernels/cross-entropy/cross-entropy';
import { reduceColumns } from '../../kernels/reduce/reduce';
import type { BatchUploader } from '../../models/batch';
import { NORM_SLOTS, type OptimizerState } from '../../models/optimizer';
import type { Transformer } from '../../models/transformer';
import { demonstrations, warmStartRate, type WarmStartOptions } from './demonstrations';
import { NotFiniteError } from './not-finite';
import { pack } from './pack';

const HYPER = { beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay: 0.01, maxGradNorm: 1 };

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
    const packed = pack(demonstrations(this.pool, batch, this.options), model.capacity);
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
    optimizer.update({ ...HYPER, lr: warmStartRate(batch, this.options) });
    recorder.submit();
    await recorder.breathe();
  }

  /**
   * Weighted mean cross-entropy of the last batch, in nats a token. Waits for the GPU.
   *
   * @throws NotFiniteError where it is none
   */
  async loss(): Promise<number> {
    const loss = (await this.readback.readF32(this.total, 2))[1] ?? NaN;
    if (!Number.isFinite(loss)) throw new NotFiniteError('The warm start', 'loss');
    return loss;
  }

  private write(slice: Slice, data: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>): void {
    this.recorder.gpu.device.queue.writeBuffer(slice.buffer, slice.offset, data);
  }
}
