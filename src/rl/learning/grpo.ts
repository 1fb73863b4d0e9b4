import type { BufferOwner, Slice } from '../../gpu/buffers';
import { subSlice } from '../../gpu/buffers';
import { StagingRing } from '../../gpu/readback';
import type { Recorder } from '../../gpu/recorder';
import { GRPO_STATS, grpoLoss, type Aggregation } from '../../kernels/grpo/grpo';
import { add, reduceColumns } from '../../kernels/reduce/reduce';
import type { ReviewGate } from '../../kernels/episode/episode';
import type { BatchUploader, DeviceBatch } from '../../models/batch';
import { FirstNotFinite, type Place } from '../../models/first-not-finite';
import { NORM_SLOTS, type OptimizerState } from '../../models/optimizer';
import type { Transformer } from '../../models/transformer';
import type { Vocabulary } from '../../retrieval/vocabulary';
import {
  actorSequences,
  allowedTable,
  labelSequences,
  reviewSequences,
  type LossRow,
  type Thoughts,
} from './loss-rows';
import { pack, type PackedSequences } from './pack';
import type { ReviewAction } from './review-actions';
import type { ReviewForm } from '../rollout/review-text';
import { RolloutAborted, type RolloutResult, type ShouldStop } from '../rollout/rollout';

export interface GrpoOptions {
  learningRate: number;
  maxGradNorm: number;
  weightDecay: number;
  beta1: number;
  beta2: number;
  clipLow: number;
  clipHigh: number;
  klBeta: number;
  entropyBonus: number;
  aggregation: Aggregation;
  discardedTokens: 'out' | 'in';
  epochs: number;
  /** 0 = reviews are not trained. */
  reviewWeight: number;
  /** Whether a review could say 0. */
  reviewGate: ReviewGate;
  /** Weight of the labels of the drafts' reviews; 0 = none. */
  reviewSupervision: number;
  /** Steps in which a refiner of its own learns them, the first of them that of the reviews; one where weights are shared. */
  reviewLabelSteps: number;
  /** Of a refiner of its own; 0 = the actor's. */
  refinerLearningRate: number;
}

export interface GrpoMetrics {
  loss: number;
  policyLoss: number;
  klK3: number;
  approxKl: number;
  clipFraction: number;
  entropy: number;
  reviewLoss: number;
  reviewEntropy: number | null;
  reviewCrossEntropy: number | null;
  gradNormActor: number;
  gradNormReview: number;
  gradNorm: number;
  /** Tokens that the loss of one epoch covered. */
  actorTokens: number;
  reviewRows: number;
}

/** A network that reviews, and what its activations are computed in. */
export interface OwnRefiner {
  network: OptimizerState;
  model: Transformer;
}

/** The weights that a loss is of, and where its gradient and its sums go. */
interface LossPass {
  model: Transformer;
  params: Slice;
  grads: Slice;
  sums: Slice;
  /** Whether the frozen base stands beside it: KL and entropy bonus are the actor's alone. */
  withBase: boolean;
}

type Parts = readonly PackedSequences<LossRow>[];

interface LastEpoch {
  actor: Parts;
  reviewed: Parts;
  labelled: Parts;
  options: GrpoOptions;
}

const STAT_COUNT = GRPO_STATS.length;
const ADAM_EPS = 1e-8;
/** Of the actor, of the reviews, of their labels, norms: 256 bytes each. */
const SUMS_BYTES = 1024;
const NORMS_OFFSET = 768;

/**
 * The joint update (method.md section 6): loss = L_actor / B_actor + reviewWeight * L_review / B_review, with the clipped
 * surrogate, a k3 penalty towards the frozen base on actor tokens, and one AdamW step an epoch; two where the refiner has
 * weights of its own.
 */
