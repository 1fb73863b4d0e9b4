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
import { UniformSlots } from './uniform-slots';
import { estimateMs, partsOf, workLimits, type WorkLimits } from './work-limits';

/** What one dispatch of a kernel is given. */
export interface Launch<P extends Record<string, ParamKind>, B extends Record<string, BufferAccess>> {
  /** The recorder sets `firstGroup`. */
  readonly params: { readonly [K in Exclude<keyof P, 'firstGroup'>]: number };
  readonly buffers: { readonly [K in keyof B]: Slice };
  readonly workgroups: readonly [number, number, number];
  readonly constants?: Readonly<Record<string, number>>;
  /** Estimated floating-point operations, for splitting submits and dispatches. */
  readonly work: number;
  /** Where workgroups along x do not share it evenly: so many with so much of it, one after the other. */
  readonly sections?: readonly { groups: number; work: number }[];
}

/** Looks at every dispatch that is recorded, from both sides, its parts as one; `written` are the buffers that the kernel may write. */
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
  readonly ms: number;
  readonly bytes: number;
}

/** Dispatches to be recorded many times, from `Recorder.sequence`. */
export interface Sequence {
  readonly commands: readonly Command[];
  /** Of the uniforms that the offsets are in. */
  epoch: number;
}

/**
 * Records dispatches into command buffers. Uniforms lie in one buffer, each distinct set of values once; bind groups are cached by
 * what they bind, so replaying an update creates nothing.
 */
export class Recorder {
  readonly counts: RecorderCounts = { dispatches: 0, submits: 0, bindGroups: 0 };
  /** What was longest so far, by estimate. */
  readonly longest = { dispatch: { name: '', ms: 0 }, submitMs: 0 };
  private readonly uniforms: UniformSlots;
  private readonly groups = new Map<string, GPUBindGroup>();
  private readonly bufferIds = new WeakMap<GPUBuffer, number>();
  private nextBufferId = 1;
  private encoder: GPUCommandEncoder | null = null;
  private pass: GPUComputePassEncoder | null = null;
  private pendingMs = 0;
  private inFlight: Promise<unknown>[] = [];
  private profiler: Profiler | null = null;
  private observer: DispatchObserver | null = null;
  /** While a sequence is made, its dispatches; nothing is recorded then. */
  private commands: Command[] | null = null;
  /** While collecting, what would be dispatched; nothing is recorded then. */
  private collected: PipelineRequest[] | null = null;

  /** Of what is sent and dispatched at once. */
  limits: WorkLimits;

  constructor(
    readonly gpu: Gpu,
    owner: BufferOwner = gpu.buffers,
  ) {
    this.limits = workLimits(gpu.adapter.software);
    this.uniforms = new UniformSlots(gpu.device.queue, owner);
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
    const commands = this.commandsOf(spec, launch);
    if (this.commands !== null) this.commands.push(...commands);
    else if (this.observer === null) for (const command of commands) this.encodeCommand(command);
    else this.observed(this.observer, commands, spec.name, writtenBy(spec, launch.buffers));
  }

