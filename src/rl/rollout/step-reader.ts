import { MAX_STEPS } from '../../env/episode-limits';
import type { BufferOwner, Slice } from '../../gpu/buffers';
import type { Recorder } from '../../gpu/recorder';
import type { EpisodeBuffers } from '../../kernels/episode/episode';
import { reviewText, reviewThink, reviewVerdicts, SAID_STRIDE } from '../../kernels/episode/review-again';
import { BatchUploader, type DeviceBatch } from '../../models/batch';
import type { Transformer } from '../../models/transformer';

/**
 * Positions of what a review reads again: `<review>`, the longest trajectory and a token behind each step, and before the last of
 * these `<review>` and its thoughts, where it has any.
 */
export function readingPositions(positions: number, thoughts = 0): number {
  return positions + 1 + MAX_STEPS + (thoughts === 0 ? 0 : 1 + thoughts);
}

interface StepReaderShape {
  batch: number;
  /** T, of the trajectories. */
  positions: number;
  /** Whether the token behind a step says how sure the policy was in it. */
  certainty: boolean;
  /** Most hops of a question, of each of which a review writes down what it believes; 0 where it thinks of none. */
  thoughts: number;
  /** First token id of an entity. */
  entityBase: number;
}

/**
 * Reads finished trajectories again on the GPU, `<review>` first, with a verdict behind every step: a few forward passes over
 * texts that a kernel writes, each with as many rows as the activations hold. All texts have the same length, padded behind the
 * end, where nothing looks; so the CPU need not know how long they are, and nothing is read back. What it thinks is written into
 * the texts, a hop a pass over all of them.
 */
export class StepReader {
  /** (B,SAID_STRIDE) the logarithms of what each row's review may say. */
  readonly said: Slice;
  private readonly text: DeviceBatch;
  private readonly count: number;
  private readonly stride: number;

  /** @param model with room for sequences of `readingPositions`; its activations and logits are overwritten */
  constructor(
    private readonly recorder: Recorder,
    owner: BufferOwner,
    private readonly model: Transformer,
    private readonly shape: StepReaderShape,
  ) {
    const { batch, positions, thoughts } = shape;
    this.stride = readingPositions(positions, thoughts);
    this.count = Math.min(batch, Math.floor(model.capacity / this.stride));
    this.said = owner.storage('said by verdicts', batch * SAID_STRIDE * 4);
    const rows = this.count * this.stride;
    const { vocab } = model.parameters.shape;
    this.text = new BatchUploader(recorder.gpu.device, owner, vocab, rows).upload({
      tokens: new Uint32Array(rows),
      lengths: new Array<number>(this.count).fill(this.stride),
      selected: new Uint32Array(this.count * (MAX_STEPS + thoughts)),
    });
  }

  /** Whether reviews write down what they believe. */
  get thinks(): boolean {
    return this.shape.thoughts > 0;
  }

  /** Passes that the whole batch takes. */
  get passes(): number {
    return Math.ceil(this.shape.batch / this.count);
  }

  /** Reads the rows of pass `pass` and writes what their reviews may say to `said`, and what they think to `reviews`. */
  read(params: Slice, live: EpisodeBuffers, reviews: Slice, pass: number): void {
    const { recorder, model, text, count, stride } = this;
    const { batch, positions, certainty, thoughts, entityBase } = this.shape;
    const part = { rows: live.rows, batch, first: pass * count, count, thoughts };
    reviewText(recorder, {
      ...part,
      ...{ tokens: live.tokens, logProbs: live.logProbs, positions, stride, certainty },
      ...{ text: text.tokens, selected: text.selected },
    });
    const { vocab } = model.parameters.shape;
    for (let hop = 0; hop < thoughts; hop++) {
      model.forward(params, text);
      const of = { logits: model.logits, ld: model.logitStride, vocab, entityBase };
      reviewThink(recorder, { ...part, ...of, text: text.tokens, selected: text.selected, reviews, hop });
    }
    model.forward(params, text);
    reviewVerdicts(recorder, { ...part, logits: model.logits, said: this.said, ld: model.logitStride });
  }
}
