import type { RunConfig } from '../../config/schema';
import { episodeLimits } from '../../env/episode-limits';
import { WorldPool } from '../../env/pool';
import type { WorldFamily } from '../../env/world';
import type { BufferOwner, Slice } from '../../gpu/buffers';
import type { Gpu } from '../../gpu/device';
import { Readback } from '../../gpu/readback';
import { Recorder } from '../../gpu/recorder';
import { chooseVariants } from '../../kernels/variants';
import { BatchUploader } from '../../models/batch';
import { tensorNotFinite } from '../../models/first-not-finite';
import { initialParameters } from '../../models/initialise';
import { OptimizerState } from '../../models/optimizer';
import type { ParameterTable } from '../../models/parameters';
import { Transformer } from '../../models/transformer';
import { extraReviews, trainsExtraReviews, type ExtraReviews } from './extra-reviews';
import { GrpoTrainer } from './grpo';
import {
  firstState,
  readNetwork,
  writeArena,
  writeNetwork,
  type LearnerState,
  type NetworkState,
} from './learner-state';
import { rolloutMetrics, type Metrics } from './metrics';
import { requireFinite, requireFiniteState, type NotFiniteError } from './not-finite';
import { refinedRollout, type RefinedOptions } from './refined-rollout';
import { reviewActions, weighReviews } from './review-actions';
import { ReviewReader } from './review-reader';
import { refinement, trainingOptions } from './rollout-options';
import { Rollout, RolloutAborted, type RolloutResult, type RolloutRow, type ShouldStop } from '../rollout/rollout';
import { readingPositions, StepReader } from '../rollout/step-reader';
import { grownTo, runTables } from './run-table';
import { lossOf, scoreRollout, type TrainedPart } from './scores';
import { thoughtAccuracy, thoughtsIn, thoughtsToTeach } from './thoughts';
import type { TrajectorySide } from '../rollout/trajectory';
import { trainingQuestions } from './training-questions';
import { WarmStart } from './warmstart';
import { WorldIndex } from '../rollout/world-index';

export type LearnerPhase = 'rollout' | 'review' | 'regenerate' | 'reward' | 'advantage' | 'update';

export interface UpdateReport {
  update: number;
  /**
   * Follow when the GPU has done the update; it goes on with whatever is asked of it next. A NotFiniteError where one of them is
   * no number: then the optimiser has not stepped, and the run cannot go on from here.
   */
  metrics: Promise<Metrics>;
  rollout: RolloutResult;
  rows: readonly RolloutRow[];
  advantages: Float64Array;
  /** (B) of each round of reviews: the first, then those in `rollout.later`. */
  reviewAdvantages: readonly Float64Array[];
}

/** Most bytes of activations that one batch of tokens may take. */
const ACTIVATION_BUDGET = 96 * 2 ** 20;
const MAX_BATCH_TOKENS = 4096;
const ROWS_OF_A_SMALL_READER = 8;

/**
 * One training run: Search-R2 over a pool of worlds. The order of an update is that of method.md: questions, rollout with
 * review and regeneration, reward, advantage, joint update. All random numbers are functions of seeds and counters, so a
 * state is enough to continue exactly.
 */
export class Learner {
  readonly recorder: Recorder;
  readonly readback: Readback;
  readonly table: ParameterTable;
  /** Of a refiner of its own, which may be deeper and wider; the actor's where there is none. */
  readonly refinerTable: ParameterTable;
  readonly pool: WorldPool;
  readonly index: WorldIndex;
  readonly positions: number;
  readonly owner: BufferOwner;
  readonly rollout: Rollout;
  readonly optimizer: OptimizerState;
  /** A refiner of its own; null where the actor's weights review. */
  private readonly refiner: OptimizerState | null;
  private readonly base: Slice;
  private readonly model: Transformer;
  /** What reviews are read and trained with: the actor's, whose activations any weights of its shape can use, or a deeper one. */
  private readonly reviewModel: Transformer;
  private readonly uploader: BatchUploader;
  private readonly grpo: GrpoTrainer;
  private readonly reviewReader: ReviewReader;
  private trainingCompiled: Promise<void> = Promise.resolve();
  /** Ends when the kernels of an update are compiled, or are refused; null then. */
  compiling: Promise<void> | null = null;
  /** Updates done. */
  private done = 0;
  /** The numbers of the last of them. */
  private told: Promise<unknown> = Promise.resolve();

