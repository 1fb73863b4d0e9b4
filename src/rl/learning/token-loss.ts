import type { Slice } from '../../gpu/buffers';
import { GRPO_STATS, grpoLoss } from '../../kernels/grpo/grpo';
import type { Transformer } from '../../models/transformer';
import type { Learner } from './learner';
import { allowedTable } from './loss-rows';

export interface TokenStats {
  logProb: number;
  clipped: boolean;
}

/** The training's own loss over the tokens of one trajectory, for its numbers alone: the same kernel, so the same clipping. */
export class TokenLoss {
  private readonly rowInfo: Slice;
  private readonly values: Slice;
  private readonly stats: Slice;
  private readonly allowed: Slice;

  /** @param model whose logits it reads, and overwrites */
  constructor(
    private readonly learner: Learner,
    private readonly model: Transformer,
  ) {
    const { owner, positions, family } = learner;
    this.rowInfo = owner.storage('inspected loss rows', positions * 16);
    this.values = owner.storage('inspected loss values', positions * 16);
    this.stats = owner.storage('inspected loss stats', positions * GRPO_STATS.length * 4);
    this.allowed = owner.upload('inspected allowed tokens', allowedTable(family.schema.vocabulary));
  }

  /**
   * Follows a forward pass with logits for the N positions before those of `written`.
   *
   * @param old (T) log-probabilities when the tokens were written; null where these weights wrote them
   * @returns (N)
   */
  async read(
    tokens: Uint16Array,
    written: readonly number[],
    advantage: number,
    old: Float32Array | null,
  ): Promise<TokenStats[]> {
    const { learner, model, rowInfo, values, allowed, stats } = this;
    const { recorder, readback, gpu, config } = learner;
    const { queue } = gpu.device;
    const info = Uint32Array.from(written.flatMap((t) => [tokens[t] ?? 0, 0, 1, 0]));
    const numbers = Float32Array.from(written.flatMap((t) => [advantage, old?.[t] ?? 0, 0, 1]));
    queue.writeBuffer(rowInfo.buffer, rowInfo.offset, info);
    queue.writeBuffer(values.buffer, values.offset, numbers);
    const { clipLow, clipHigh } = config;
    grpoLoss(recorder, {
      ...{ rowInfo, values, allowed, stats, logits: model.logits, rows: written.length },
      ...{ vocab: model.parameters.shape.vocab, ld: model.logitStride, oldFromNew: old === null },
      ...{ clipLow, clipHigh, klBeta: 0, entropyBonus: 0 },
    });
    const read = await readback.readF32(stats, written.length * GRPO_STATS.length);
    const at = (row: number, name: (typeof GRPO_STATS)[number]): number =>
      read[row * GRPO_STATS.length + GRPO_STATS.indexOf(name)] ?? 0;
    return written.map((_, row) => ({ logProb: at(row, 'logProb'), clipped: at(row, 'clipFraction') > 0 }));
  }
}
