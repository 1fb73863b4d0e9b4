import type { World } from '../../env/world';
import type { BufferOwner, Slice } from '../../gpu/buffers';
import type { PassageIndex } from '../../kernels/episode/episode';
import { postingsLength, postingsOf, type TermRange } from '../../retrieval/postings';

/** True passages per fact are at most 4 beside 1 rumour, or 1 beside 2. */
const PASSAGES_PER_FACT = 5;

/**
 * The passages of several worlds on the GPU, one slot a world: tokens, BM25 weights, and which fact each passage states. A
 * rollout row names its slot by where the slot's passages begin.
 */
export class WorldIndex implements PassageIndex {
  readonly terms: Slice;
  readonly weights: Slice;
  readonly postings: Slice;
  /** (slots * stride) fact index plus 1, 0 for rumours. */
  readonly facts: Slice;
  readonly stride: number;
  readonly listStride: number;
  readonly contentBase: number;
  readonly nameBase: number;
  /** What a query may name. */
  private readonly content: TermRange;
  private readonly held: (World | undefined)[];

  /** @param sample any world of the family: all of its worlds have as many facts */
  constructor(
    private readonly device: GPUDevice,
    owner: BufferOwner,
    sample: World,
    slots: number,
  ) {
    const { relationBase, entityBase, size } = sample.schema.vocabulary;
    this.stride = sample.facts.length * PASSAGES_PER_FACT;
    this.content = { from: relationBase, to: size };
    this.contentBase = relationBase;
    this.nameBase = entityBase;
    this.listStride = postingsLength(this.content, this.stride);
    this.terms = owner.storage('passage terms', slots * this.stride * 16);
    this.weights = owner.storage('passage weights', slots * this.stride * 16);
    this.postings = owner.storage('postings', slots * this.listStride * 4);
    this.facts = owner.storage('passage facts', slots * this.stride * 4);
    this.held = new Array<World | undefined>(slots).fill(undefined);
  }

  /** Makes the slot hold the world; does nothing if it does already. Recorded work that reads the slot must be submitted. */
  put(slot: number, world: World): void {
    if (this.held[slot] === world) return;
    const count = world.passages.length;
    if (count > this.stride) throw new RangeError(`${count} passages exceed the ${this.stride} of a slot`);
    this.held[slot] = world;
    const start = slot * this.stride;
    const facts = Uint32Array.from(world.passages, (passage) => (passage.rumour ? 0 : passage.fact + 1));
    this.write(this.terms, start * 16, Uint32Array.from(world.index.terms));
    this.write(this.weights, start * 16, Uint32Array.from(world.index.weights));
    this.write(this.postings, slot * this.listStride * 4, postingsOf(world.index, this.content));
    this.write(this.facts, start * 4, facts);
  }

  private write(slice: Slice, byteOffset: number, data: Uint32Array<ArrayBuffer>): void {
    this.device.queue.writeBuffer(slice.buffer, slice.offset + byteOffset, data);
  }
}
