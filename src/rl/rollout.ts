import { answerToken, questionTokens } from '../env/questions';
import { subSlice, type BufferOwner, type Slice } from '../gpu/buffers';
import type { Readback } from '../gpu/readback';
import type { Recorder } from '../gpu/recorder';
import {
  bm25TopK,
  episodeCompact,
  episodeStep,
  reviewBegin,
  reviewDecide,
  type ActiveBuffers,
  type CutRule,
  type EpisodeBuffers,
  type ReviewGate,
  type ReviewMode,
} from '../kernels/episode/episode';
import { REVIEW_WORDS, ROW, ROW_WORDS } from '../kernels/episode/row-layout';
import { sample } from '../kernels/sampling/sampling';
import { PURPOSES, type Purpose } from '../lib/philox';
import { Decoder } from '../models/decoder';
import type { ParameterTable } from '../models/parameters';
import type { Vocabulary } from '../retrieval/vocabulary';
import { readReviews, readSide, type Reviews, type RowQuestion, type TrajectorySide } from './trajectory';
import type { RewardOptions } from './reward';
import type { WorldIndex } from './world-index';

export interface RolloutRow extends RowQuestion {
  /** Slot of the row's world in the index. */
  slot: number;
  /** Row number for the random streams; moving a row in the batch changes nothing. */
  logicalRow: number;
  /** The steps that the row goes on from; without them it starts at its question. */
  kept?: KeptSteps;
}

/** Steps 1..j-1 of a draft that was cut at step j, as they stand before the Actor regenerates the rest. */
export interface KeptSteps {
  /** The question and the kept steps with their results. */
  tokens: Uint16Array;
  /** (j-1) first position of each kept step. */
  stepStarts: Uint16Array;
  /** (j-1, 3) passages of each kept search. */
  passages: Int32Array;
  /** Revision number of the random numbers; a rollout's first revision has 1. */
  attempt: number;
  /** Takes the place of the options' replicate. */
  replicate: number;
}

export interface ReviewOptions {
  mode: ReviewMode;
  margin: number;
  gate: ReviewGate;
  cut: CutRule;
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
  draft: TrajectorySide;
  final: TrajectorySide;
  reviews: Reviews;
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

/**
 * Draft, review, cut and regeneration of B trajectories, wholly on the GPU: token choice, retrieval, the episode's state and
 * the cut are kernels, so the CPU reads once, at the end. The suffix continues from the kept prefix's key/value cache.
 */
export class Rollout {
  private readonly decoder: Decoder;
  private readonly arena: Slice;
  private readonly draft: Slice;
  private readonly live: EpisodeBuffers;
  private readonly active: ActiveBuffers;
  private readonly reviews: Slice;
  private readonly probs: Slice;
  private readonly chosen: Slice;
  private readonly stats: Slice;
  private readonly allowed: Slice;

  constructor(
    private readonly recorder: Recorder,
    private readonly readback: Readback,
    owner: BufferOwner,
    parameters: ParameterTable,
    private readonly vocabulary: Vocabulary,
    private readonly index: WorldIndex,
    readonly batch: number,
    readonly positions: number,
  ) {
    this.decoder = new Decoder(recorder, owner, parameters, batch, positions);
    const round = (bytes: number) => Math.ceil(bytes / 256) * 256;
    const rowBytes = round(batch * ROW_WORDS * 4);
    const tokenBytes = round(batch * positions * 4);
    // The live trajectories, and a copy of them as they were when the review read them.
    this.arena = owner.storage('trajectories', rowBytes + 3 * tokenBytes);
    this.draft = owner.storage('drafts', this.arena.size);
    this.live = {
      rows: subSlice(this.arena, 0, rowBytes),
      tokens: subSlice(this.arena, rowBytes, tokenBytes),
      logProbs: subSlice(this.arena, rowBytes + tokenBytes, tokenBytes),
      entropies: subSlice(this.arena, rowBytes + 2 * tokenBytes, tokenBytes),
    };
    this.reviews = owner.storage('reviews', batch * REVIEW_WORDS * 4);
    this.active = {
      active: owner.storage('active rows', 256 + batch * 4),
      inputs: owner.storage('inputs', batch * 4),
      lengths: owner.storage('lengths', batch * 4),
      uniforms: owner.storage('uniforms', batch * 4),
    };
    this.probs = owner.storage('probs', batch * this.decoder.logitStride * 4);
    this.chosen = owner.storage('chosen', batch * 4);
    this.stats = owner.storage('sample stats', batch * 8);
    this.allowed = owner.upload('actor tokens', Uint32Array.from(vocabulary.actorAllowed));
  }

  /**
   * Runs one batch with the given parameters. `rows` may be fewer than the batch size.
   *
   */
  async run(
    params: Slice,
    rows: readonly RolloutRow[],
    options: RolloutOptions,
    shouldStop: ShouldStop = () => false,
  ): Promise<RolloutResult> {
    const { recorder } = this;
    this.upload(rows, options.replicate);
    this.decoder.load(params);
    const generate = async (feedLast: boolean, temperature: number) => {
      // The last position is fed only where a review follows it.
      for (let step = 0; step < this.positions - 1; step++) {
        this.token(params, options, feedLast, temperature);
        await recorder.breathe();
        if (await shouldStop()) throw new RolloutAborted('stopped');
      }
    };
    options.onPhase?.('rollout');
    await generate(options.review !== null, options.temperature);
    recorder.copy(this.arena, this.draft, this.arena.size);
    if (options.review !== null) {
      options.onPhase?.('review');
      this.review(params, options, options.review);
      options.onPhase?.('regenerate');
      await generate(false, options.suffixTemperature);
    }
    return this.read(rows, options);
  }

