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

export interface RecorderCounts {
  dispatches: number;
  submits: number;
  bindGroups: number;
}

const UNIFORM_SLOTS = 4096;
/** A submit is closed once its estimated time exceeds this; a watchdog kills submits of seconds. */
const SUBMIT_BUDGET_MS = 120;

/**
 * Records dispatches into command buffers. Uniforms of one submit lie in one buffer, each distinct set of values once;
 * bind groups are cached by what they bind, so replaying an update creates nothing.
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
    const offset = this.uniformOffset(spec, launch.params);
    const group = this.bindGroup(spec, pipeline, launch.buffers);
    this.encoder ??= this.gpu.device.createCommandEncoder();
    if (this.profiler !== null) {
      this.pass?.end();
      this.pass = this.encoder.beginComputePass(
        this.profiler.passDescriptor(spec.name, launch.work, boundBytes(launch.buffers)),
      );
    }
    this.pass ??= this.encoder.beginComputePass();
    this.pass.setPipeline(pipeline.pipeline);
    this.pass.setBindGroup(0, group, [offset]);
    this.pass.dispatchWorkgroups(...workgroups);
    this.counts.dispatches += 1;
    this.pendingMs += this.estimateMs(launch.work);
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
    this.between().clearBuffer(slice.buffer, slice.offset, byteLength);
  }

  /** Sends what is recorded. Cheap to call when nothing is. */
  submit(): void {
    if (this.encoder === null) return;
    this.pass?.end();
    this.pass = null;
    const used = this.slotOf.size * UNIFORM_SLOT_BYTES;
    if (used > 0) this.gpu.device.queue.writeBuffer(this.uniforms, 0, this.staging, 0, used);
    this.gpu.device.queue.submit([this.encoder.finish()]);
    this.encoder = null;
    this.slotOf.clear();
    this.pendingMs = 0;
    this.counts.submits += 1;
    this.inFlight.push(this.gpu.device.queue.onSubmittedWorkDone());
  }

  /**
   * A point where the caller may be paused: submits if the estimate says so, and waits until at most one submit is in
   * flight, so that commands are heard between submits and memory for them stays bounded.
   */
  async breathe(): Promise<void> {
    if (this.profiler?.full === true) await this.profiler.collect(this);
    if (this.pendingMs >= SUBMIT_BUDGET_MS || this.slotOf.size >= UNIFORM_SLOTS - 256) this.submit();
    while (this.inFlight.length > 1) await this.inFlight.shift();
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
    await Promise.all(waiting);
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

  private uniformOffset(spec: KernelSpec, params: Readonly<Record<string, number>>): number {
    let key = '';
    for (const name in spec.params) key += `${spec.params[name] === 'f32' ? 'f' : ''}${params[name]},`;
    const known = this.slotOf.get(key);
    if (known !== undefined) return known;
    const slot = this.slotOf.size;
    if (slot >= UNIFORM_SLOTS) throw new RangeError('too many uniforms in one submit');
    let word = (slot * UNIFORM_SLOT_BYTES) / 4;
    for (const name in spec.params) {
      const value = params[name] ?? 0;
      if (spec.params[name] === 'f32') this.stagingF32[word] = value;
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
    const entries: GPUBindGroupEntry[] = [
      { binding: 0, resource: { buffer: this.uniforms, offset: 0, size: UNIFORM_SLOT_BYTES } },
    ];
    for (const name in spec.buffers) {
      const slice = slices[name];
      if (slice === undefined) continue;
      entries.push({
        binding: entries.length,
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

function boundBytes(slices: Readonly<Record<string, Slice>>): number {
  return Object.values(slices).reduce((sum, { size }) => sum + size, 0);
}
