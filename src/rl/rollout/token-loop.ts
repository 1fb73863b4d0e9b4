import { BLOCK_TOKENS, MAX_STEPS, STEP_CHOICES } from '../../env/episode-limits';
import { PHASE } from '../../env/episode';
import type { BufferOwner, Slice } from '../../gpu/buffers';
import type { Recorder } from '../../gpu/recorder';
import {
  bm25TopK,
  episodeCompact,
  episodeStep,
  type ActiveBuffers,
  type EpisodeBuffers,
} from '../../kernels/episode/episode';
import { sample } from '../../kernels/sampling/sampling';
import { PURPOSES, type Purpose } from '../../lib/philox';
import { Decoder } from '../../models/decoder';
import type { ParameterTable } from '../../models/parameters';
import type { Vocabulary } from '../../retrieval/vocabulary';
import type { RolloutRow } from './row-state';
import { sharedBeginnings, type SharedBeginning } from './shared-beginnings';
import type { WorldIndex } from './world-index';

/** What is enough for any row of a batch. */
export interface Schedule {
  /** Steps that feed beginnings too long for one block. */
  prefills: number;
  /** Rows that then get keys and values of others. */
  shared: readonly SharedBeginning[];
  /** Steps that sample. */
  choices: number;
}

/** Of rows that may write five whole steps. */
const ALL_CHOICES = MAX_STEPS * STEP_CHOICES;

/** Of rows that were cut: their newest token alone has not been fed. */
export const AFTER_CUTS: Schedule = { prefills: 0, shared: [], choices: ALL_CHOICES };

export function scheduleOf(rows: readonly Pick<RolloutRow, 'kept'>[]): Schedule {
  const running = rows.map(({ kept }) => (kept?.open?.phase === PHASE.done ? undefined : kept));
  const shared = sharedBeginnings(running.map((kept) => kept?.tokens ?? new Uint16Array()));
  const given = new Set(shared.flatMap(({ to }) => to));
  const givers = new Set(shared.map(({ from }) => from));
  let [prefills, choices] = [0, 0];
  rows.forEach(({ kept }, b) => {
    if (kept !== running[b]) return;
    if (kept !== undefined && !given.has(b)) {
      // Its passages are fed beside the newest token of a row that waits for them; a giver has read all but that.
      const room = (kept.open?.forcedLeft ?? 0) > 0 || givers.has(b) ? 1 : BLOCK_TOKENS;
      prefills = Math.max(prefills, prefillsOf(kept.tokens.length - room));
    }
    const searches = kept?.open?.searches ?? kept?.stepStarts.length ?? 0;
    choices = Math.max(choices, (MAX_STEPS - searches) * STEP_CHOICES);
  });
  return { prefills, shared, choices };
}

/** Steps that feed so many tokens of a row. */
export function prefillsOf(tokens: number): number {
  return Math.max(0, Math.ceil(tokens / BLOCK_TOKENS));
}

/** What the steps of one batch have in common. */
export interface TokenOptions {
  runSeed: number;
  update: number;
  purpose?: Purpose;
  blank: boolean;
}

/**
 * The steps in which rows of a batch are fed and write, each one sampled token a row. A step of a trajectory has at most 8 tokens
 * of the policy's, so every eighth decoding step finds the passages of all queries that were completed before it and feeds them in
 * blocks; a row that has its query earlier waits, and none ever takes longer for it. How many steps there are follows from what
 * rows begin with, and a row's tokens from the row alone.
 */
export class TokenLoop {
  readonly decoder: Decoder;
  readonly active: ActiveBuffers;
  private readonly probs: Slice;
  private readonly chosen: Slice;
  private readonly stats: Slice;
  private readonly allowed: Slice;

