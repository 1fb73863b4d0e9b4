/**
 * Lines of a file in batches, which others read meanwhile; what they have no time for is read here. What comes of them is taken in
 * the order of the file.
 */
import { readBatch } from './read-batch';
import type { LineBatch } from './read-batch';
import type { RowSink, SunkPart } from './row-sink';

/** A batch goes out once it has so many bytes. */
const BATCH = 1 << 20;
/** Batches that a reader has at most: one that it reads, and the next ones. */
const AHEAD = 4;
/** Batches that were read here at most, while one before them is still being read elsewhere. */
const OWN = 8;
const LINE = 10;

/** Readers of lines on other threads. */
export interface LinePool {
  readonly width: number;
  read: (batch: LineBatch) => Promise<SunkPart>;
  /** Memory of batches that came back, for the next ones, also of the next file: fresh memory takes a good part of the time in which its bytes are read. */
  readonly spare: Uint8Array<ArrayBuffer>[];
}

export class LineBatches {
  private bytes: Uint8Array<ArrayBuffer>;
  private size = 0;
  private first = 1;
  /** Batches that are not taken yet, and those of them that others have. */
  private underWay = 0;
  private elsewhere = 0;
  private last: Promise<void> = Promise.resolve();
  private readonly waiting: Promise<void>[] = [];

  constructor(
    private readonly pool: LinePool,
    private readonly sink: RowSink,
    private readonly file: string,
  ) {
    this.bytes = pool.spare.pop() ?? new Uint8Array(BATCH);
  }

  add(line: Uint8Array, number: number): void {
    if (this.size > 0 && this.size + line.length + 1 > this.bytes.length) this.send();
    if (this.size === 0) this.first = number;
    if (line.length + 1 > this.bytes.length) this.bytes = new Uint8Array(line.length + 1);
    this.bytes.set(line, this.size);
    this.size += line.length + 1;
    this.bytes[this.size - 1] = LINE;
  }

  /** Until there is room for more, and what others have read is heard of. */
  async room(): Promise<void> {
    if (this.isFull) await nextTask();
    while (this.underWay >= AHEAD * this.pool.width + OWN) await this.waiting.shift();
  }

  /** Until all of them are taken. */
  async end(): Promise<void> {
    if (this.size > 0) this.send();
    await this.last;
  }

  private get isFull(): boolean {
    return this.elsewhere >= AHEAD * this.pool.width;
  }

  private async ask(batch: LineBatch): Promise<SunkPart> {
    this.elsewhere += 1;
    try {
      return await this.pool.read(batch);
    } finally {
      this.elsewhere -= 1;
    }
  }

  private send(): void {
    const batch = { file: this.file, bytes: this.bytes.subarray(0, this.size), first: this.first };
    const read = this.isFull ? new Promise<SunkPart>((resolve) => resolve(readBatch(batch))) : this.ask(batch);
    // Not handled before those in front of it are through.
    read.catch(() => undefined);
    this.underWay += 1;
    this.last = this.last.then(async () => {
      const part = await read;
      this.underWay -= 1;
      this.sink.takePart(part);
      if (part.bytes.buffer.byteLength === BATCH) this.pool.spare.push(new Uint8Array(part.bytes.buffer));
    });
    this.last.catch(() => undefined);
    this.waiting.push(this.last);
    this.bytes = this.pool.spare.pop() ?? new Uint8Array(BATCH);
    this.size = 0;
  }
}

/** Not of a timer, which waits for milliseconds. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