  constructor(
    readonly gpu: Gpu,
    readonly config: RunConfig,
    readonly family: WorldFamily,
  ) {
    this.owner = gpu.buffers.scope();
    const { owner } = this;
    this.recorder = new Recorder(gpu, owner);
    this.readback = new Readback(this.recorder, owner);
    const vocabulary = family.schema.vocabulary;
    ({ table: this.table, refinerTable: this.refinerTable } = runTables(config, vocabulary.size));
    this.positions = episodeLimits(config.maxHops).positions;
    this.pool = this.newPool();
    // Slots: the pool, the held-out worlds, the real facts.
    this.index = new WorldIndex(gpu.device, owner, this.pool.member(0), config.poolSize + config.evalWorlds + 1);
    this.optimizer = new OptimizerState(this.recorder, owner, this.table);
    const separate = config.refiner === 'model' && config.refinerWeights === 'separate';
    this.refiner = separate ? new OptimizerState(this.recorder, owner, this.refinerTable) : null;
    this.base = owner.storage('base parameters', this.table.size * 4);
    const capacity = batchCapacity(this.table, this.positions);
    this.uploader = new BatchUploader(gpu.device, owner, vocabulary.size, capacity);
    const longest = readingPositions(this.positions, thoughtsIn(config));
    this.model = new Transformer(this.recorder, owner, this.table, capacity, longest);
    this.reviewModel =
      this.refinerTable === this.table
        ? this.model
        : new Transformer(
            this.recorder,
            owner,
            this.refinerTable,
            Math.min(capacity, batchCapacity(this.refinerTable, this.positions)),
            longest,
          );
    this.rollout = new Rollout(this.recorder, this.readback, owner, this.table, vocabulary, this.index, {
      batch: config.prompts * config.groupSize,
      positions: this.positions,
      maxRevisions: config.refiner === 'none' ? 1 : config.maxRevisions,
      separateRefiner: this.refiner !== null,
      stepReader: this.newStepReader(owner, config.prompts * config.groupSize, this.reviewModel),
    });
    this.grpo = new GrpoTrainer(
      this.recorder,
      owner,
      this.model,
      this.uploader,
      this.optimizer,
      this.base,
      vocabulary,
      this.positions,
      config,
      this.refiner === null ? null : { network: this.refiner, model: this.reviewModel },
    );
    this.reviewReader = new ReviewReader(this.recorder, this.readback, this.uploader, vocabulary, config);
    writeArena(gpu.device, this.optimizer.params, initialParameters(this.table, config.initSeed));
  }

  get updates(): number {
    return this.done;
  }

  /** What the loss of the last update's last epoch was of, where it had more than one; else that is what was there before it. */
  get weightsOfLastPass(): Slice | null {
    return this.config.epochs > 1 ? this.grpo.weightsOfLastPass : null;
  }

  /** The worlds of the run at their beginning. */
  newPool(): WorldPool {
    const { poolSize, worldSeed, noise, redrawEvery } = this.config;
    return new WorldPool(this.family, { poolSize, worldSeed, noise, redrawEvery, levels: this.config });
  }

  /**
   * What reads drafts again for their reviews; null where these stand behind the draft.
   *
   * @param model whose activations it overwrites; a small one of its own without it
   */
  newStepReader(owner: BufferOwner, batch: number, model?: Transformer): StepReader | null {
    const { config, recorder, refinerTable, positions } = this;
    if (config.refiner !== 'model' || config.reviewReading !== 'steps') return null;
    const thoughts = thoughtsIn(config);
    const stride = readingPositions(positions, thoughts);
    const used = model ?? new Transformer(recorder, owner, refinerTable, ROWS_OF_A_SMALL_READER * stride, stride);
    return new StepReader(recorder, owner, used, {
      ...{ batch, positions, thoughts, entityBase: this.family.schema.vocabulary.entityBase },
      certainty: config.reviewSees === 'certainty',
    });
  }

