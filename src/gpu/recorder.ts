import type { BufferOwner, Slice } from './buffers';
import type { Gpu } from './device';
import type { Profiler } from './profiler';
import {
  UNIFORM_SLOT_BYTES,
  type BufferAccess,
  type KernelSpec,
  type ParamKind,
  type Pipeline,
  type PipelineRequest,
} from './kernel';

/** What one dispatch of a kernel is given. */
export interface Launch<P extends Record<string, ParamKind>, B extends Record<string, BufferAccess>> {
  readonly params: { readonly [K in keyof P]: number };
  readonly buffers: { readonly [K in keyof B]: Slice };
  readonly workgroups: readonly [number, number, number];
  readonly constants?: Readonly<Record<string, number>>;
  /** Estimated floating-point operations, for splitting submits. */
  readonly work: number;
}

/** Looks at every dispatch that is recorded, from both sides; `written` are the buffers that the kernel may write. */
export interface DispatchObserver {
  before(kernel: string, written: Readonly<Record<string, Slice>>): void;
  after(kernel: string, written: Readonly<Record<string, Slice>>): void;
}

export interface RecorderCounts {
  dispatches: number;
  submits: number;
  bindGroups: number;
}

/** A dispatch with everything looked up. */
interface Command {
  readonly name: string;
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  /** What stands in the uniforms, to be found again where they were given up meanwhile. */
  readonly params: readonly [kinds: Readonly<Record<string, ParamKind>>, values: Readonly<Record<string, number>>];
  readonly offset: [number];
  /** How many of them come with the dispatch: all or none. */
  readonly immediates: number;
  readonly workgroups: readonly [number, number, number];
  readonly work: number;
  readonly bytes: number;
}

/** Dispatches to be recorded many times, from `Recorder.sequence`. */
export interface Sequence {
  readonly commands: readonly Command[];
  /** Of the uniforms that the offsets are in. */
  epoch: number;
}

const UNIFORM_SLOTS = 4096;
/** What may be recorded between two points where the recorder can empty its uniforms. */
const SPARE_SLOTS = 256;
/**
 * A submit is closed once its estimated time exceeds this. A watchdog kills submits of seconds; a GPU should also have begun
 * with the first while the next is recorded, which takes about as long as it computes.
 */
const SUBMIT_BUDGET_MS = { software: 120, gpu: 8 };

/**
 * Records dispatches into command buffers. Uniforms lie in one buffer, each distinct set of values once; bind groups are cached by
 * what they bind, so replaying an update creates nothing.
 */
export class Recorder {
  readonly counts: RecorderCounts = { dispatches: 0, submits: 0, bindGroups: 0 };
  private readonly uniforms: GPUBuffer;
  private readonly staging = new ArrayBuffer(UNIFORM_SLOTS * UNIFORM_SLOT_BYTES);
  private readonly stagingU32 = new Uint32Array(this.staging);
  private readonly stagingF32 = new Float32Array(this.staging);
  private readonly slotOf = new Map<string, number>();
  private readonly groups = new Map<string, GPUBindGroup>();
  private readonly bufferIds = new WeakMap<GPUBuffer, number>();
  private nextBufferId = 1;
  private encoder: GPUCommandEncoder | null = null;
  private pass: GPUComputePassEncoder | null = null;
  private pendingMs = 0;
  private inFlight: Promise<unknown>[] = [];
  private profiler: Profiler | null = null;
  private observer: DispatchObserver | null = null;
  /** Slots from this one on have not been sent. */
  private sentSlots = 0;
  /** Whether anything that is recorded reads them on the device. */
  private readsUniforms = false;
  /** How often the slots were given up. */
  private epoch = 0;
  /** While a sequence is made, its dispatches; nothing is recorded then. */
  private commands: Command[] | null = null;
  /** While collecting, what would be dispatched; nothing is recorded then. */
  private collected: PipelineRequest[] | null = null;

  constructor(
    readonly gpu: Gpu,
    owner: BufferOwner = gpu.buffers,
  ) {
    this.uniforms = owner.raw({
      label: 'uniforms',
      size: UNIFORM_SLOTS * UNIFORM_SLOT_BYTES,
      usage: 0x40 | 0x08, // UNIFORM | COPY_DST
    });
  }