export class GrpoTrainer {
  private readonly rowInfo: Slice;
  private readonly values: Slice;
  private readonly allowed: Slice;
  private readonly stats: Slice;
  private readonly refStats: Slice;
  private readonly sums: Slice;
  private readonly actorPass: LossPass;
  private readonly reviewPass: LossPass;
  private readonly labelPass: LossPass;
  private readonly reviewGrads: Slice;
  private readonly ring: StagingRing;
  private lastPass: Slice | null = null;
  /** What the last epoch was of. */
  private lastEpoch: LastEpoch | null = null;

  constructor(
    private readonly recorder: Recorder,
    private readonly owner: BufferOwner,
    private readonly model: Transformer,
    private readonly uploader: BatchUploader,
    private readonly optimizer: OptimizerState,
    /** Frozen parameters of the base policy. */
    private readonly base: Slice,
    private readonly vocabulary: Vocabulary,
    private readonly positions: number,
    /** How reviews read. */
    private readonly form: ReviewForm,
    /** Of a refiner of its own; null where reviews are the same network's. */
    private readonly refiner: OwnRefiner | null = null,
  ) {
    const { capacity } = model;
    this.rowInfo = owner.storage('loss rows', capacity * 16);
    this.values = owner.storage('loss values', capacity * 16);
    this.stats = owner.storage('loss stats', capacity * STAT_COUNT * 4);
    this.refStats = owner.storage('base stats', capacity * STAT_COUNT * 4);
    this.sums = owner.storage('loss sums', SUMS_BYTES);
    this.ring = new StagingRing(recorder, owner, SUMS_BYTES);
    this.reviewGrads = refiner?.network.grads ?? owner.storage('review gradients', optimizer.table.size * 4);
    const { params, grads } = optimizer;
    this.actorPass = { model, params, grads, sums: subSlice(this.sums, 0, 256), withBase: true };
    this.reviewPass = {
      model: refiner?.model ?? model,
      params: refiner?.network.params ?? params,
      grads: this.reviewGrads,
      sums: subSlice(this.sums, 256, 256),
      withBase: false,
    };
    this.labelPass = { ...this.reviewPass, sums: subSlice(this.sums, 512, 256) };
    this.allowed = owner.upload('allowed tokens', allowedTable(vocabulary));
  }

  /**
   * The actor's weights that the loss of the last update's last epoch was of, which is the one that the metrics are of; null
   * while no update had more than one epoch: those are the weights before the update.
   */
  get weightsOfLastPass(): Slice | null {
    return this.lastPass;
  }

