import type { Slice } from '../../gpu/buffers';
import type { Readback } from '../../gpu/readback';
import type { Recorder } from '../../gpu/recorder';
import type { BatchUploader } from '../../models/batch';
import type { Transformer } from '../../models/transformer';
import type { Vocabulary } from '../../retrieval/vocabulary';
import { RolloutAborted, type ShouldStop } from '../rollout/rollout';
import type { TrajectorySide } from '../rollout/trajectory';
import { reviewText } from './loss-rows';
import { pack } from './pack';

/** What reviews of given texts would say under given weights, for measuring: forward passes over whole texts, no rollout. */
export class ReviewReader {
  constructor(
    private readonly recorder: Recorder,
    private readonly readback: Readback,
    private readonly model: Transformer,
    private readonly uploader: BatchUploader,
    private readonly vocabulary: Vocabulary,
  ) {}

  /**
   * @param shouldStop asked before each batch; a yes throws RolloutAborted
   * @returns (B,6) log-probability of the integers 0..5, -Infinity past S
   */
  async read(params: Slice, texts: TrajectorySide, shouldStop: ShouldStop = () => false): Promise<Float32Array> {
    const { recorder, readback, model, uploader, vocabulary } = this;
    const logProbs = new Float32Array(texts.lengths.length * 6).fill(-Infinity);
    const sequences = Array.from(texts.lengths, (_, row) => {
      const tokens = reviewText(texts, row, vocabulary);
      return { tokens, length: tokens.length, items: [{ position: tokens.length - 1, row }] };
    });
    for (const part of pack(sequences, model.capacity)) {
      if (await shouldStop()) throw new RolloutAborted('stopped');
      recorder.submit();
      model.forward(params, uploader.upload(part));
      const ld = model.logitStride;
      const logits = await readback.readF32(model.logits, part.items.length * ld);
      const [first] = vocabulary.special.integers;
      part.items.forEach(({ row }, n) => {
        const from = n * ld + first;
        logProbs.set(logSoftmax(logits.subarray(from, from + 1 + (texts.stepCounts[row] ?? 0))), row * 6);
      });
    }
    return logProbs;
  }
}

function logSoftmax(logits: Float32Array): number[] {
  const highest = Math.max(...logits);
  const sum = logits.reduce((total, z) => total + Math.exp(z - highest), 0);
  return Array.from(logits, (z) => z - highest - Math.log(sum));
}
