import { alignUp, subSlice, type Slice } from '../../gpu/buffers';
import { UserError } from '../../lib/assert';
import { BatchUploader, type DeviceBatch } from '../../models/batch';
import { Transformer } from '../../models/transformer';
import type { Learner } from '../../rl/learning/learner';
import { logProbability } from '../../rl/rollout/log-probability';
import { policyPositions } from '../../rl/rollout/policy-tokens';
import { TokenLoss, type TokenStats } from '../../rl/learning/token-loss';
import {
  ALTERNATIVES,
  type Alternatives,
  type AskCommand,
  type AttentionWeights,
  type TokenChange,
} from '../protocol/ask-protocol';
import type { Inspection } from '../protocol/protocol';
import type { UpdateWeights, Weights } from '../state/kept-weights';

/**
 * What given weights and the base make of one trajectory: log-probabilities, alternatives, attention. It has activations of its
 * own, so it may run while a rollout is held, and it only reads the weights.
 */
export class TokenInspector {
  private readonly model: Transformer;
  private readonly uploader: BatchUploader;
  private readonly base: Slice;
  /** (H,T) of each layer. */
  private readonly weights: Slice[];
  private loss: TokenLoss | null = null;

  /** @param base frozen parameters that the KL term refers to */
  constructor(
    private readonly learner: Learner,
    base: Float32Array<ArrayBuffer>,
  ) {
    const { recorder, owner, table, positions, gpu } = learner;
    this.model = new Transformer(recorder, owner, table, positions, positions);
    this.uploader = new BatchUploader(gpu.device, owner, table.shape.vocab, positions);
    this.base = owner.upload('inspected base', base);
    const { layers, heads } = table.shape;
    const bytes = alignUp(heads * positions * 4, 256);
    const all = owner.storage('attention weights', layers * bytes);
    this.weights = Array.from({ length: layers }, (_, l) => subSlice(all, l * bytes, bytes));
  }

  /** @param tokens (T) of one trajectory, at most as many as a row has positions */
  async inspect(tokens: Uint16Array, { update, params }: Weights): Promise<Inspection> {
    const { learner } = this;
    const length = Math.min(tokens.length, learner.positions);
    const written = policyPositions(tokens, 0, length, learner.family.schema.vocabulary.special);
    return {
      update,
      current: await this.logProbs(params, tokens.subarray(0, length), written),
      reference: await this.logProbs(this.base, tokens.subarray(0, length), written),
    };
  }

  /**
   * The likeliest tokens at a position that the policy writes, given those before it, and the one that stands there.
   *
   * @throws UserError where the policy writes nothing at the position
   */
  async alternatives(tokens: Uint16Array, position: number, { update, params }: Weights): Promise<Alternatives> {
    const { vocabulary } = this.learner.family.schema;
    const length = Math.min(tokens.length, this.learner.positions);
    if (!policyPositions(tokens, 0, length, vocabulary.special).includes(position)) {
      throw new UserError(
        'The policy writes no token at this place.',
        'Choose one of a thought, a query or an answer.',
      );
    }
    const logits = await this.logits(params, tokens.subarray(0, position), [position]);
    const { actorAllowed } = vocabulary;
    const legal = Array.from(actorAllowed.keys()).filter((token) => actorAllowed[token] === 1);
    const logProbOf = logProbability(logits, actorAllowed);
    const logProbs = new Map(legal.map((token) => [token, logProbOf(token)]));
    // Of equally likely ones the lower id, as the sampler has it.
    const ranked = [...logProbs].sort(([a, p], [b, q]) => q - p || a - b);
    const best = ranked.slice(0, ALTERNATIVES);
    const chosen = tokens[position] ?? 0;
    return {
      update,
      position,
      tokens: Uint16Array.from(best, ([token]) => token),
      logProbs: Float32Array.from(best, ([, logProb]) => logProb),
      entropy: ranked.reduce((sum, [, logProb]) => sum - Math.exp(logProb) * logProb, 0),
      logProb: logProbs.get(chosen) ?? 0,
      rank: 1 + ranked.findIndex(([token]) => token === chosen),
    };
  }

