import type { BufferOwner } from './buffers';
import { UNIFORM_SLOT_BYTES, type ParamKind } from './kernel';

const SLOTS = 8192;
/** What may be recorded between two points where the slots can be given up: each part of a long dispatch has its own. */
const SPARE_SLOTS = 4096;

/** The uniforms of all dispatches in one buffer, each distinct set of values once. */
export class UniformSlots {
  readonly buffer: GPUBuffer;
  /** How often the slots were given up: offsets of before mean nothing since. */
  epoch = 0;
  private readonly staging = new ArrayBuffer(SLOTS * UNIFORM_SLOT_BYTES);
  /** Of all slots, on this side. */
  readonly words = new Uint32Array(this.staging);
  private readonly stagingF32 = new Float32Array(this.staging);
  private readonly slotOf = new Map<string, number>();
  /** Whether anything that is recorded reads the buffer. */
  areRead = false;
  /** Slots from this one on have not been sent. */
  private sent = 0;

  constructor(
    private readonly queue: GPUQueue,
    owner: BufferOwner,
  ) {
    this.buffer = owner.raw({
      label: 'uniforms',
      size: SLOTS * UNIFORM_SLOT_BYTES,
      usage: 0x40 | 0x08, // UNIFORM | COPY_DST
    });
  }

  get scarce(): boolean {
    return this.slotOf.size >= SLOTS - SPARE_SLOTS;
  }

  /** In bytes, of a set of values that is sent with the next `send` at the latest. */
  offset(kinds: Readonly<Record<string, ParamKind>>, params: Readonly<Record<string, number>>): number {
    let key = '';
    for (const name in kinds) key += `${kinds[name] === 'f32' ? 'f' : ''}${params[name]},`;
    const known = this.slotOf.get(key);
    if (known !== undefined) return known;
    const slot = this.slotOf.size;
    if (slot >= SLOTS) throw new RangeError('too many uniforms in one submit');
    let word = (slot * UNIFORM_SLOT_BYTES) / 4;
    for (const name in kinds) {
      const value = params[name] ?? 0;
      if (kinds[name] === 'f32') this.stagingF32[word] = value;
      else this.words[word] = value;
      word += 1;
    }
    const offset = slot * UNIFORM_SLOT_BYTES;
    this.slotOf.set(key, offset);
    return offset;
  }

  send(): void {
    const [sent, used] = [this.sent * UNIFORM_SLOT_BYTES, this.slotOf.size * UNIFORM_SLOT_BYTES];
    if (this.areRead && used > sent) {
      this.queue.writeBuffer(this.buffer, sent, this.staging, sent, used - sent);
      this.sent = this.slotOf.size;
    }
    this.areRead = false;
  }

  /** Once what was recorded with them is on its way, slots may be used again: the queue keeps the order. */
  giveUp(): void {
    this.slotOf.clear();
    this.sent = 0;
    this.epoch += 1;
  }
}
