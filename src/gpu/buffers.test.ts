import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNodeGpu } from '../node/node-gpu';
import { alignUp, BufferOwner, subSlice } from './buffers';
import { openGpu, type Gpu } from './device';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu(await openNodeGpu(), new Map());
});
afterAll(() => gpu.close());

describe('slices', () => {
  it('rounds up to a multiple', () => {
    expect([0, 1, 256, 257].map((x) => alignUp(x, 256))).toEqual([0, 256, 256, 512]);
  });

  it('cuts parts at bindable offsets only, and never past the end', () => {
    const slice = new BufferOwner(gpu.device).storage('s', 1024);
    const part = subSlice(subSlice(slice, 256, 768), 256, 100);
    expect(part).toEqual({ buffer: slice.buffer, offset: 512, size: 100 });
    expect(() => subSlice(slice, 4, 4)).toThrow(RangeError);
    expect(() => subSlice(slice, 512, 513)).toThrow('does not fit');
    slice.buffer.destroy();
  });
});

describe('BufferOwner', () => {
  it('counts what lives in a scope in its parent too, and frees a scope alone', () => {
    const owner = new BufferOwner(gpu.device);
    const kept = owner.storage('kept', 10);
    const scope = owner.scope();
    scope.storage('one', 300);
    scope.upload('two', new Uint32Array(3));
    expect([kept.size, scope.liveCount, scope.liveBytes]).toEqual([256, 2, 768]);
    expect([owner.liveCount, owner.liveBytes, owner.createdCount]).toEqual([3, 1024, 3]);
    scope.destroyAll();
    expect([scope.liveCount, scope.liveBytes, owner.liveCount, owner.liveBytes]).toEqual([0, 0, 1, 256]);
    // What was ever created is not forgotten: it shows buffers made and freed within an update.
    expect([scope.createdCount, owner.createdCount]).toEqual([2, 3]);
    owner.destroyAll();
    expect(owner.liveCount).toBe(0);
  });

  it('destroys once, and never what belongs to another', () => {
    const owner = new BufferOwner(gpu.device);
    const other = new BufferOwner(gpu.device);
    const slice = owner.storage('s', 4);
    other.destroy(slice.buffer);
    owner.destroy(slice.buffer);
    owner.destroy(slice.buffer);
    expect([owner.liveCount, owner.liveBytes, other.liveCount, other.liveBytes]).toEqual([0, 0, 0, 0]);
  });

  it('says how much a buffer needs where the device cannot bind it', () => {
    const owner = new BufferOwner(gpu.device);
    expect(() => owner.storage('huge', 128 * 2 ** 20 + 1)).toThrow(
      /buffer "huge" .* this device binds at most 128 MiB/,
    );
    expect(owner.liveCount).toBe(0);
  });
});