  constructor(
    private readonly recorder: Recorder,
    owner: BufferOwner,
    parameters: ParameterTable,
    private readonly vocabulary: Vocabulary,
    private readonly index: WorldIndex,
    private readonly live: EpisodeBuffers,
    private readonly batch: number,
    private readonly positions: number,
  ) {
    const fed = batch * BLOCK_TOKENS;
    this.decoder = new Decoder(recorder, owner, parameters, batch, positions, BLOCK_TOKENS);
    this.active = {
      active: owner.storage('active rows', 256 + batch * 4),
      fed: owner.storage('fed rows', 256 + fed * 4),
      inputs: owner.storage('inputs', fed * 4),
      lengths: owner.storage('lengths', fed * 4),
      uniforms: owner.storage('uniforms', batch * 4),
    };
    this.probs = owner.storage('probs', batch * this.decoder.logitStride * 4);
    this.chosen = owner.storage('chosen', batch * 4);
    this.stats = owner.storage('sample stats', batch * 8);
    this.allowed = owner.upload('actor tokens', Uint32Array.from(vocabulary.actorAllowed));
  }

  /** Lets active rows write until all have ended. */
  async write(
    params: Slice,
    options: TokenOptions,
    { prefills, shared, choices }: Schedule,
    temperature: number,
    pause: () => Promise<void>,
  ): Promise<void> {
    const { recorder } = this;
    const beginning = recorder.sequence(() => this.prefill(this.decoder, params, options));
    for (let i = 0; i < prefills; i++) {
      recorder.play(beginning);
      await pause();
    }
    for (const { from, to, count } of shared) this.decoder.copyPrefix(from, to, count);
    const block = recorder.sequence(() => this.block(params, options, temperature));
    const token = recorder.sequence(() => this.token(params, options, temperature));
    for (let step = 0; step < choices; step++) {
      recorder.play(step % STEP_CHOICES === 0 ? block : token);
      await pause();
    }
  }

  /** Every dispatch there is, for `Recorder.collect`. */
  rehearse(params: Slice, options: TokenOptions): void {
    this.block(params, options, 1);
    this.token(params, options, 1);
  }

  /** Feeds a block of each active row that has one before its newest token. */
  prefill(decoder: Decoder, params: Slice, options: TokenOptions): void {
    this.compact(options, options.purpose ?? PURPOSES.rollout, false);
    decoder.prefill(params, this.active);
  }

  /** Lists what is fed next, with the random numbers of its purpose. */
  compact({ update, runSeed }: TokenOptions, purpose: Purpose, last: boolean): void {
    const { batch, positions } = this;
    episodeCompact(this.recorder, {
      ...this.live,
      ...this.active,
      ...{ batch, positions, update, key0: runSeed, key1: purpose, block: BLOCK_TOKENS, last },
    });
  }

  private block(params: Slice, options: TokenOptions, temperature: number): void {
    const { batch, positions, index } = this;
    bm25TopK(this.recorder, { ...this.live, index, batch, positions, blank: options.blank });
    this.compact(options, options.purpose ?? PURPOSES.rollout, true);
    this.decoder.stepBlocks(params, this.active);
    this.choose(temperature);
  }

  private token(params: Slice, options: TokenOptions, temperature: number): void {
    this.compact(options, options.purpose ?? PURPOSES.rollout, true);
    this.decoder.step(params, this.active);
    this.choose(temperature);
  }

  private choose(temperature: number): void {
    const { recorder, batch, positions, vocabulary, decoder, chosen, stats } = this;
    const { active, uniforms } = this.active;
    sample(recorder, {
      logits: decoder.logits,
      allowed: this.allowed,
      uniforms,
      limit: active,
      probs: this.probs,
      chosen,
      stats,
      rows: batch,
      vocab: vocabulary.size,
      ld: decoder.logitStride,
      allowedPerRow: false,
      temperature,
      topK: 0,
      topP: 1,
    });
    const contentBase = vocabulary.relationBase;
    episodeStep(recorder, { ...this.live, active, chosen, stats, positions, contentBase, batch });
  }
}