  /**
   * One update from a rollout.
   *
   * @param advantages (B) of the final trajectories
   * @param reviews the reviews to train; none where nothing reviews or reviews are not trained
   * @param thoughts of the drafts, where reviews think
   * @param shouldStop asked between parts while the weights are as they were, so in the first epoch only
   * @returns once everything is recorded; the numbers follow when the GPU has them
   */
  async update(
    rollout: RolloutResult,
    advantages: ArrayLike<number>,
    reviews: readonly ReviewAction[],
    options: GrpoOptions,
    shouldStop: ShouldStop = () => false,
    thoughts?: Thoughts,
  ): Promise<{ metrics: Promise<GrpoMetrics> }> {
    const { recorder, optimizer } = this;
    const { vocabulary, positions, model, form } = this;
    const shared = { vocabulary, positions };
    const { aggregation, discardedTokens, reviewWeight, reviewGate, reviewSupervision } = options;
    const actor = pack(
      actorSequences(rollout, advantages, { ...shared, aggregation, discardedTokens }),
      model.capacity,
    );
    const batch = rollout.final.lengths.length;
    const how = { vocabulary, form, mustCut: reviewGate === 'always' };
    const said = reviewSequences(reviewWeight === 0 ? [] : reviews, { ...how, perReview: reviewWeight / batch });
    const { capacity } = this.reviewPass.model;
    const reviewed = pack(said, capacity);
    const steps = this.refiner === null ? 1 : options.reviewLabelSteps;
    const perReview = (steps * reviewSupervision) / batch;
    const labels = labelSequences(rollout.draft, { ...how, perReview }, thoughts);
    // The tries of a question are spread over the steps.
    const [labelled = [], ...further] = Array.from({ length: reviewSupervision === 0 ? 0 : steps }, (_, k) =>
      pack(labels.filter((_row, row) => row % steps === k).flat(), capacity),
    );
    this.lastEpoch = { actor, reviewed, labelled, options };
    const reviewLearns = reviewWeight > 0 || reviewSupervision > 0;
    for (let epoch = 0; epoch < options.epochs; epoch++) {
      recorder.submit();
      optimizer.clearGradients();
      recorder.clear(this.reviewGrads);
      recorder.clear(this.sums);
      const first = epoch === 0;
      if (!first && epoch === options.epochs - 1) this.keepWeights();
      const ask = async () => {
        if (first && (await shouldStop())) throw new RolloutAborted('stopped');
      };
      for (const part of actor) {
        await this.accumulate(part, this.actorPass, options, first);
        await ask();
      }
      optimizer.measure(NORM_SLOTS.actor);
      for (const part of reviewed) {
        await this.accumulate(part, this.reviewPass, options, first);
        await ask();
      }
      for (const part of labelled) {
        await this.accumulate(part, this.labelPass, options, first);
        await ask();
      }
      optimizer.measure(NORM_SLOTS.review, this.reviewGrads);
      const refiner = this.refiner?.network ?? null;
      if (refiner === null) add(recorder, { x: this.reviewGrads, y: optimizer.grads, size: optimizer.table.size });
      // Two networks are clipped apart, each by its own norm.
      for (const one of refiner === null || !reviewLearns ? [optimizer] : [optimizer, refiner]) {
        this.step(one, options);
      }
      for (const parts of further) {
        recorder.clear(this.reviewGrads);
        for (const part of parts) await this.accumulate(part, this.labelPass, options, true);
        if (refiner !== null) this.step(refiner, options);
      }
    }
    recorder.copy(optimizer.norms, this.sums, 12, 0, NORMS_OFFSET);
    const rows = said.filter(({ items }) => items.length > 0).length;
    const counts = { actorTokens: count(actor), reviewRows: rows, labels: count([labelled, ...further].flat()) };
    const metrics = this.ring.read(this.sums).then((bytes) => metricsOf(new Float32Array(bytes), counts));
    return { metrics };
  }

  /**
   * Where the losses of the last update stopped being finite: they are computed once more, on the weights as they are, which the
   * optimiser has left alone since. Nothing else may be recorded meanwhile.
   */
  async firstNotFinite(): Promise<Place | null> {
    if (this.lastEpoch === null) return null;
    const { actor, reviewed, labelled, options } = this.lastEpoch;
    const found = new FirstNotFinite(
      this.recorder,
      this.owner,
      [this.optimizer, this.refiner?.network].flatMap((network) => network?.table ?? []),
    );
    const passes = [
      ...actor.map((part) => ({ part, pass: this.actorPass })),
      ...reviewed.map((part) => ({ part, pass: this.reviewPass })),
      ...labelled.map((part) => ({ part, pass: this.labelPass })),
    ];
    for (const { part, pass } of passes) {
      await this.recorder.observe(found, () => this.accumulate(part, pass, options, options.epochs === 1));
      const place = await found.find();
      if (place !== null) return place;
    }
    return null;
  }

  private step(network: OptimizerState, options: GrpoOptions): void {
    const { beta1, beta2, weightDecay, maxGradNorm, refinerLearningRate } = options;
    const ownRate = network === this.refiner?.network && refinerLearningRate > 0;
    network.measure(NORM_SLOTS.total);
    network.update({
      lr: ownRate ? refinerLearningRate : options.learningRate,
      ...{ beta1, beta2, eps: ADAM_EPS, weightDecay, maxGradNorm },
    });
  }

  /** Records what an update consists of, for `Recorder.collect`. */
  rehearse(options: GrpoOptions): void {
    const { recorder, optimizer } = this;
    const batch = this.uploader.upload({
      tokens: Uint32Array.of(0),
      lengths: [1],
      selected: Uint32Array.of(0),
    });
    this.record(batch, this.actorPass, options, true);
    optimizer.measure(NORM_SLOTS.actor);
    add(recorder, { x: this.reviewGrads, y: optimizer.grads, size: optimizer.table.size });
    optimizer.rehearse();
  }

