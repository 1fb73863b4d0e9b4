/**
 * Counts what any engine asks of WebGPU, by wrapping the classes that Node's Dawn and browsers share. So all engines are
 * counted alike, whatever they say of themselves.
 */

/** What one run asked for. */
export interface GpuCounts {
  dispatches: number;
  submits: number;
  bindGroups: number;
  buffers: number;
  pipelines: number;
  /** Buffers mapped for reading. */
  reads: number;
}

export interface CountedRun extends GpuCounts {
  /** Most bytes of buffers that the engine had alive at once during the run. */
  peakBytes: number;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

function isMethod(value: unknown): value is Method {
  return typeof value === 'function';
}

/** Calls `after` behind each call of the method; returns what undoes it. */
export function hook(
  prototype: object,
  name: string,
  after: (result: unknown, args: unknown[], self: unknown) => void,
) {
  const original: unknown = Reflect.get(prototype, name);
  if (!isMethod(original)) throw new Error(`this WebGPU has no ${name} to count`);
  Reflect.set(prototype, name, function (this: unknown, ...args: unknown[]) {
    const result = original.apply(this, args);
    after(result, args, this);
    return result;
  });
  return () => {
    Reflect.set(prototype, name, original);
  };
}

const MAP_READ = 1;

export class GpuCounter {
  /** Whose turn it is: buffers count as those of the engine that made them. */
  private engine = '';
  private readonly owners = new WeakMap<object, { engine: string; size: number }>();
  private readonly live = new Map<string, number>();
  private peak = 0;

  /** Must be made before any engine opens its device. */
  constructor() {
    // Memory is followed all the time; the rest is wrapped only while a run is counted, so that timed runs are bare.
    hook(GPUDevice.prototype, 'createBuffer', (buffer) => {
      if (!(buffer instanceof GPUBuffer)) return;
      this.owners.set(buffer, { engine: this.engine, size: buffer.size });
      this.grow(this.engine, buffer.size);
    });
    hook(GPUBuffer.prototype, 'destroy', (_, __, buffer) => {
      if (!(buffer instanceof GPUBuffer)) return;
      const owned = this.owners.get(buffer);
      if (owned === undefined) return;
      this.owners.delete(buffer);
      this.grow(owned.engine, -owned.size);
    });
  }

  /** What is made from here on belongs to `engine`. */
  turn(engine: string): void {
    this.engine = engine;
  }

  liveBytes(engine: string): number {
    return this.live.get(engine) ?? 0;
  }

  /** What `run` resolves to, and what it asked for. */
  async count<T>(engine: string, run: () => Promise<T>): Promise<[T, CountedRun]> {
    const counts: GpuCounts = { dispatches: 0, submits: 0, bindGroups: 0, buffers: 0, pipelines: 0, reads: 0 };
    const counting =
      (field: keyof GpuCounts, matters: (args: unknown[]) => boolean = () => true) =>
      (_: unknown, args: unknown[]) => {
        if (matters(args)) counts[field] += 1;
      };
    const { prototype: device } = GPUDevice;
    const { prototype: pass } = GPUComputePassEncoder;
    this.turn(engine);
    this.peak = this.liveBytes(engine);
    const undo = [
      hook(pass, 'dispatchWorkgroups', counting('dispatches')),
      hook(pass, 'dispatchWorkgroupsIndirect', counting('dispatches')),
      hook(GPUQueue.prototype, 'submit', counting('submits')),
      hook(device, 'createBindGroup', counting('bindGroups')),
      hook(device, 'createBuffer', counting('buffers')),
      hook(device, 'createComputePipeline', counting('pipelines')),
      hook(device, 'createComputePipelineAsync', counting('pipelines')),
      hook(
        GPUBuffer.prototype,
        'mapAsync',
        counting('reads', ([mode]) => mode === MAP_READ),
      ),
    ];
    try {
      const result = await run();
      return [result, { ...counts, peakBytes: this.peak }];
    } finally {
      // In reverse, as createBuffer is wrapped twice.
      for (const restore of undo.reverse()) restore();
    }
  }

  private grow(engine: string, bytes: number): void {
    const now = this.liveBytes(engine) + bytes;
    this.live.set(engine, now);
    if (engine === this.engine) this.peak = Math.max(this.peak, now);
  }
}
