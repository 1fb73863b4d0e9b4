import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DiskLines, IN_MEMORY, openDisk } from './disk-lines';
import type { DiskFile } from './disk-lines';

/** A file in memory that has room for so many bytes. */
function fakeDisk(room = Infinity): DiskFile & { bytes: Uint8Array; removed: boolean } {
  return {
    bytes: new Uint8Array(0),
    removed: false,
    read(into, { at }) {
      const some = this.bytes.subarray(at, at + into.length);
      into.set(some);
      return some.length;
    },
    write(bytes, { at }) {
      const some = bytes.subarray(0, Math.max(0, room - at));
      const grown = new Uint8Array(Math.max(this.bytes.length, at + some.length));
      grown.set(this.bytes);
      grown.set(some, at);
      this.bytes = grown;
      return some.length;
    },
    remove() {
      this.removed = true;
      return Promise.resolve();
    },
  };
}

const piece = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

describe('lines on disk', () => {
  it('stay in memory while they are few', () => {
    const disk = fakeDisk();
    const lines = new DiskLines(disk);
    lines.put(piece(3, 1));
    lines.put(piece(2, 2));
    expect(lines.size).toBe(5);
    expect(lines.inMemory()).toEqual(Uint8Array.of(1, 1, 1, 2, 2));
    expect(disk.bytes).toHaveLength(0);
  });

  it('are written once they are many, and read from any place', () => {
    const disk = fakeDisk();
    const lines = new DiskLines(disk);
    const each = IN_MEMORY / 8;
    for (let k = 0; k < 20; k += 1) lines.put(piece(each, k));
    lines.put(Uint8Array.of(77));
    expect(lines.inMemory()).toBeNull();
    expect(lines.size).toBe(20 * each + 1);
    for (const k of [0, 7, 8, 9, 19]) {
      expect(lines.read(k * each, k * each + 2)).toEqual(Uint8Array.of(k, k));
    }
    expect(lines.read(20 * each - 1, 20 * each + 1)).toEqual(Uint8Array.of(19, 77));
    expect(() => lines.read(20 * each, 20 * each + 2)).toThrow('The text of the rollouts is not there any more.');
  });

  it('stay in memory where the browser has no such file', () => {
    const lines = new DiskLines(null);
    lines.put(piece(IN_MEMORY + 10, 3));
    expect(lines.inMemory()).toHaveLength(IN_MEMORY + 10);
  });

  it('says that there is no room for them', () => {
    const lines = new DiskLines(fakeDisk(1000));
    expect(() => lines.put(piece(IN_MEMORY + 10, 3))).toThrow('The browser has no room for the text of these rollouts');
  });
});

describe('the file of the browser', () => {
  const entries = new Map<string, ReturnType<typeof fakeDisk>>();
  const held = new Set<string>();

  beforeEach(() => {
    entries.clear();
    held.clear();
    const folder = {
      keys: () => entries.keys(),
      removeEntry: (name: string) => Promise.resolve(void entries.delete(name)),
      getFileHandle: (name: string) => {
        const disk = fakeDisk();
        entries.set(name, disk);
        return Promise.resolve({ createSyncAccessHandle: () => Promise.resolve({ ...disk, close: () => undefined }) });
      },
    };
    const root = { getDirectoryHandle: () => Promise.resolve(folder) };
    vi.stubGlobal('navigator', {
      storage: { getDirectory: () => Promise.resolve(root) },
      locks: {
        async request(name: string, ...rest: [unknown, unknown?]) {
          const work = rest.at(-1);
          const lock = held.has(name) ? null : { name };
          if (rest.length === 1) held.add(name);
          const done: unknown = typeof work === 'function' ? await Reflect.apply(work, undefined, [lock]) : undefined;
          return done;
        },
      },
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  it('takes the place of those that ended pages left, and leaves those of others', async () => {
    entries.set('left', fakeDisk());
    entries.set('in use', fakeDisk());
    held.add('rollout-lines in use');
    const disk = await openDisk();
    expect([...entries.keys()]).toEqual(['in use', expect.any(String)]);
    await disk?.remove();
    expect([...entries.keys()]).toEqual(['in use']);
  });

  it('is none where the browser gives none', async () => {
    vi.stubGlobal('navigator', {});
    expect(await openDisk()).toBeNull();
  });
});
