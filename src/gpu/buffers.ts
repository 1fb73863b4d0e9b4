import { UserError } from '../lib/assert';

/** A range of a GPU buffer. Offsets are multiples of 256 bytes, the alignment that a device with default limits asks for. */
export interface Slice {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** WebGPU's default minStorageBufferOffsetAlignment. */
export const BUFFER_ALIGNMENT = 256;

export function alignUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** The part of `slice` that starts `byteOffset` bytes in and is `byteLength` bytes long. */
export function subSlice(slice: Slice, byteOffset: number, byteLength: number): Slice {
  if (byteOffset % BUFFER_ALIGNMENT !== 0 || byteOffset + byteLength > slice.size) {
    throw new RangeError(`sub-slice ${byteOffset}+${byteLength} does not fit a slice of ${slice.size} bytes`);
  }
  return { buffer: slice.buffer, offset: slice.offset + byteOffset, size: byteLength };
}

export function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

const STORAGE = 0x80 | 0x08 | 0x04; // STORAGE | COPY_DST | COPY_SRC; GPUBufferUsage is not a global in Node

/**
 * Owns every buffer of a device or of one part of a program: what it created it destroys, and the live counts let tests
 * prove that nothing leaks.
 */
export class BufferOwner {
  private readonly live = new Set<GPUBuffer>();
  private bytes = 0;
  private created = 0;

  constructor(
    private readonly device: GPUDevice,
    private readonly parent: BufferOwner | null = null,
  ) {}

  get liveCount(): number {
    return this.live.size;
  }

  get liveBytes(): number {
    return this.bytes;
  }

  /** Buffers ever created here: an update after the first must not raise it. */
  get createdCount(): number {
    return this.created;
  }

  /** An owner whose buffers are counted here too and can be destroyed together. */
  scope(): BufferOwner {
    return new BufferOwner(this.device, this);
  }

  /** A zero-initialised storage buffer that can be copied from and to. `byteLength` is rounded up to 256. */
  storage(label: string, byteLength: number, extraUsage = 0): Slice {
    const size = Math.max(BUFFER_ALIGNMENT, alignUp(byteLength, BUFFER_ALIGNMENT));
    const limit = this.device.limits.maxStorageBufferBindingSize;
    if (size > limit) {
      throw new UserError(
        `The buffer "${label}" would need ${megabytes(size)}; this device binds at most ${megabytes(limit)} at once.`,
        'Choose a smaller model size, or fewer prompts or a smaller group size.',
      );
    }
    const buffer = this.device.createBuffer({ label, size, usage: STORAGE | extraUsage });
    this.add(buffer);
    return { buffer, offset: 0, size };
  }

  /** A storage buffer that holds `data`. */
  upload(label: string, data: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>): Slice {
    const slice = this.storage(label, data.byteLength);
    this.device.queue.writeBuffer(slice.buffer, slice.offset, data);
    return slice;
  }

  raw(descriptor: GPUBufferDescriptor): GPUBuffer {
    const buffer = this.device.createBuffer(descriptor);
    this.add(buffer);
    return buffer;
  }

  destroy(buffer: GPUBuffer): void {
    if (!this.live.has(buffer)) return;
    this.remove(buffer);
    buffer.destroy();
  }

  destroyAll(): void {
    for (const buffer of [...this.live]) this.destroy(buffer);
  }

  private add(buffer: GPUBuffer): void {
    this.live.add(buffer);
    this.bytes += buffer.size;
    this.created += 1;
    this.parent?.add(buffer);
  }

  private remove(buffer: GPUBuffer): void {
    this.live.delete(buffer);
    this.bytes -= buffer.size;
    this.parent?.remove(buffer);
  }
}
