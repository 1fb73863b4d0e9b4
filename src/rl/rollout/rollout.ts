import { subSlice, type BufferOwner, type Slice } from '../../gpu/buffers';
import type { Readback } from '../../gpu/readback';
import type { Recorder } from '../../gpu/recorder';
import {
  reviewBegin,
  reviewDecide,
  type CutRule,
  type EpisodeBuffers,
  type ReviewGate,
  type ReviewMode,
} from '../../kernels/episode/episode';
import { SAID_STRIDE } from '../../kernels/episode/review-again';
import { REVIEW_WORDS, ROW, ROW_WORDS } from '../../kernels/episode/row-layout';
import { BLOCK_TOKENS } from '../../env/episode-limits';
import { assert } from '../../lib/assert';
import { PURPOSES, type Purpose } from '../../lib/philox';
import type { AtOnce } from '../../kernels/decode-token/decode-token';
import { Decoder } from '../../models/decoder';
import { fastestAtOnce, waysAtOnce } from '../../models/rows-at-once';
import type { ParameterTable } from '../../models/parameters';
import type { Vocabulary } from '../../retrieval/vocabulary';
import { readReviews, readSide, type Reviews, type TrajectorySide } from './trajectory';
import type { RewardOptions } from '../../lib/reward';
import type { ReviewRound } from './rounds';
import type { StepReader } from './step-reader';
import { rowState, type RolloutRow } from './row-state';
import { AFTER_CUTS, prefillsOf, scheduleOf, TokenLoop, type Schedule } from './token-loop';
import type { WorldIndex } from './world-index';

export type { KeptSteps, RolloutRow } from './row-state';

export interface ReviewOptions {
  mode: ReviewMode;
  margin: number;
  gate: ReviewGate;
  cut: CutRule;
  /** Most revisions, of those that the rollout was made for; all of them without it. */
  revisions?: number;
  /** Weights of a refiner of its own, for a rollout that was made for one; the actor's without them. */
  refiner?: Slice;
}

export interface RolloutShape {
  /** Most trajectories of one batch. */
  batch: number;
  /** T, the longest trajectory and its review. */
  positions: number;
  /** Most times that one rollout reviews and regenerates. */
  maxRevisions: number;
  /** Whether a network of its own reviews: it needs a key/value cache of its own. */
  separateRefiner: boolean;
  /** Reads drafts again for their reviews; null where a review stands behind the draft, over what was read when it was written. */
  stepReader: StepReader | null;
}

export interface RolloutOptions {
  runSeed: number;
  update: number;
  /** Of every row that names none: training uses 0, evaluations others. */
  replicate: number;
  /** Stream of the random numbers of drafts and suffixes; `rollout` by default. */
  purpose?: Purpose;
  /** 1 for training; 0 is greedy. */
  temperature: number;
  /** Of the regenerated suffix: a greedy one would repeat a greedy draft word for word. */
  suffixTemperature: number;
  /** null = nobody reviews. */
  review: ReviewOptions | null;
  /** Closed book: passages are blanked. */
  blank: boolean;
  reward: RewardOptions;
  /** Told before each phase, so that a page can show it. */
  onPhase?: (phase: 'rollout' | 'review' | 'regenerate') => void;
}

export interface RolloutResult {
  /** As the actor first wrote it, and what its review said. */
  draft: TrajectorySide;
  reviews: Reviews;
  /** The reviews of texts that were cut before, with those texts; one fewer than there may be revisions. */
  later: readonly ReviewRound[];
  final: TrajectorySide;
}

/**
 * Asked between submits. It may answer later, which holds the work where it is (nothing is lost, and it goes on exactly);
 * a yes abandons it with RolloutAborted.
 */
export type ShouldStop = () => boolean | Promise<boolean>;

/** A rollout that was abandoned because its caller asked for it. */
export class RolloutAborted extends Error {
  override name = 'RolloutAborted';
}

/** A rollout as those see it who only let it run: their tests need no device. */
export type Roller = Pick<Rollout, 'batch' | 'positions' | 'run'>;

/**
 * Draft, review, cut and regeneration of B trajectories, wholly on the GPU: token choice, retrieval, the episode's state and
 * the cut are kernels, so the CPU reads once, at the end. The suffix continues from the kept prefix's key/value cache.
 */
export class Rollout {
  readonly batch: number;
  readonly positions: number;
  private readonly loop: TokenLoop;
  /** Of a refiner of its own; it has a cache of what it reads. */
  private readonly reviewer: Decoder | null;
  private readonly stepReader: StepReader | null;
  private readonly arena: Slice;
  /** For each revision that there may be, the trajectories as their review read them, and the reviews. */
  private readonly rounds: readonly { draft: Slice; reviews: Slice }[];
  private readonly live: EpisodeBuffers;

