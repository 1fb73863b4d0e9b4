import source from '../../../shaders/grpo_loss.wgsl?raw';
import type { Slice } from '../../gpu/buffers';
import { defineKernel } from '../../gpu/kernel';
import type { Recorder } from '../../gpu/recorder';
import { rowLanes } from '../row-lanes';

export const grpoLossKernel = defineKernel({
  name: 'grpo_loss',
  source,
  params: {
    rows: 'u32',
    vocab: 'u32',
    ld: 'u32',
    oldFromNew: 'u32',
    refFromStats: 'u32',
    clipLow: 'f32',
    clipHigh: 'f32',
    klBeta: 'f32',
    entropyBonus: 'f32',
    firstGroup: 'u32',
  },
  buffers: { rowInfo: 'read', values: 'read', allowed: 'read', refStats: 'read', logits: 'write', stats: 'write' },
  costPerOperation: 2,
});

/** Columns of `stats` (N,8); the last four are multiplied by the mask. */
export const GRPO_STATS = [
  'logProb',
  'rowEntropy',
  'loss',
  'policyLoss',
  'klK3',
  'approxKl',
  'clipFraction',
  'entropy',
] as const;

export type Aggregation = 'sequenceMean' | 'tokenMean' | 'fixedLength';

/**
 * The weight c of each masked token in the aggregate, by sequence (all masked tokens of a sequence weigh the same).
 *
 * @param maskSums masked tokens of each of the B sequences
 * @param positions T, for fixedLength
 * @returns (B); 0 for a sequence without masked tokens
 */
export function aggregationWeights(aggregation: Aggregation, maskSums: readonly number[], positions: number): number[] {
  const sequences = maskSums.length;
  const total = maskSums.reduce((a, b) => a + b, 0);
  return maskSums.map((count) => {
    if (count === 0) return 0;
    switch (aggregation) {
      case 'sequenceMean':
        return 1 / (sequences * count);
      case 'tokenMean':
        return 1 / total;
      case 'fixedLength':
        return 1 / (sequences * positions);
    }
  });
}

/** logits (N,ld) become dLogits; stats (N,8) overwritten, columns as GRPO_STATS. Layouts in shaders/grpo_loss.wgsl. */
export function grpoLoss(
  recorder: Recorder,
  args: {
    rowInfo: Slice;
    values: Slice;
    allowed: Slice;
    logits: Slice;
    stats: Slice;
    /** Stats of the same rows under the base policy; without them the base log-probabilities come from `values`. */
    refStats?: Slice;
    rows: number;
    vocab: number;
    ld: number;
    oldFromNew: boolean;
    clipLow: number;
    clipHigh: number;
    klBeta: number;
    entropyBonus: number;
  },
): void {
  const { rows, vocab, ld, clipLow, clipHigh, klBeta, entropyBonus } = args;
  recorder.dispatch(grpoLossKernel, {
    params: {
      rows,
      vocab,
      ld,
      oldFromNew: args.oldFromNew ? 1 : 0,
      refFromStats: args.refStats === undefined ? 0 : 1,
      clipLow,
      clipHigh,
      klBeta,
      entropyBonus,
    },
    buffers: {
      rowInfo: args.rowInfo,
      values: args.values,
      allowed: args.allowed,
      refStats: args.refStats ?? args.values,
      logits: args.logits,
      stats: args.stats,
    },
    ...rowLanes(recorder, rows),
    work: 60 * rows * vocab,
  });
}
