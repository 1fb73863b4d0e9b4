import type { BufferOwner, Slice } from '../gpu/buffers';
import { Readback } from '../gpu/readback';
import type { DispatchObserver, Recorder } from '../gpu/recorder';
import { gradNorm } from '../kernels/adamw/adamw';
import { transposeWeightsKernel } from '../kernels/linear/transpose';
import type { ParameterTable } from './parameters';

/** Where numbers stopped being finite. */
export interface Place {
  kernel: string;
  tensor: string;
}

/** Buffers that one look can name. */
const MOST_LOOKS = 8192;

/**
 * Finds the first kernel that writes a number that is not finite, or one too large to be squared: the norm of every buffer that
 * a dispatch wrote tells. Buffers are cleared before they are written for the first time, so that what an earlier
 * computation left behind is not blamed. Slow, and for a computation that already went wrong.
 */
export class FirstNotFinite implements DispatchObserver {
  private readonly norms: Slice;
  private readonly readback: Readback;
  private readonly cleared = new Set<string>();
  private looks: { kernel: string; slice: Slice }[] = [];

  constructor(
    private readonly recorder: Recorder,
    owner: BufferOwner,
    /** Layouts of the weights and gradients that may be met. */
    private readonly tables: readonly ParameterTable[],
  ) {
    this.norms = owner.storage('norms of what is written', MOST_LOOKS * 4);
    this.readback = new Readback(recorder, owner);
  }

  before(_: string, written: Readonly<Record<string, Slice>>): void {
    for (const slice of Object.values(written)) {
      const key = `${slice.buffer.label} ${slice.offset} ${slice.size}`;
      if (!this.cleared.has(key)) this.recorder.clear(slice);
      this.cleared.add(key);
    }
  }

  after(kernel: string, written: Readonly<Record<string, Slice>>): void {
    // It computes nothing: what it copies is what it was given.
    if (kernel === transposeWeightsKernel.name) return;
    for (const slice of Object.values(written)) {
      if (this.looks.length === MOST_LOOKS) return;
      gradNorm(this.recorder, { g: slice, norms: this.norms, size: slice.size / 4, slot: this.looks.length });
      this.looks.push({ kernel, slice });
    }
    // Each norm has uniforms of its own: the recorder empties them between submits.
    this.recorder.submit();
  }

  /** Of all that was written since the last call; null where everything was finite. */
  async find(): Promise<Place | null> {
    const norms = await this.readback.readF32(this.norms, this.looks.length);
    const found = this.looks[norms.findIndex((norm) => !Number.isFinite(norm))];
    this.looks = [];
    return found === undefined ? null : { kernel: found.kernel, tensor: this.nameOf(found.slice) };
  }

  private nameOf({ buffer, offset, size }: Slice): string {
    const table = this.tables.find((one) => buffer.size === one.size * 4);
    if (table === undefined) return buffer.label;
    const inside = table.entries.filter((entry) => entry.offset * 4 >= offset && entry.offset * 4 < offset + size);
    return inside.length === table.entries.length
      ? buffer.label
      : `${buffer.label} of ${inside.map(({ name }) => name).join(' or ')}`;
  }
}

/** The first tensor of an arena with a number that is not finite. */
export function tensorNotFinite(table: ParameterTable, arena: Float32Array): string | null {
  const at = arena.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return null;
  return table.entries.find(({ offset, size }) => at >= offset && at < offset + size)?.name ?? 'a gap between tensors';
}
