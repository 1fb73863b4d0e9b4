import type { BufferOwner, Slice } from '../gpu/buffers';
import type { Recorder } from '../gpu/recorder';
import { adamw, gradNorm, type AdamWHyper } from '../kernels/adamw/adamw';
import { decayBlocks, type ParameterTable } from './parameters';

/** Slots of `norms`: gradient norms of the actor's loss, the reviews' loss, and their sum. */
export const NORM_SLOTS = { actor: 0, review: 1, total: 2 } as const;

/** Parameters with their gradients and AdamW moments, one flat arena each. */
export class OptimizerState {
  readonly params: Slice;
  readonly grads: Slice;
  readonly m: Slice;
  readonly v: Slice;
  readonly norms: Slice;
  private readonly decays: Slice;
  /** Updates done. */
  step = 0;

  constructor(
    private readonly recorder: Recorder,
    owner: BufferOwner,
    readonly table: ParameterTable,
  ) {
    const arena = (label: string) => owner.storage(label, table.size * 4);
    this.params = arena('parameters');
    this.grads = arena('gradients');
    this.m = arena('adam m');
    this.v = arena('adam v');
    this.norms = owner.storage('gradient norms', 16);
    this.decays = owner.upload('decays', decayBlocks(table));
  }

  measure(slot: number, grads: Slice = this.grads): void {
    gradNorm(this.recorder, { g: grads, norms: this.norms, size: this.table.size, slot });
  }

  clearGradients(): void {
    this.recorder.clear(this.grads);
  }

  /** One AdamW step, clipped by the norm in `NORM_SLOTS.total`; measure it before. */
  update(hyper: AdamWHyper): void {
    this.step += 1;
    this.record(hyper, this.step);
  }

  /** Records a step without counting it, for `Recorder.collect`. */
  rehearse(): void {
    this.record({ lr: 0, beta1: 0, beta2: 0, eps: 1, weightDecay: 0, maxGradNorm: 0 }, 1);
  }

  private record(hyper: AdamWHyper, step: number): void {
    adamw(this.recorder, {
      ...hyper,
      theta: this.params,
      grad: this.grads,
      m: this.m,
      v: this.v,
      norms: this.norms,
      decays: this.decays,
      size: this.table.size,
      slot: NORM_SLOTS.total,
      step,
    });
  }
}