  /**
   * Chooses the variants of the kernels and compiles those of a rollout at once, then, while rollouts may already run, those of
   * the update; without it each is compiled when it is first met, one after the other.
   */
  async compile(): Promise<void> {
    const { config, gpu, recorder, rollout } = this;
    await chooseVariants(recorder);
    rollout.halfCache = config.kvCache === 'auto' && gpu.variants.halfCache;
    const sampling = recorder.collect(() => rollout.rehearse(this.optimizer.params, this.rolloutOptions(0)));
    const training = recorder.collect(() => this.grpo.rehearse(config));
    await gpu.pipelines.compile(sampling);
    await rollout.chooseAtOnce();
    this.trainingCompiled = gpu.pipelines.compile(training);
    // Whoever starts an update sees a failure.
    const end = () => {
      this.compiling = null;
    };
    this.compiling = this.trainingCompiled.then(end, end);
  }

  /** Sets the policy, the frozen base and a refiner of its own to the same weights, with fresh moments, at update 0. */
  startFrom(params: Float32Array<ArrayBuffer>): void {
    this.restore(firstState(params));
  }

  /** Where a run without a refiner of its own goes on with one, that one begins as the actor is, also where it is deeper. */
  restore(state: LearnerState): void {
    const { device } = this.gpu;
    this.recorder.submit();
    this.done = state.update;
    this.told = Promise.resolve();
    writeNetwork(device, this.optimizer, state);
    writeArena(device, this.base, state.base);
    if (this.refiner !== null) writeNetwork(device, this.refiner, state.refiner ?? this.firstRefiner(state.params));
  }

  /** @throws NotFiniteError where it holds numbers that are none */
  async state(): Promise<LearnerState> {
    const { readback } = this;
    const base = await readback.readF32(this.base, this.table.size);
    const refiner = this.refiner === null ? null : await readNetwork(readback, this.refiner);
    const state = { update: this.done, ...(await readNetwork(readback, this.optimizer)), base, refiner };
    await this.told;
    return requireFiniteState(this, state);
  }

  private firstRefiner(params: Float32Array<ArrayBuffer>): NetworkState {
    const { table, refinerTable, config } = this;
    return firstState(grownTo(refinerTable, table, params, config.initSeed));
  }

  /** The error with the place where it began, found once the work on this learner has ended. */
  async locate(error: NotFiniteError): Promise<NotFiniteError> {
    if (error.place !== null) return error;
    const tensor = tensorNotFinite(this.table, await this.parameters());
    return error.at(tensor === null ? await this.grpo.firstNotFinite() : { kernel: 'adamw', tensor });
  }

  async parameters(): Promise<Float32Array<ArrayBuffer>> {
    return this.readback.readF32(this.optimizer.params, this.table.size);
  }

  /** The imitation phase that makes the base policy. Run all its batches, then `startFrom` the resulting parameters. */
  warmStart(): WarmStart {
    const { config } = this;
    return new WarmStart(
      this.recorder,
      this.readback,
      this.owner,
      this.model,
      this.uploader,
      this.optimizer,
      this.pool,
      {
        batches: config.warmStartBatches,
        batchSize: config.warmStartBatchSize,
        learningRate: config.warmStartLearningRate,
        judgeAccuracy: config.judgeAccuracy,
        reviewTokenWeight: config.reviewTokenWeight,
        errors: {
          vagueQuery: config.vagueQuery,
          wrongRelation: config.wrongRelation,
          wrongEntity: config.wrongEntity,
          guess: config.guess,
        },
        minHops: config.minHops,
        maxHops: config.maxHops,
        runSeed: config.runSeed,
      },
    );
  }

  /**
   * The questions of an update: P of them, each asked G times of one pool member.
   *
   * @param pool another of the same options, for whoever must not move the training's to that update
   */
  questions(update: number, pool = this.pool): RolloutRow[] {
    return trainingQuestions(this.config, pool, update);
  }

  /** Options of a training rollout; evaluations change some of them. */
  rolloutOptions(update: number): RefinedOptions {
    return trainingOptions(this.config, update, this.refiner?.params ?? null);
  }

  /** Who refines drafts, and how reviews choose; null leaves drafts as they are. */
  refinement(mode: 'sample' | 'greedy' | null): Pick<RefinedOptions, 'review' | 'chooser'> {
    return refinement(this.config, mode, this.refiner?.params ?? null);
  }