  dispatch<P extends Record<string, ParamKind>, B extends Record<string, BufferAccess>>(
    spec: KernelSpec<P, B>,
    launch: Launch<P, B>,
  ): void {
    const { workgroups } = launch;
    if (this.collected !== null) {
      this.collected.push({ spec, constants: launch.constants ?? {} });
      return;
    }
    if (workgroups.some((n) => n === 0)) return;
    if (workgroups.some((n) => n > 65535))
      throw new RangeError(`${spec.name}: ${workgroups.join(' x ')} workgroups exceed 65535`);
    const pipeline = this.gpu.pipelines.get(spec, launch.constants ?? {});
    const command: Command = {
      name: spec.name,
      pipeline: pipeline.pipeline,
      group: this.bindGroup(spec, pipeline, launch.buffers),
      params: [spec.params, launch.params],
      offset: [this.uniformOffset(spec.params, launch.params)],
      immediates: pipeline.immediates ? Object.keys(spec.params).length : 0,
      workgroups,
      work: launch.work,
      bytes: this.profiler === null && this.commands === null ? 0 : boundBytes(launch.buffers),
    };
    if (this.commands !== null) this.commands.push(command);
    else if (this.observer === null) this.encodeCommand(command);
    else this.observed(this.observer, command, writtenBy(spec, launch.buffers));
  }

  /** Records `work` under the eyes of an observer, who may record as well: nobody looks at that. */
  async observe<T>(observer: DispatchObserver, work: () => Promise<T>): Promise<T> {
    this.observer = observer;
    try {
      return await work();
    } finally {
      this.observer = null;
    }
  }

  private observed(observer: DispatchObserver, command: Command, written: Readonly<Record<string, Slice>>): void {
    this.observer = null;
    observer.before(command.name, written);
    this.encodeCommand(command);
    observer.after(command.name, written);
    this.observer = observer;
  }

  /** The dispatches that `record` makes, ready to be played many times: buffers, uniforms and pipelines are looked up once. */
  sequence(record: () => void): Sequence {
    const commands: Command[] = [];
    this.commands = commands;
    try {
      record();
    } finally {
      this.commands = null;
    }
    return { commands, epoch: this.epoch };
  }

  /** Records what stands in the sequence. */
  play(sequence: Sequence): void {
    if (sequence.epoch !== this.epoch) {
      for (const { offset, params } of sequence.commands) offset[0] = this.uniformOffset(...params);
      sequence.epoch = this.epoch;
    }
    for (const command of sequence.commands) this.encodeCommand(command);
  }

