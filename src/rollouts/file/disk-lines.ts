/**
 * Lines in a file of the browser's own (origin private file system), so that what a page holds does not grow with their text.
 * It is there for as long as the worker that reads; what a page that was ended left behind goes when the next one begins.
 */
import { UserError } from '../../lib/assert';
import type { LineStore } from './lines';

/** Until there are so many bytes they stay in memory: a small file is at hand at once, and nothing is written. */
export const IN_MEMORY = 1 << 25;
/** Where a row lies is a whole number of 32 bits. */
export const MOST_ON_DISK = 2 ** 32 - 1;
/** Written at once. */
const PIECE = 1 << 22;
const FOLDER = 'rollout-lines';

/** What a worker can do with such a file; the DOM's types know a window's part alone. */
interface Access {
  read: (into: Uint8Array, where: { at: number }) => number;
  write: (bytes: Uint8Array, where: { at: number }) => number;
  close: () => void;
}

declare global {
  interface FileSystemFileHandle {
    createSyncAccessHandle?: () => Promise<Access>;
  }
}

export interface DiskFile extends Pick<Access, 'read' | 'write'> {
  remove: () => Promise<void>;
}

/** null where the browser gives no such file, as some do in private windows. */
export async function openDisk(): Promise<DiskFile | null> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    await removeOld(folder);
    const name = crypto.randomUUID();
    await hold(name);
    const file = await folder.getFileHandle(name, { create: true });
    const access = await file.createSyncAccessHandle?.();
    if (access === undefined) return null;
    return {
      read: (into, where) => access.read(into, where),
      write: (bytes, where) => access.write(bytes, where),
      async remove() {
        access.close();
        await folder.removeEntry(name);
      },
    };
  } catch {
    return null;
  }
}

/** Held until this worker ends. */
function hold(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const forever = new Promise<never>(() => undefined);
    navigator.locks
      .request(`${FOLDER} ${name}`, () => {
        resolve();
        return forever;
      })
      .catch(reject);
  });
}

async function removeOld(folder: FileSystemDirectoryHandle): Promise<void> {
  for await (const name of folder.keys()) {
    await navigator.locks.request(`${FOLDER} ${name}`, { ifAvailable: true }, async (lock) => {
      if (lock !== null) await folder.removeEntry(name).catch(() => undefined);
    });
  }
}

export class DiskLines implements LineStore {
  size = 0;
  /** The first of them, and once those are written what waits to be. */
  private held = new Uint8Array(1 << 16);
  private written = 0;

  constructor(private readonly disk: DiskFile | null) {}

  put(bytes: Uint8Array): void {
    const waiting = this.size - this.written;
    const needed = waiting + bytes.length;
    if (needed > this.held.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.held.length));
      grown.set(this.held.subarray(0, waiting));
      this.held = grown;
    }
    this.held.set(bytes, waiting);
    this.size += bytes.length;
    if (this.disk !== null && needed > (this.written === 0 ? IN_MEMORY : PIECE)) this.write(this.disk);
  }

  private write(disk: DiskFile): void {
    const waiting = this.held.subarray(0, this.size - this.written);
    let done = 0;
    try {
      done = disk.write(waiting, { at: this.written });
    } catch {
      // Told below.
    }
    if (done < waiting.length) {
      throw new UserError(
        'The browser has no room for the text of these rollouts, which it keeps on disk.',
        'Free some disk space, or open fewer of them at a time.',
      );
    }
    this.written = this.size;
    if (this.held.length > 2 * PIECE) this.held = new Uint8Array(PIECE);
  }

  /** All bytes, where all of them are in memory; null where they lie on disk. */
  inMemory(): Uint8Array<ArrayBuffer> | null {
    if (this.written === 0) return this.held.subarray(0, this.size);
    if (this.disk !== null && this.written < this.size) this.write(this.disk);
    return null;
  }

  /** Bytes [from, to), once all are on disk. */
  readonly read = (from: number, to: number): Uint8Array => {
    const bytes = new Uint8Array(to - from);
    const got = this.disk?.read(bytes, { at: from }) ?? 0;
    if (got < bytes.length)
      throw new UserError('The text of the rollouts is not there any more.', 'Open the file again.');
    return bytes;
  };

  async remove(): Promise<void> {
    await this.disk?.remove();
  }
}