  /** A rollout with the current weights, of at most as many rows as a batch has. */
  roll(rows: readonly RolloutRow[], options: RefinedOptions, shouldStop?: ShouldStop): Promise<RolloutResult> {
    return refinedRollout(this.rollout, this.optimizer.params, rows, options, shouldStop);
  }

  /**
   * One whole update: returns when it is recorded, at most two submits before the GPU has done it.
   *
   * @param shouldStop asked between submits until the weights change; a yes leaves the run as it was and throws RolloutAborted
   */
  async update(
    onPhase: (phase: LearnerPhase) => void = () => undefined,
    shouldStop: ShouldStop = () => false,
    train: TrainedPart = 'both',
  ): Promise<UpdateReport> {
    const { config } = this;
    const update = this.done;
    const rows = this.questions(update);
    const options = { ...this.rolloutOptions(update), onPhase };
    const result = await this.roll(rows, options, shouldStop);
    const extra = await this.extraReviews(rows, result, options, shouldStop);
    if (await shouldStop()) throw new RolloutAborted('stopped');
    onPhase('reward');
    onPhase('advantage');
    const { advantages, zeroVarianceGroups, reviews: scores } = scoreRollout(result, config);
    onPhase('update');
    await this.trainingCompiled;
    // They came before this rollout did. Where they are none, nothing may take the place of what shows why.
    await this.told;
    const reviews = weighReviews([...reviewActions(result, scores), ...extra.actions], config);
    const loss = lossOf(train, advantages, reviews, config);
    const thoughts = thoughtsToTeach(result, rows, config);
    const trained = await this.grpo.update(result, loss.advantages, loss.reviews, loss.options, shouldStop, thoughts);
    this.done += 1;
    const known = rolloutMetrics(result, rows, {
      update: this.done,
      vocabulary: this.family.schema.vocabulary,
      positions: this.positions,
      reviewed: config.refiner === 'model',
      extra,
      zeroVarianceGroups,
    });
    const number = this.done;
    const thought = thoughts === undefined ? {} : { thoughtAccuracy: thoughtAccuracy(thoughts) };
    const metrics = trained.metrics.then((rest) => requireFinite(number, { ...known, ...rest, ...thought }));
    // Whoever awaits the numbers sees a failure; a run that is replaced drops them, and that is not an error.
    metrics.catch(() => undefined);
    this.told = metrics;
    return { update: number, metrics, rollout: result, rows, advantages, reviewAdvantages: scores };
  }

  /**
   * What reviews of texts would say under the present weights, or under those of the frozen base; between two updates.
   *
   * @param shouldStop a yes throws RolloutAborted
   * @returns (B,6) log-probability of the integers 0..5, -Infinity past S
   */
  async readReviews(texts: TrajectorySide, by: 'present' | 'base', shouldStop?: ShouldStop): Promise<Float32Array> {
    await this.trainingCompiled;
    const { reviewReader, reviewModel, model } = this;
    if (by === 'base') return reviewReader.read(model, this.base, texts, shouldStop);
    return reviewReader.read(reviewModel, this.refiner?.params ?? this.optimizer.params, texts, shouldStop);
  }

  private async extraReviews(
    rows: readonly RolloutRow[],
    result: RolloutResult,
    options: RefinedOptions,
    shouldStop: ShouldStop,
  ): Promise<ExtraReviews> {
    const { config, rollout, optimizer } = this;
    if (!trainsExtraReviews(config)) return { actions: [], sampledTokens: 0, forcedTokens: 0 };
    const given = { config, options, vocabulary: this.family.schema.vocabulary };
    return extraReviews(rollout, optimizer.params, rows, result, given, shouldStop);
  }

  destroy(): void {
    this.owner.destroyAll();
  }
}

/** Tokens of one batch: as many as the activations' budget allows, but at least a few whole trajectories. */
export function batchCapacity(table: ParameterTable, positions: number): number {
  const { width, layers, heads, kvHeads, headDim, ffn } = table.shape;
  const perLayer = 4 * width + (heads + 2 * kvHeads) * headDim + heads * headDim + 3 * ffn;
  const fit = Math.floor(ACTIVATION_BUDGET / (4 * layers * perLayer));
  return Math.max(2 * positions, Math.min(MAX_BATCH_TOKENS, fit));
}