  constructor(
    private readonly recorder: Recorder,
    private readonly readback: Readback,
    owner: BufferOwner,
    parameters: ParameterTable,
    vocabulary: Vocabulary,
    private readonly index: WorldIndex,
    { batch, positions, maxRevisions, separateRefiner, stepReader }: RolloutShape,
  ) {
    this.batch = batch;
    this.positions = positions;
    this.stepReader = stepReader;
    this.reviewer =
      separateRefiner && stepReader === null
        ? new Decoder(recorder, owner, parameters, batch, positions, BLOCK_TOKENS)
        : null;
    const round = (bytes: number) => Math.ceil(bytes / 256) * 256;
    const rowBytes = round(batch * ROW_WORDS * 4);
    const tokenBytes = round(batch * positions * 4);
    this.arena = owner.storage('trajectories', rowBytes + 3 * tokenBytes);
    this.rounds = Array.from({ length: maxRevisions }, (_, r) => ({
      draft: owner.storage(`drafts ${r}`, this.arena.size),
      reviews: owner.storage(`reviews ${r}`, batch * REVIEW_WORDS * 4),
    }));
    this.live = {
      rows: subSlice(this.arena, 0, rowBytes),
      tokens: subSlice(this.arena, rowBytes, tokenBytes),
      logProbs: subSlice(this.arena, rowBytes + tokenBytes, tokenBytes),
      entropies: subSlice(this.arena, rowBytes + 2 * tokenBytes, tokenBytes),
    };
    this.loop = new TokenLoop(recorder, owner, parameters, vocabulary, index, this.live, batch, positions);
  }

  /**
   * Runs one batch with the given parameters. `rows` may be fewer than the batch size.
   */
  async run(
    params: Slice,
    rows: readonly RolloutRow[],
    options: RolloutOptions,
    shouldStop: ShouldStop = () => false,
  ): Promise<RolloutResult> {
    const { recorder } = this;
    const schedule = this.upload(rows, options.replicate);
    this.load(params, options);
    const pause = async () => {
      await recorder.breathe();
      if (await shouldStop()) throw new RolloutAborted('stopped');
    };
    options.onPhase?.('rollout');
    await this.loop.write(params, options, schedule, options.temperature, pause);
    const { review } = options;
    const rounds = this.rounds.slice(0, review === null ? 1 : review.revisions);
    for (const [attempt, round] of rounds.entries()) {
      recorder.copy(this.arena, round.draft, this.arena.size);
      if (review === null) break;
      options.onPhase?.('review');
      for (let pass = 0; pass < (this.stepReader?.passes ?? 0); pass++) {
        this.stepReader?.read(review.refiner ?? params, this.live, round.reviews, pass);
        await pause();
      }
      await this.review(params, options, review, attempt, pause);
      options.onPhase?.('regenerate');
      await this.loop.write(params, options, AFTER_CUTS, options.suffixTemperature, pause);
    }
    return this.read(rows, options, rounds);
  }

  /** Whether keys and values are kept in 16-bit floats. */
  get halfCache(): boolean {
    return this.loop.decoder.halfCache;
  }

  set halfCache(half: boolean) {
    this.loop.decoder.halfCache = half;
    if (this.reviewer !== null) this.reviewer.halfCache = half;
  }

  /** What takes the rows of a step of single tokens through all layers at once (`Decoder.atOnce`). */
  get atOnce(): AtOnce | null {
    return this.loop.decoder.atOnce;
  }

  set atOnce(atOnce: AtOnce | null) {
    this.loop.decoder.atOnce = atOnce;
  }

  /** Measures what `atOnce` should be here, and sets it. */
  async chooseAtOnce(): Promise<void> {
    this.atOnce = await fastestAtOnce(this.recorder, this.loop.decoder);
  }

  /** Sets `atOnce` to so many rows, as a bench or a test would have it; 0 for a kernel an operation. */
  async takeAtOnce(rows: number): Promise<void> {
    this.atOnce = (await waysAtOnce(this.loop.decoder)).find((way) => way.rows === rows) ?? null;
  }

  /** Records what a rollout consists of, for `Recorder.collect`. */
  rehearse(params: Slice, options: RolloutOptions): void {
    const refiner = options.review?.refiner;
    this.load(params, options);
    this.loop.rehearse(params, options);
    const { review } = options;
    if (review === null) return;
    const [round] = this.rounds;
    if (round !== undefined) this.stepReader?.read(refiner ?? params, this.live, round.reviews, 0);
    this.begin(review, 0);
    this.decide(params, options, review, 0);
  }

  private load(params: Slice, { review }: RolloutOptions): void {
    this.loop.decoder.load(params);
    if (review?.refiner !== undefined && this.stepReader === null) this.reviewerOf(review).load(review.refiner);
  }

