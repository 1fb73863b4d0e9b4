/** On the GPU: what each of the steps to come is fed. */
import { alignUp, subSlice, type BufferOwner, type Slice } from '../../gpu/buffers';
import type { Recorder } from '../../gpu/recorder';
import { assert } from '../../lib/assert';

/** Words of 256 bytes, which slices begin at. */
const BLOCK = 64;

export type StepParts = Record<'active' | 'inputs' | 'lengths' | 'uniforms', Slice>;

interface PlannedStep {
  fed: readonly { row: number; token: number; position: number; uniform?: number }[];
}

/** Each step has the count of tokens, their rows, the tokens, what each of them sees, and random numbers. */
export class StepPlan {
  /** Words of one of these lists. */
  readonly lane: number;
  private readonly plan: Slice;
  private readonly parts: readonly StepParts[];
  private readonly stepWords: number;
  private readonly planned: Uint32Array<ArrayBuffer>;

  /** @param most tokens of a step */
  constructor(
    private readonly recorder: Recorder,
    owner: BufferOwner,
    label: string,
    slots: number,
    most: number,
  ) {
    this.lane = alignUp(most, BLOCK);
    this.stepWords = BLOCK + 4 * this.lane;
    this.plan = owner.storage(label, slots * this.stepWords * 4);
    this.planned = new Uint32Array(slots * this.stepWords);
    const part = (k: number, n: number) =>
      subSlice(this.plan, (k * this.stepWords + BLOCK + n * this.lane) * 4, this.lane * 4);
    this.parts = Array.from({ length: slots }, (_, k) => ({
      active: subSlice(this.plan, k * this.stepWords * 4, (BLOCK + this.lane) * 4),
      ...{ inputs: part(k, 1), lengths: part(k, 2), uniforms: part(k, 3) },
    }));
  }

  of(k: number): StepParts {
    const parts = this.parts[k];
    assert(parts !== undefined, `there is no room for step ${k}`);
    return parts;
  }

  send(steps: readonly PlannedStep[]): void {
    const { recorder, plan, planned, lane, stepWords } = this;
    // What is recorded reads the plan that is there.
    recorder.submit();
    steps.forEach(({ fed }, k) => {
      const start = k * stepWords;
      const numbers = new Float32Array(planned.buffer, (start + BLOCK + 3 * lane) * 4, lane);
      planned[start] = fed.length;
      fed.forEach(({ row, token, position, uniform = 0 }, n) => {
        planned[start + BLOCK + n] = row;
        planned[start + BLOCK + lane + n] = token;
        planned[start + BLOCK + 2 * lane + n] = position + 1;
        numbers[n] = uniform;
      });
    });
    recorder.gpu.device.queue.writeBuffer(plan.buffer, plan.offset, planned, 0, steps.length * stepWords);
  }
}
