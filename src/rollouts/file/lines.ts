/** The text of the rows: where it is kept, and how it is come by. */

/** Bytes [offset, offset + length) of what is kept. */
export interface Span {
  offset: number;
  length: number;
}

/** Takes lines while a file is read, one behind the other. */
export interface LineStore {
  readonly size: number;
  put: (bytes: Uint8Array) => void;
}

/** Lines of a file that was read. */
export interface Lines {
  /** null where it has to be fetched first. */
  at: (span: Span) => string | null;
  /** @throws UserError where they cannot be read */
  fetch: (spans: readonly Span[]) => Promise<void>;
  /** Which rows of the table hold words, in small letters: where they lie elsewhere they are looked through there. */
  find?: (words: string) => Promise<Uint8Array>;
  close: () => void;
}

const FIRST_ROOM = 1 << 16;

/** In memory: of files that are small, and outside of a browser. */
export class MemoryLines implements LineStore {
  size = 0;
  private bytes: Uint8Array<ArrayBuffer>;

  /** @param room that is there from the beginning, in bytes */
  constructor(room = FIRST_ROOM) {
    this.bytes = new Uint8Array(room);
  }

  put(bytes: Uint8Array): void {
    const needed = this.size + bytes.length;
    if (needed > this.bytes.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
      grown.set(this.bytes.subarray(0, this.size));
      this.bytes = grown;
    }
    this.bytes.set(bytes, this.size);
    this.size = needed;
  }

  /** All of them, in the memory that they lie in: more of them leave it as it is. */
  held(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.size);
  }

  /** Those since the last time, for another to keep. */
  drain(): Uint8Array<ArrayBuffer> {
    const whole = 2 * this.size >= this.bytes.length;
    const fresh = whole ? this.bytes.subarray(0, this.size) : this.bytes.slice(0, this.size);
    this.bytes = new Uint8Array(FIRST_ROOM);
    this.size = 0;
    return fresh;
  }
}

/** Lines that are at hand. */
export class HeldLines implements Lines {
  constructor(readonly bytes: Uint8Array<ArrayBuffer>) {}

  at({ offset, length }: Span): string {
    return new TextDecoder().decode(this.bytes.subarray(offset, offset + length));
  }

  fetch(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    // What is in memory goes by itself.
  }
}