  /** What reads for a review: the actor's decoder, whose cache holds the trajectory already, or the refiner's own. */
  private reviewerOf({ refiner }: ReviewOptions): Decoder {
    if (refiner === undefined || this.stepReader !== null) return this.loop.decoder;
    assert(this.reviewer !== null, 'this rollout was made without a refiner of its own');
    return this.reviewer;
  }

  /** @param attempt revisions before this one: only rows that were cut in each of them are read */
  private async review(
    params: Slice,
    options: RolloutOptions,
    review: ReviewOptions,
    attempt: number,
    pause: () => Promise<void>,
  ): Promise<void> {
    this.begin(review, attempt);
    // A refiner of its own has read nothing of what it reviews.
    const reader = this.reviewerOf(review);
    const prefills = reader === this.loop.decoder ? 0 : prefillsOf(this.positions - reader.block);
    for (let i = 0; i < prefills; i++) {
      this.loop.prefill(reader, review.refiner ?? params, options);
      await pause();
    }
    this.decide(params, options, review, attempt);
  }

  private begin(review: ReviewOptions, attempt: number): void {
    const { recorder, batch, positions } = this;
    const { rows, tokens } = this.live;
    const whole = this.reviewerOf(review) !== this.loop.decoder;
    reviewBegin(recorder, { rows, tokens, batch, positions, attempt, whole });
  }

  private decide(params: Slice, options: RolloutOptions, review: ReviewOptions, attempt: number): void {
    const { recorder, batch, stepReader, loop } = this;
    const round = this.rounds[attempt];
    assert(round !== undefined, `there is no room for revision ${attempt + 1}`);
    loop.compact(options, PURPOSES.review, true);
    const reader = this.reviewerOf(review);
    if (stepReader === null) reader.stepBlocks(review.refiner ?? params, loop.active);
    const { mode, margin, gate, cut } = review;
    reviewDecide(recorder, {
      active: loop.active.active,
      logits: stepReader?.said ?? reader.logits,
      uniforms: loop.active.uniforms,
      passageFacts: this.index.facts,
      rows: this.live.rows,
      reviews: round.reviews,
      ld: stepReader === null ? reader.logitStride : SAID_STRIDE,
      again: stepReader !== null,
      ...{ mode, margin, gate, cut },
      seed: options.runSeed,
      update: options.update,
      batch,
    });
  }

  private upload(rows: readonly RolloutRow[], replicate: number): Schedule {
    if (rows.length > this.batch) throw new RangeError(`${rows.length} rows exceed the batch of ${this.batch}`);
    for (const { slot, world } of rows) this.index.put(slot, world);
    const { state, tokens } = rowState(rows, {
      batch: this.batch,
      positions: this.positions,
      stride: this.index.stride,
      replicate,
    });
    const schedule = scheduleOf(rows);
    for (const { to, count } of schedule.shared) for (const b of to) state[b * ROW_WORDS + ROW.position] = count;
    const { queue } = this.recorder.gpu.device;
    this.recorder.submit();
    queue.writeBuffer(this.live.rows.buffer, this.live.rows.offset, state);
    queue.writeBuffer(this.live.tokens.buffer, this.live.tokens.offset, tokens);
    for (const { reviews } of this.rounds) this.recorder.clear(reviews);
    return schedule;
  }

  private async read(
    rows: readonly RolloutRow[],
    options: RolloutOptions,
    rounds: readonly { draft: Slice; reviews: Slice }[],
  ): Promise<RolloutResult> {
    const slices = [this.arena, ...rounds.flatMap(({ draft, reviews }) => [draft, reviews])];
    const bytes = await this.readback.readAll(slices);
    const side = (start: number) => {
      const u32 = (slice: Slice) => new Uint32Array(bytes, start + slice.offset, slice.size / 4);
      const f32 = (slice: Slice) => new Float32Array(bytes, start + slice.offset, slice.size / 4);
      const words = {
        rows: u32(this.live.rows),
        tokens: u32(this.live.tokens),
        logProbs: f32(this.live.logProbs),
        entropies: f32(this.live.entropies),
      };
      return readSide(words, rows, this.positions, options.reward);
    };
    const read = rounds.map(({ reviews }, r): ReviewRound => {
      const start = this.arena.size + r * (this.arena.size + reviews.size);
      const words = new Uint32Array(bytes, start + this.arena.size, reviews.size / 4);
      return { draft: side(start), reviews: readReviews(words, rows.length, this.stepReader?.thinks ?? false) };
    });
    const [first, ...later] = read;
    assert(first !== undefined, 'a rollout keeps its drafts');
    return { ...first, later, final: side(0) };
  }
}