  /** Where each head looks from a position, over the tokens up to it. @throws UserError where there is no such position */
  async attention(tokens: Uint16Array, position: number, { update, params }: Weights): Promise<AttentionWeights> {
    const { model, learner, weights } = this;
    const { layers, heads } = learner.table.shape;
    if (position >= Math.min(tokens.length, learner.positions)) {
      throw new UserError('The trajectory is not as long as this.', 'Choose one of its tokens.');
    }
    const seen = position + 1;
    const batch = this.forward(params, tokens.subarray(0, seen), [seen]);
    model.attentionOf(batch, position, weights);
    const parts = weights.map((slice) => ({ ...slice, size: heads * seen * 4 }));
    const read = new Float32Array(await learner.readback.readAll(parts));
    return { update, position, layers, heads, weights: read };
  }

  /**
   * What an update did to the tokens that the policy wrote, with the numbers of the training's own loss.
   *
   * @param weights those that the command's update began and ended with
   */
  async change(
    { tokens, logProbs, advantage, update }: Extract<AskCommand, { type: 'change' }>,
    weights: UpdateWeights,
  ): Promise<TokenChange> {
    const { learner, model } = this;
    const { before, lastPass, after, trained } = weights;
    const { epochs: passes, clipLow, clipHigh } = learner.config;
    const length = Math.min(tokens.length, learner.positions);
    const written = policyPositions(tokens, 0, length, learner.family.schema.vocabulary.special);
    const own = trained === 'refiner' ? 0 : advantage;
    const loss = (this.loss ??= new TokenLoss(learner, model));
    const under = async (params: Slice, old: Float32Array | null): Promise<TokenStats[]> => {
      if (written.length === 0) return [];
      this.forward(params, tokens.subarray(0, length), written);
      return loss.read(tokens, written, own, old);
    };
    const first = await under(before, null);
    // As in the update: in the first pass the old policy is the new one.
    const last = lastPass === null ? first : await under(lastPass, logProbs);
    const then = await under(after, null);
    const change = {
      ...{ update, trained, passes, clipLow, clipHigh },
      before: new Float32Array(tokens.length),
      after: new Float32Array(tokens.length),
      ratio: new Float32Array(tokens.length),
      clipped: new Uint8Array(tokens.length),
    };
    written.forEach((t, row) => {
      change.before[t] = first[row]?.logProb ?? 0;
      change.after[t] = then[row]?.logProb ?? 0;
      change.ratio[t] = lastPass === null ? 1 : Math.exp((last[row]?.logProb ?? 0) - (logProbs[t] ?? 0));
      change.clipped[t] = last[row]?.clipped === true ? 1 : 0;
    });
    return change;
  }

  private async logProbs(
    params: Slice,
    tokens: Uint16Array,
    written: readonly number[],
  ): Promise<Float32Array<ArrayBuffer>> {
    const { model, learner } = this;
    const logProbs = new Float32Array(tokens.length);
    if (written.length === 0) return logProbs;
    const logits = await this.logits(params, tokens, written);
    const { actorAllowed } = learner.family.schema.vocabulary;
    written.forEach((t, row) => {
      const start = row * model.logitStride;
      logProbs[t] = logProbability(logits.subarray(start, start + actorAllowed.length), actorAllowed)(tokens[t] ?? 0);
    });
    return logProbs;
  }

  /** (M,logitStride) logits of the tokens at `written`, which may reach one behind the last. */
  private async logits(params: Slice, tokens: Uint16Array, written: readonly number[]): Promise<Float32Array> {
    const { model, learner } = this;
    this.forward(params, tokens, written);
    return learner.readback.readF32(model.logits, written.length * model.logitStride);
  }

  private forward(params: Slice, tokens: Uint16Array, written: readonly number[]): DeviceBatch {
    this.learner.recorder.submit();
    const batch = this.uploader.upload({
      tokens: Uint32Array.from(tokens),
      lengths: [tokens.length],
      // Logits at a position predict the token after it.
      selected: Uint32Array.from(written, (t) => t - 1),
    });
    this.model.forward(params, batch);
    return batch;
  }
}