  private encodeCommand({ name, pipeline, group, offset, immediates, workgroups, work, bytes }: Command): void {
    this.encoder ??= this.gpu.device.createCommandEncoder();
    if (this.profiler !== null) {
      this.pass?.end();
      this.pass = this.encoder.beginComputePass(this.profiler.passDescriptor(name, work, bytes, this.counts.submits));
    }
    this.pass ??= this.encoder.beginComputePass();
    this.pass.setPipeline(pipeline);
    if (immediates > 0) {
      this.pass.setBindGroup(0, group);
      this.pass.setImmediates(0, this.stagingU32, offset[0] / 4, immediates);
    } else {
      this.pass.setBindGroup(0, group, offset);
      this.readsUniforms = true;
    }
    this.pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2]);
    this.counts.dispatches += 1;
    this.pendingMs += this.estimateMs(work);
  }

  /** The pipelines that `record` would use. What it records is dropped. */
  collect(record: () => void): readonly PipelineRequest[] {
    const collected: PipelineRequest[] = [];
    this.collected = collected;
    try {
      record();
    } finally {
      this.collected = null;
    }
    return collected;
  }

  copy(from: Slice, to: Slice, byteLength: number, fromOffset = 0, toOffset = 0): void {
    if (this.collected !== null) return;
    this.expectNoSequence();
    this.between().copyBufferToBuffer(
      from.buffer,
      from.offset + fromOffset,
      to.buffer,
      to.offset + toOffset,
      byteLength,
    );
  }

  clear(slice: Slice, byteLength = slice.size): void {
    if (this.collected !== null) return;
    this.expectNoSequence();
    this.between().clearBuffer(slice.buffer, slice.offset, byteLength);
  }

  /** Sends what is recorded. Cheap to call when nothing is. */
  submit(): void {
    if (this.encoder === null) return;
    this.pass?.end();
    this.pass = null;
    const [sent, used] = [this.sentSlots * UNIFORM_SLOT_BYTES, this.slotOf.size * UNIFORM_SLOT_BYTES];
    if (this.readsUniforms && used > sent) {
      this.gpu.device.queue.writeBuffer(this.uniforms, sent, this.staging, sent, used - sent);
      this.sentSlots = this.slotOf.size;
    }
    this.readsUniforms = false;
    this.gpu.device.queue.submit([this.encoder.finish()]);
    this.encoder = null;
    if (this.slotOf.size >= UNIFORM_SLOTS - SPARE_SLOTS) this.giveUpSlots();
    this.pendingMs = 0;
    this.counts.submits += 1;
    const done = this.gpu.device.queue.onSubmittedWorkDone();
    // Where the device is lost, whoever waits for it hears of that; nobody may be waiting.
    done.catch(() => undefined);
    this.inFlight.push(done);
  }

  /**
   * A point where the caller may be paused: submits if the estimate says so, and waits until at most one submit is in
   * flight, so that commands are heard between submits and memory for them stays bounded.
   */
  async breathe(): Promise<void> {
    if (this.profiler?.full === true) await this.profiler.collect(this);
    const budget = this.gpu.adapter.software ? SUBMIT_BUDGET_MS.software : SUBMIT_BUDGET_MS.gpu;
    if (this.pendingMs >= budget || this.slotOf.size >= UNIFORM_SLOTS - SPARE_SLOTS) this.submit();
    while (this.inFlight.length > 1) await this.gpu.waits.until(Promise.resolve(this.inFlight.shift()));
  }

  /** Times every dispatch from here on, where the adapter has timestamp-query; null switches it off. */
  set profile(profiler: Profiler | null) {
    this.submit();
    this.profiler = profiler;
  }

  /** Lets a profiler copy its timestamps. */
  encode(record: (encoder: GPUCommandEncoder) => void): void {
    record(this.between());
  }

  /** Submits and waits until the GPU has done everything. */
  async finish(): Promise<void> {
    this.submit();
    const waiting = this.inFlight;
    this.inFlight = [];
    await this.gpu.waits.until(Promise.all(waiting));
  }

  /** Copies are not allowed inside a compute pass. */
  private between(): GPUCommandEncoder {
    this.pass?.end();
    this.pass = null;
    this.encoder ??= this.gpu.device.createCommandEncoder();
    return this.encoder;
  }

  private estimateMs(work: number): number {
    // Floating-point operations a millisecond (SwiftShader reaches 2 to 3e6, llvmpipe 1e7), plus the cost of a launch.
    return this.gpu.adapter.software ? work / 6e6 + 0.03 : work / 5e8 + 0.03;
  }

  private expectNoSequence(): void {
    if (this.commands !== null) throw new RangeError('a sequence is made of dispatches alone');
  }

  /** Once what was recorded with them is on its way, slots may be used again: the queue keeps the order. */
  private giveUpSlots(): void {
    this.slotOf.clear();
    this.sentSlots = 0;
    this.epoch += 1;
  }

  private uniformOffset(kinds: Readonly<Record<string, ParamKind>>, params: Readonly<Record<string, number>>): number {
    let key = '';
    for (const name in kinds) key += `${kinds[name] === 'f32' ? 'f' : ''}${params[name]},`;
    const known = this.slotOf.get(key);
    if (known !== undefined) return known;
    const slot = this.slotOf.size;
    if (slot >= UNIFORM_SLOTS) throw new RangeError('too many uniforms in one submit');
    let word = (slot * UNIFORM_SLOT_BYTES) / 4;
    for (const name in kinds) {
      const value = params[name] ?? 0;
      if (kinds[name] === 'f32') this.stagingF32[word] = value;
      else this.stagingU32[word] = value;
      word += 1;
    }
    const offset = slot * UNIFORM_SLOT_BYTES;
    this.slotOf.set(key, offset);
    return offset;
  }

  private bindGroup(spec: KernelSpec, pipeline: Pipeline, slices: Readonly<Record<string, Slice>>): GPUBindGroup {
    let key = `${pipeline.id}`;
    for (const name in spec.buffers) {
      const slice = slices[name];
      if (slice === undefined) throw new Error(`${spec.name}: buffer ${name} is missing`);
      key += `|${this.bufferId(slice.buffer)}:${slice.offset}+${slice.size}`;
    }
    const known = this.groups.get(key);
    if (known !== undefined) return known;
    const entries: GPUBindGroupEntry[] = [];
    if (!pipeline.immediates)
      entries.push({ binding: 0, resource: { buffer: this.uniforms, offset: 0, size: UNIFORM_SLOT_BYTES } });
    let binding = 0;
    for (const name in spec.buffers) {
      const slice = slices[name];
      if (slice === undefined) continue;
      binding += 1;
      entries.push({
        binding,
        resource: { buffer: slice.buffer, offset: slice.offset, size: slice.size },
      });
    }
    const group = this.gpu.device.createBindGroup({ label: spec.name, layout: pipeline.layout, entries });
    this.groups.set(key, group);
    this.counts.bindGroups += 1;
    return group;
  }

  private bufferId(buffer: GPUBuffer): number {
    const known = this.bufferIds.get(buffer);
    if (known !== undefined) return known;
    const id = this.nextBufferId++;
    this.bufferIds.set(buffer, id);
    return id;
  }
}

function writtenBy(spec: KernelSpec, slices: Readonly<Record<string, Slice>>): Record<string, Slice> {
  return Object.fromEntries(Object.entries(slices).filter(([name]) => spec.buffers[name] === 'write'));
}

function boundBytes(slices: Readonly<Record<string, Slice>>): number {
  return Object.values(slices).reduce((sum, { size }) => sum + size, 0);
}
