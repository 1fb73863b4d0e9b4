import type { Gpu } from './device';

/** What a profiler needs of a recorder. */
interface Encoding {
  encode(record: (encoder: GPUCommandEncoder) => void): void;
  finish(): Promise<void>;
}

/** Of one query set, the most that WebGPU allows: two a dispatch. */
const QUERIES = 4096;
const PAGE = QUERIES / 2;

/** What the dispatches of a kernel took together. */
interface KernelTimes {
  count: number;
  ms: number;
  /** The longest of them. */
  longestMs: number;
  work: number;
  bytes: number;
}

interface Page {
  readonly set: GPUQuerySet;
  readonly resolved: GPUBuffer;
  readonly staging: GPUBuffer;
}

function newPage(device: GPUDevice): Page {
  return {
    set: device.createQuerySet({ type: 'timestamp', count: QUERIES }),
    resolved: device.createBuffer({ size: QUERIES * 8, usage: 0x200 | 0x04 }), // QUERY_RESOLVE | COPY_SRC
    staging: device.createBuffer({ size: QUERIES * 8, usage: 0x01 | 0x08 }), // MAP_READ | COPY_DST
  };
}

/** Adds up the time of every dispatch by kernel, with timestamp queries around a pass of its own for each. */
export class Profiler {
  readonly rows = new Map<string, KernelTimes>();
  /** Milliseconds of the dispatches that were sent together, at most. */
  longestSubmitMs = 0;
  /** As many as the dispatches between two points where they can be read need. */
  private readonly pages: Page[] = [];
  private pending: { name: string; work: number; bytes: number; submit: number }[] = [];

  /** @throws Error where the adapter has no timestamp-query */
  constructor(private readonly gpu: Gpu) {
    if (!gpu.timestamps) throw new Error('this adapter offers no timestamp-query, so kernels cannot be timed');
  }

  get full(): boolean {
    return this.pending.length >= PAGE;
  }

  /**
   * `bytes`: what the dispatch binds, which is the most that it must move if caches hold it. `submit`: the number of the submit
   * that it will be sent with.
   */
  passDescriptor(name: string, work: number, bytes: number, submit: number): GPUComputePassDescriptor {
    const at = this.pending.length;
    const page = (this.pages[Math.floor(at / PAGE)] ??= newPage(this.gpu.device));
    const first = (at % PAGE) * 2;
    this.pending.push({ name, work, bytes, submit });
    return {
      timestampWrites: { querySet: page.set, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 },
    };
  }

  /** Waits for the GPU and adds what was timed since the last call. */
  async collect(recorder: Encoding): Promise<void> {
    const timed = this.pending;
    if (timed.length === 0) return;
    const used = this.pages.slice(0, Math.ceil(timed.length / PAGE));
    recorder.encode((encoder) => {
      for (const { set, resolved, staging } of used) {
        encoder.resolveQuerySet(set, 0, QUERIES, resolved, 0);
        encoder.copyBufferToBuffer(resolved, 0, staging, 0, QUERIES * 8);
      }
    });
    this.pending = [];
    await recorder.finish();
    await this.gpu.waits.until(Promise.all(used.map(({ staging }) => staging.mapAsync(1))));
    const times = used.map(({ staging }) => new BigUint64Array(staging.getMappedRange()));
    const submits = new Map<number, number>();
    timed.forEach(({ name, work, bytes, submit }, i) => {
      const row = this.rows.get(name) ?? { count: 0, ms: 0, longestMs: 0, work: 0, bytes: 0 };
      const page = times[Math.floor(i / PAGE)];
      const first = (i % PAGE) * 2;
      const ms = Number((page?.[first + 1] ?? 0n) - (page?.[first] ?? 0n)) / 1e6;
      submits.set(submit, (submits.get(submit) ?? 0) + ms);
      row.count += 1;
      row.ms += ms;
      row.longestMs = Math.max(row.longestMs, ms);
      row.work += work;
      row.bytes += bytes;
      this.rows.set(name, row);
    });
    this.longestSubmitMs = Math.max(this.longestSubmitMs, ...submits.values());
    for (const { staging } of used) staging.unmap();
  }

  destroy(): void {
    for (const { set, resolved, staging } of this.pages) {
      set.destroy();
      resolved.destroy();
      staging.destroy();
    }
  }
}
