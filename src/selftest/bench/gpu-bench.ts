/**
 * Runs kernels on a device for tests, `verify` and the doctor, with traps around every tensor: outputs are filled with NaN before the
 * run, and each binding ends in a guard of NaN and huge numbers. So a kernel that leaves an element out, reads past the
 * end or writes past it is found wherever it runs.
 */
import { alignUp, type BufferOwner, type Slice } from '../../gpu/buffers';
import type { Gpu } from '../../gpu/device';
import { Readback } from '../../gpu/readback';
import type { BufferAccess, KernelSpec, ParamKind } from '../../gpu/kernel';
import { Recorder, type Launch } from '../../gpu/recorder';

/** A quiet NaN: what an output holds before the run. */
const UNWRITTEN = 0x7fc0dead;
const GUARD_WORDS = 64;

/**
 * Word i of the guard of the n-th tensor of a run. A NaN that a kernel computes keeps the payload of the NaN it read, so
 * the payloads differ between tensors, and every other word is a number (1.7e38): a kernel that works on in place past its
 * end cannot leave both as they were.
 */
function guardWord(tensor: number, i: number): number {
  return i % 2 === 0 ? 0x7f000000 + tensor : 0x7fc10000 + tensor;
}

/** A tensor on the device with its guard. */
export interface BenchTensor {
  readonly label: string;
  readonly slice: Slice;
  /** In 4-byte elements, without the guard. */
  readonly length: number;
}

/** Knows which kernels were dispatched. */
class NotingRecorder extends Recorder {
  readonly dispatched = new Set<string>();

  override dispatch<P extends Record<string, ParamKind>, B extends Record<string, BufferAccess>>(
    spec: KernelSpec<P, B>,
    launch: Launch<P, B>,
  ): void {
    this.dispatched.add(spec.name);
    super.dispatch(spec, launch);
  }
}

export class GpuBench {
  readonly recorder: Recorder;
  /** Names of the kernels that were dispatched since this was cleared. */
  readonly dispatched: Set<string>;
  private readonly readback: Readback;

  constructor(readonly gpu: Gpu) {
    const recorder = new NotingRecorder(gpu);
    this.recorder = recorder;
    this.dispatched = recorder.dispatched;
    this.readback = new Readback(this.recorder);
  }

  /**
   * Runs `work` and destroys every tensor that it made. Throws where the device reports an error or a guard was
   * written to.
   */
  async run<T>(work: (scope: BenchScope) => Promise<T>): Promise<T> {
    const { device, buffers } = this.gpu;
    const owner = buffers.scope();
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    const outcome = await this.attempt(work, owner);
    this.recorder.submit();
    owner.destroyAll();
    // Always popped, in reverse order; a device error explains whatever else went wrong.
    const errors = [await device.popErrorScope(), await device.popErrorScope()];
    for (const error of errors) if (error) throw new Error(`the device reports: ${error.message}`);
    if (!outcome.ok) throw outcome.error;
    return outcome.result;
  }

  private async attempt<T>(
    work: (scope: BenchScope) => Promise<T>,
    owner: BufferOwner,
  ): Promise<{ ok: true; result: T } | { ok: false; error: unknown }> {
    try {
      const scope = new BenchScope(owner, this.recorder, this.readback);
      const result = await work(scope);
      await scope.checkGuards();
      return { ok: true, result };
    } catch (error) {
      return { ok: false, error };
    }
  }
}

/** The tensors of one run. */
export class BenchScope {
  private readonly tensors: BenchTensor[] = [];

  constructor(
    /** For what makes its own buffers; they have no guard. */
    readonly owner: BufferOwner,
    readonly recorder: Recorder,
    private readonly readback: Readback,
  ) {}

  /** Floats that a kernel reads, or reads and overwrites. */
  floats(label: string, data: ArrayLike<number>): BenchTensor {
    const words = new Uint32Array(Float32Array.from(data).buffer);
    return this.tensor(label, words);
  }

  /** Integers that a kernel reads. */
  words(label: string, data: ArrayLike<number>): BenchTensor {
    return this.tensor(label, Uint32Array.from(data));
  }

  /** What a kernel overwrites: NaN until then. */
  output(label: string, length: number): BenchTensor {
    return this.tensor(label, new Uint32Array(length).fill(UNWRITTEN));
  }

  /** What a kernel adds to: zeros. */
  accumulator(label: string, length: number): BenchTensor {
    return this.tensor(label, new Uint32Array(length));
  }

  async readFloats(tensor: BenchTensor): Promise<Float32Array> {
    return (await this.readback.readF32(tensor.slice, tensor.length)).slice();
  }

  async readWords(tensor: BenchTensor): Promise<Uint32Array> {
    return (await this.readback.readU32(tensor.slice, tensor.length)).slice();
  }

  /** Throws where anything was written behind the end of a tensor. */
  async checkGuards(): Promise<void> {
    for (const [n, tensor] of this.tensors.entries()) {
      const words = await this.readback.readU32(tensor.slice, tensor.slice.size / 4);
      const at = words.subarray(tensor.length).findIndex((word, i) => word !== guardWord(n, i));
      if (at >= 0) throw new Error(`${tensor.label} was written ${at} elements behind its end of ${tensor.length}`);
    }
  }

  private tensor(label: string, words: Uint32Array<ArrayBuffer>): BenchTensor {
    const total = alignUp(words.length + GUARD_WORDS, 64);
    const padded = new Uint32Array(total);
    padded.set(words);
    for (let i = words.length; i < total; i++) padded[i] = guardWord(this.tensors.length, i - words.length);
    const slice = this.owner.upload(label, padded);
    const tensor = { label, slice, length: words.length };
    this.tensors.push(tensor);
    return tensor;
  }
}
