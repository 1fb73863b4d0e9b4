import type { Gpu } from './device';

/** What a profiler needs of a recorder. */
interface Encoding {
  encode(record: (encoder: GPUCommandEncoder) => void): void;
  finish(): Promise<void>;
}

const QUERIES = 4096;

/** What the dispatches of a kernel took together. */
interface KernelTimes {
  count: number;
  ms: number;
  /** The longest of them. */
  longestMs: number;
  work: number;
  bytes: number;
}

/** Adds up the time of every dispatch by kernel, with timestamp queries around a pass of its own for each. */
export class Profiler {
  readonly rows = new Map<string, KernelTimes>();
  /** Milliseconds of the dispatches that were sent together, at most. */
  longestSubmitMs = 0;
  private readonly set: GPUQuerySet;
  private readonly resolved: GPUBuffer;
  private readonly staging: GPUBuffer;
  private readonly waits: Gpu['waits'];
  private pending: { name: string; work: number; bytes: number; submit: number }[] = [];

  /** @throws Error where the adapter has no timestamp-query */
  constructor(gpu: Gpu) {
    this.waits = gpu.waits;
    if (!gpu.timestamps) throw new Error('this adapter offers no timestamp-query, so kernels cannot be timed');
    this.set = gpu.device.createQuerySet({ type: 'timestamp', count: QUERIES });
    this.resolved = gpu.device.createBuffer({ size: QUERIES * 8, usage: 0x200 | 0x04 }); // QUERY_RESOLVE | COPY_SRC
    this.staging = gpu.device.createBuffer({ size: QUERIES * 8, usage: 0x01 | 0x08 }); // MAP_READ | COPY_DST
  }

  get full(): boolean {
    return this.pending.length > QUERIES / 2 - 256;
  }

  /**
   * `bytes`: what the dispatch binds, which is the most that it must move if caches hold it. `submit`: the number of the submit
   * that it will be sent with.
   */
  passDescriptor(name: string, work: number, bytes: number, submit: number): GPUComputePassDescriptor {
    const first = this.pending.length * 2;
    this.pending.push({ name, work, bytes, submit });
    return {
      timestampWrites: { querySet: this.set, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 },
    };
  }

  /** Waits for the GPU and adds what was timed since the last call. */
  async collect(recorder: Encoding): Promise<void> {
    const timed = this.pending;
    if (timed.length === 0) return;
    recorder.encode((encoder) => {
      encoder.resolveQuerySet(this.set, 0, timed.length * 2, this.resolved, 0);
      encoder.copyBufferToBuffer(this.resolved, 0, this.staging, 0, timed.length * 16);
    });
    this.pending = [];
    await recorder.finish();
    await this.waits.until(this.staging.mapAsync(1));
    const times = new BigUint64Array(this.staging.getMappedRange());
    const submits = new Map<number, number>();
    timed.forEach(({ name, work, bytes, submit }, i) => {
      const row = this.rows.get(name) ?? { count: 0, ms: 0, longestMs: 0, work: 0, bytes: 0 };
      const ms = Number((times[i * 2 + 1] ?? 0n) - (times[i * 2] ?? 0n)) / 1e6;
      submits.set(submit, (submits.get(submit) ?? 0) + ms);
      row.count += 1;
      row.ms += ms;
      row.longestMs = Math.max(row.longestMs, ms);
      row.work += work;
      row.bytes += bytes;
      this.rows.set(name, row);
    });
    this.longestSubmitMs = Math.max(this.longestSubmitMs, ...submits.values());
    this.staging.unmap();
  }

  destroy(): void {
    this.set.destroy();
    this.resolved.destroy();
    this.staging.destroy();
  }
}
