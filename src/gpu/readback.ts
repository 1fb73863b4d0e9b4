import type { BufferOwner, Slice } from './buffers';
import type { Recorder } from './recorder';

/** Reads `byteLength` bytes back after everything recorded so far; submits. The one way from the GPU to the CPU. */
export class Readback {
  /** Reads done so far: a rollout may do one. */
  count = 0;
  private staging: GPUBuffer | null = null;

  constructor(
    private readonly recorder: Recorder,
    private readonly owner: BufferOwner = recorder.gpu.buffers,
  ) {}

  async read(slice: Slice, byteLength = slice.size): Promise<ArrayBuffer> {
    return this.readAll([{ ...slice, size: byteLength }]);
  }

  /** Several slices, one after the other, in a single read. */
  async readAll(slices: readonly Slice[]): Promise<ArrayBuffer> {
    const byteLength = slices.reduce((sum, { size }) => sum + size, 0);
    if (this.staging === null || this.staging.size < byteLength) {
      if (this.staging !== null) this.owner.destroy(this.staging);
      this.staging = this.owner.raw({ label: 'readback', size: byteLength, usage: 0x01 | 0x08 }); // MAP_READ | COPY_DST
    }
    const staging = this.staging;
    let at = 0;
    for (const slice of slices) {
      this.recorder.copy(slice, { buffer: staging, offset: at, size: slice.size }, slice.size);
      at += slice.size;
    }
    this.recorder.submit();
    await this.recorder.gpu.waits.until(staging.mapAsync(1, 0, byteLength)); // GPUMapMode.READ
    const bytes = staging.getMappedRange(0, byteLength).slice(0);
    staging.unmap();
    this.count += 1;
    return bytes;
  }

  async readF32(slice: Slice, length: number): Promise<Float32Array<ArrayBuffer>> {
    return new Float32Array(await this.read(slice, length * 4));
  }

  async readU32(slice: Slice, length: number): Promise<Uint32Array<ArrayBuffer>> {
    return new Uint32Array(await this.read(slice, length * 4));
  }
}

/**
 * Small reads that nobody waits for: the values are copied into one of a few staging buffers and arrive by a promise, while
 * the GPU goes on with what is recorded next. Submits.
 */
export class StagingRing {
  private readonly free: GPUBuffer[];

  /** @param slots most reads that may be under way at once */
  constructor(
    private readonly recorder: Recorder,
    owner: BufferOwner,
    private readonly byteLength: number,
    slots = 2,
  ) {
    this.free = Array.from(
      { length: slots },
      (_, slot) => owner.raw({ label: `staging ${slot}`, size: byteLength, usage: 0x01 | 0x08 }), // MAP_READ | COPY_DST
    );
  }

  /**
   * The first bytes of `slice` as they are after everything recorded so far.
   *
   * @throws RangeError where as many reads are under way as there are slots
   */
  read(slice: Slice): Promise<ArrayBuffer> {
    const { byteLength } = this;
    const staging = this.free.pop();
    if (staging === undefined) throw new RangeError('every staging buffer is in use: wait for an earlier read');
    this.recorder.copy(slice, { buffer: staging, offset: 0, size: byteLength }, byteLength);
    this.recorder.submit();
    return this.recorder.gpu.waits.until(staging.mapAsync(1, 0, byteLength)).then(() => {
      const bytes = staging.getMappedRange(0, byteLength).slice(0);
      staging.unmap();
      this.free.push(staging);
      return bytes;
    });
  }
}
