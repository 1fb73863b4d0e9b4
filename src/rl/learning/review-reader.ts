import type { Slice } from '../../gpu/buffers';
import type { Readback } from '../../gpu/readback';
import type { Recorder } from '../../gpu/recorder';
import type { BatchUploader } from '../../models/batch';
import type { Transformer } from '../../models/transformer';
import type { Vocabulary } from '../../retrieval/vocabulary';
import { RolloutAborted, type ShouldStop } from '../rollout/rollout';
import { FINE, FLAWED, reviewText, saidByVerdicts, type ReviewForm } from '../rollout/review-text';
import type { TrajectorySide } from '../rollout/trajectory';
import { pack } from './pack';

/** What reviews of given texts would say under given weights, for measuring: forward passes over whole texts, no rollout. */
export class ReviewReader {
  constructor(
    private readonly recorder: Recorder,
    private readonly readback: Readback,
    private readonly uploader: BatchUploader,
    private readonly vocabulary: Vocabulary,
    private readonly form: ReviewForm,
  ) {}

  /**
   * @param model with room for sequences of `readingPositions`; its activations and logits are overwritten
   * @param params of a network of its shape
   * @param shouldStop asked before each batch; a yes throws RolloutAborted
   * @returns (B,6) log-probability of the integers 0..5, -Infinity past S
   */
  async read(
    model: Transformer,
    params: Slice,
    texts: TrajectorySide,
    shouldStop: ShouldStop = () => false,
  ): Promise<Float32Array> {
    const { recorder, readback, uploader, vocabulary, form } = this;
    const logProbs = new Float32Array(texts.lengths.length * 6).fill(-Infinity);
    let hops = 0;
    const sequences = Array.from(texts.lengths, (_, row) => {
      const { tokens, decisions, thinks } = reviewText(texts, row, vocabulary, form);
      hops = Math.max(hops, thinks.length);
      const items = [
        ...decisions.map((position) => ({ position, row, hop: -1 })),
        ...thinks.map((position, hop) => ({ position, row, hop })),
      ].sort((a, b) => a.position - b.position);
      return { tokens, length: tokens.length, items };
    });
    for (const part of pack(sequences, model.capacity)) {
      const ld = model.logitStride;
      const read = async () => {
        if (await shouldStop()) throw new RolloutAborted('stopped');
        recorder.submit();
        model.forward(params, uploader.upload(part));
        return readback.readF32(model.logits, part.items.length * ld);
      };
      for (let hop = 0; hop < hops; hop++) {
        const logits = await read();
        part.items.forEach((item, n) => {
          if (item.hop !== hop) return;
          part.tokens[(part.selected[n] ?? 0) + 1] = likeliestThought(logits.subarray(n * ld), vocabulary);
        });
      }
      const logits = await read();
      const [first] = vocabulary.special.integers;
      // The verdicts of a row follow each other.
      const odds = new Map<number, number[]>();
      part.items.forEach(({ row, hop }, n) => {
        if (hop >= 0) return;
        const said = logits.subarray(n * ld + first, n * ld + first + 1 + (texts.stepCounts[row] ?? 0));
        if (form.reviewReading === 'behind') logProbs.set(logSoftmax(said), row * 6);
        else odds.set(row, [...(odds.get(row) ?? []), (said[FLAWED] ?? 0) - (said[FINE] ?? 0)]);
      });
      for (const [row, verdicts] of odds) logProbs.set(saidByVerdicts(verdicts), row * 6);
    }
    return logProbs;
  }
}

/** As the GPU chooses it (shaders/review_think.wgsl). */
function likeliestThought(logits: Float32Array, { special, entityBase, size }: Vocabulary): number {
  let best: number = special.question;
  for (let token = entityBase; token < size; token++) if ((logits[token] ?? 0) > (logits[best] ?? 0)) best = token;
  return best;
}

function logSoftmax(logits: Float32Array): number[] {
  const highest = Math.max(...logits);
  const sum = logits.reduce((total, z) => total + Math.exp(z - highest), 0);
  return Array.from(logits, (z) => z - highest - Math.log(sum));
}