  /** One, or as many as it takes for none to be too long. */
  private commandsOf<P extends Record<string, ParamKind>, B extends Record<string, BufferAccess>>(
    spec: KernelSpec<P, B>,
    { constants = {}, buffers, params, workgroups: [groupsX, groupsY, groupsZ], work, sections }: Launch<P, B>,
  ): Command[] {
    const { name } = spec;
    const { software } = this.gpu.adapter;
    const pipeline = this.gpu.pipelines.get(spec, constants);
    const group = this.bindGroup(spec, pipeline, buffers);
    const immediates = pipeline.immediates ? Object.keys(spec.params).length : 0;
    const bytes = this.profiler === null && this.commands === null ? 0 : boundBytes(buffers);
    const parts = partsOf(spec, sections ?? [{ groups: groupsX, work }], this.limits.dispatchMs, software);
    return parts.map(({ first, count, work }) => {
      const values = first === 0 ? params : { ...params, firstGroup: first };
      return {
        ...{ name, pipeline: pipeline.pipeline, group, immediates, work },
        params: [spec.params, values],
        offset: [this.uniforms.offset(spec.params, values)],
        workgroups: [count, groupsY, groupsZ],
        ms: estimateMs(spec, work, software),
        bytes: (bytes * count) / groupsX,
      };
    });
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

  private observed(
    observer: DispatchObserver,
    commands: readonly Command[],
    name: string,
    written: Readonly<Record<string, Slice>>,
  ): void {
    this.observer = null;
    observer.before(name, written);
    for (const command of commands) this.encodeCommand(command);
    observer.after(name, written);
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
    return { commands, epoch: this.uniforms.epoch };
  }

  /** Records what stands in the sequence. */
  play(sequence: Sequence): void {
    if (sequence.epoch !== this.uniforms.epoch) {
      for (const { offset, params } of sequence.commands) offset[0] = this.uniforms.offset(...params);
      sequence.epoch = this.uniforms.epoch;
    }
    for (const command of sequence.commands) this.encodeCommand(command);
  }

  private encodeCommand(command: Command): void {
    const { name, pipeline, group, offset, immediates, workgroups, work, ms, bytes } = command;
    if (this.pendingMs > 0 && this.pendingMs + ms > this.limits.submitMs) this.send();
    this.encoder ??= this.gpu.device.createCommandEncoder();
    if (this.profiler !== null) {
      this.pass?.end();
      this.pass = this.encoder.beginComputePass(this.profiler.passDescriptor(name, work, bytes, this.counts.submits));
    }
    this.pass ??= this.encoder.beginComputePass();
    this.pass.setPipeline(pipeline);
    if (immediates > 0) {
      this.pass.setBindGroup(0, group);
      this.pass.setImmediates(0, this.uniforms.words, offset[0] / 4, immediates);
    } else {
      this.pass.setBindGroup(0, group, offset);
      this.uniforms.areRead = true;
    }
    this.pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2]);
    this.counts.dispatches += 1;
    this.pendingMs += ms;
    if (ms > this.longest.dispatch.ms) this.longest.dispatch = { name, ms };
    if (this.pendingMs > this.longest.submitMs) this.longest.submitMs = this.pendingMs;
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

  /** Whether nothing is recorded now, since `collect` only asks what would be. */
  get collects(): boolean {
    return this.collected !== null;
  }

  clear(slice: Slice, byteLength = slice.size): void {
    if (this.collected !== null) return;
    this.expectNoSequence();
    this.between().clearBuffer(slice.buffer, slice.offset, byteLength);
  }

  /** Sends what is recorded. Cheap to call when nothing is. */
  submit(): void {
    if (this.encoder === null) return;
    this.send();
    if (this.uniforms.scarce) this.uniforms.giveUp();
  }

  /** The uniforms stay: a sequence that is being played may count on them. */
  private send(): void {
    if (this.encoder === null) return;
    this.pass?.end();
    this.pass = null;
    this.uniforms.send();
    this.gpu.device.queue.submit([this.encoder.finish()]);
    this.encoder = null;
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
    if (this.pendingMs >= this.limits.pauseMs || this.uniforms.scarce) this.submit();
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

  private expectNoSequence(): void {
    if (this.commands !== null) throw new RangeError('a sequence is made of dispatches alone');
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
    if (!pipeline.immediates) {
      entries.push({ binding: 0, resource: { buffer: this.uniforms.buffer, offset: 0, size: UNIFORM_SLOT_BYTES } });
    }
    let binding = 0;
    for (const name in spec.buffers) {
      const slice = slices[name];
      if (slice === undefined) continue;
      binding += 1;
      entries.push({ binding, resource: { buffer: slice.buffer, offset: slice.offset, size: slice.size } });
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