  /** Whether keys and values are kept in 16-bit floats. */
  set halfCache(half: boolean) {
    this.decoder.halfCache = half;
  }

  /** Records what a rollout consists of, for `Recorder.collect`. */
  rehearse(params: Slice, options: RolloutOptions): void {
    this.decoder.load(params);
    this.token(params, options, true, 1);
    if (options.review !== null) this.review(params, options, options.review);
  }

  private token(params: Slice, options: RolloutOptions, feedLast: boolean, temperature: number): void {
    const { recorder, batch, positions, vocabulary, decoder } = this;
    this.compact(options, options.purpose ?? PURPOSES.rollout);
    decoder.step(params, this.active);
    sample(recorder, {
      logits: decoder.logits,
      allowed: this.allowed,
      uniforms: this.active.uniforms,
      limit: this.active.active,
      probs: this.probs,
      chosen: this.chosen,
      stats: this.stats,
      rows: batch,
      vocab: vocabulary.size,
      ld: decoder.logitStride,
      allowedPerRow: false,
      temperature,
      topK: 0,
      topP: 1,
    });
    episodeStep(recorder, {
      ...this.live,
      active: this.active.active,
      chosen: this.chosen,
      stats: this.stats,
      passages: this.index.terms,
      positions,
      contentBase: vocabulary.relationBase,
      feedLast,
      blank: options.blank,
      batch,
    });
    bm25TopK(recorder, {
      active: this.active.active,
      terms: this.index.terms,
      weights: this.index.weights,
      rows: this.live.rows,
      batch,
      passages: this.index.stride,
    });
  }

  private review(params: Slice, options: RolloutOptions, review: ReviewOptions): void {
    const { recorder, batch, positions } = this;
    reviewBegin(recorder, { rows: this.live.rows, tokens: this.live.tokens, batch, positions });
    this.compact(options, PURPOSES.review);
    this.decoder.step(params, this.active);
    reviewDecide(recorder, {
      active: this.active.active,
      logits: this.decoder.logits,
      uniforms: this.active.uniforms,
      passageFacts: this.index.facts,
      rows: this.live.rows,
      reviews: this.reviews,
      ld: this.decoder.logitStride,
      ...review,
      seed: options.runSeed,
      update: options.update,
      batch,
    });
  }

  private compact(options: RolloutOptions, purpose: number): void {
    episodeCompact(this.recorder, {
      ...this.live,
      ...this.active,
      batch: this.batch,
      positions: this.positions,
      update: options.update,
      key0: options.runSeed,
      key1: purpose,
    });
  }

  private upload(rows: readonly RolloutRow[], replicate: number): void {
    if (rows.length > this.batch) throw new RangeError(`${rows.length} rows exceed the batch of ${this.batch}`);
    const state = new Uint32Array(this.batch * ROW_WORDS);
    const tokens = new Uint32Array(this.batch * this.positions);
    rows.forEach(({ world, chain, slot, logicalRow, kept }, b) => {
      this.index.put(slot, world);
      const prompt = kept?.tokens ?? questionTokens(world.schema, chain);
      tokens.set(prompt, b * this.positions);
      const base = b * ROW_WORDS;
      state[base + ROW.length] = prompt.length;
      state[base + ROW.promptLength] = prompt.length;
      state[base + ROW.isActive] = 1;
      state[base + ROW.passageBase] = slot * this.index.stride;
      state[base + ROW.passageCount] = world.passages.length;
      state[base + ROW.logicalRow] = logicalRow;
      state[base + ROW.replicate] = kept?.replicate ?? replicate;
      state[base + ROW.gold] = answerToken(world.schema, chain);
      state[base + ROW.hopCount] = chain.facts.length;
      chain.facts.forEach((fact, h) => (state[base + ROW.hopFacts + h] = fact + 1));
      if (kept === undefined) return;
      // Every kept step holds exactly one search: anything else would have ended the trajectory.
      state[base + ROW.steps] = kept.stepStarts.length;
      state[base + ROW.searches] = kept.stepStarts.length;
      state[base + ROW.attempt] = kept.attempt;
      state.set(kept.stepStarts, base + ROW.stepStarts);
      state.set(kept.passages, base + ROW.passages);
    });
    const { queue } = this.recorder.gpu.device;
    this.recorder.submit();
    queue.writeBuffer(this.live.rows.buffer, this.live.rows.offset, state);
    queue.writeBuffer(this.live.tokens.buffer, this.live.tokens.offset, tokens);
    this.recorder.clear(this.reviews);
  }

  private async read(rows: readonly RolloutRow[], options: RolloutOptions): Promise<RolloutResult> {
    const bytes = await this.readback.readAll([this.arena, this.draft, this.reviews]);
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
    const reviewWords = new Uint32Array(bytes, 2 * this.arena.size, this.reviews.size / 4);
    return { final: side(0), draft: side(this.arena.size), reviews: readReviews(reviewWords, rows.length) };
  }
}