  private keepWeights(): void {
    const { recorder, optimizer, owner } = this;
    const bytes = optimizer.table.size * 4;
    this.lastPass ??= owner.storage('weights of the last pass', bytes);
    recorder.copy(optimizer.params, this.lastPass, bytes);
  }

  private async accumulate(
    part: PackedSequences<LossRow>,
    pass: LossPass,
    options: GrpoOptions,
    firstEpoch: boolean,
  ): Promise<void> {
    this.recorder.submit();
    const batch = this.uploader.upload(part);
    this.writeItems(part.items);
    this.record(batch, pass, options, firstEpoch);
    await this.recorder.breathe();
  }

  private record(batch: DeviceBatch, pass: LossPass, options: GrpoOptions, firstEpoch: boolean): void {
    const { recorder } = this;
    const { model, params, grads, sums, withBase } = pass;
    const rows = batch.selectedRows;
    const shared = {
      rowInfo: this.rowInfo,
      values: this.values,
      allowed: this.allowed,
      logits: model.logits,
      rows,
      vocab: model.parameters.shape.vocab,
      ld: model.logitStride,
      clipLow: options.clipLow,
      clipHigh: options.clipHigh,
    };
    if (withBase) {
      // The same rows under the base policy; only the log-probabilities in `refStats` are used.
      model.forward(this.base, batch);
      grpoLoss(recorder, { ...shared, stats: this.refStats, oldFromNew: true, klBeta: 0, entropyBonus: 0 });
    }
    model.forward(params, batch);
    grpoLoss(recorder, {
      ...shared,
      stats: this.stats,
      ...(withBase ? { refStats: this.refStats } : {}),
      oldFromNew: firstEpoch,
      klBeta: withBase ? options.klBeta : 0,
      entropyBonus: withBase ? options.entropyBonus : 0,
    });
    reduceColumns(recorder, { x: this.stats, y: sums, rows, cols: STAT_COUNT });
    model.backward(params, grads, batch);
  }

  private writeItems(items: readonly LossRow[]): void {
    const info = new Uint32Array(items.length * 4);
    const values = new Float32Array(items.length * 4);
    items.forEach((item, n) => {
      info.set([item.target, item.allowed, 1, 0], n * 4);
      values.set([item.advantage, item.old, 0, item.c], n * 4);
    });
    const { queue } = this.recorder.gpu.device;
    queue.writeBuffer(this.rowInfo.buffer, this.rowInfo.offset, info);
    queue.writeBuffer(this.values.buffer, this.values.offset, values);
  }
}

function count(parts: Parts): number {
  return parts.reduce((sum, { items }) => sum + items.length, 0);
}

function metricsOf(
  sums: Float32Array,
  { actorTokens, reviewRows, labels }: { actorTokens: number; reviewRows: number; labels: number },
): GrpoMetrics {
  const at = (i: number) => sums[i] ?? 0;
  const perToken = (i: number) => (actorTokens === 0 ? 0 : at(i) / actorTokens);
  return {
    loss: at(2),
    policyLoss: at(3),
    klK3: perToken(4),
    approxKl: perToken(5),
    clipFraction: perToken(6),
    entropy: perToken(7),
    reviewLoss: at(64 + 2),
    reviewEntropy: reviewRows === 0 ? null : at(64 + 7) / reviewRows,
    // Of one label: minus the log-probability that the reviews gave it.
    reviewCrossEntropy: labels === 0 ? null : -at(128) / labels,
    gradNormActor: at(NORMS_OFFSET / 4 + NORM_SLOTS.actor),
    gradNormReview: at(NORMS_OFFSET / 4 + NORM_SLOTS.review),
    gradNorm: at(NORMS_OFFSET / 4 + NORM_SLOTS.total),
    actorTokens,
    reviewRows,
  };
}
