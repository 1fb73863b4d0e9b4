import type { Slice } from '../gpu/buffers';
import { BatchUploader } from '../models/batch';
import { Transformer } from '../models/transformer';
import type { Learner } from '../rl/learner';
import { policyPositions } from '../rl/policy-tokens';

/** As the protocol's, with buffers that can be transferred. */
export interface Inspection {
  update: number;
  current: Float32Array<ArrayBuffer>;
  reference: Float32Array<ArrayBuffer>;
}

/**
 * Log-probabilities of one trajectory under the present weights and under the base. It has activations of its own, so it may
 * run while a rollout is held, and it only reads the weights.
 */
export class TokenInspector {
  private readonly model: Transformer;
  private readonly uploader: BatchUploader;
  private readonly base: Slice;

  /** @param base frozen parameters that the KL term refers to */
  constructor(
    private readonly learner: Learner,
    base: Float32Array<ArrayBuffer>,
  ) {
    const { recorder, owner, table, positions, gpu } = learner;
    this.model = new Transformer(recorder, owner, table, positions, positions);
    this.uploader = new BatchUploader(gpu.device, owner, table.shape.vocab, positions);
    this.base = owner.upload('inspected base', base);
  }

  /** @param tokens (T) of one trajectory, at most as many as a row has positions */
  async inspect(tokens: Uint16Array): Promise<Inspection> {
    const { learner } = this;
    const length = Math.min(tokens.length, learner.positions);
    const written = policyPositions(tokens, 0, length, learner.family.schema.vocabulary.special);
    return {
      update: learner.updates,
      current: await this.logProbs(learner.optimizer.params, tokens.subarray(0, length), written),
      reference: await this.logProbs(this.base, tokens.subarray(0, length), written),
    };
  }

  private async logProbs(
    params: Slice,
    tokens: Uint16Array,
    written: readonly number[],
  ): Promise<Float32Array<ArrayBuffer>> {
    const { model, learner } = this;
    const logProbs = new Float32Array(tokens.length);
    if (written.length === 0) return logProbs;
    learner.recorder.submit();
    const batch = this.uploader.upload({
      tokens: Uint32Array.from(tokens),
      lengths: [tokens.length],
      // Logits at a position predict the token after it.
      selected: Uint32Array.from(written, (t) => t - 1),
    });
    model.forward(params, batch);
    const logits = await learner.readback.readF32(model.logits, written.length * model.logitStride);
    const { actorAllowed } = learner.family.schema.vocabulary;
    written.forEach((t, row) => {
      const start = row * model.logitStride;
      logProbs[t] = logProbability(logits.subarray(start, start + actorAllowed.length), actorAllowed, tokens[t] ?? 0);
    });
    return logProbs;
  }
}

/** Of one token among those that the policy may write, as the sampler has it: (x - max) - log(sum). */
function logProbability(logits: Float32Array, allowed: Uint32Array, token: number): number {
  let max = -Infinity;
  logits.forEach((x, v) => {
    if (allowed[v] === 1) max = Math.max(max, x);
  });
  let sum = 0;
  logits.forEach((x, v) => {
    if (allowed[v] === 1) sum += Math.exp(x - max);
  });
  return (logits[token] ?? 0) - max - Math.log(sum);
}
