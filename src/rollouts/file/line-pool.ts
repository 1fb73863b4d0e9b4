/** Lines of a file in batches, which others read meanwhile; what comes of them is taken in the order of the file. */
import type { RowSink, SunkPart } from './row-sink';

/** A batch goes out once it has so many bytes. */
const BATCH = 1 << 20;
/** Batches that are under way at most, for each reader. */
const AHEAD = 2;
const LINE = 10;

export interface LineBatch {
  /** Path of the file. */
  file: string;
  /** Lines, each with its line break. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Number of the first one. */
  first: number;
}

/** Readers of lines on other threads. */
export interface LinePool {
  readonly width: number;
  read: (batch: LineBatch) => Promise<SunkPart>;
}

export class LineBatches {
  private bytes = new Uint8Array(BATCH);
  private size = 0;
  private first = 1;
  private underWay = 0;
  private last: Promise<void> = Promise.resolve();
  private readonly waiting: Promise<void>[] = [];

  constructor(
    private readonly pool: LinePool,
    private readonly sink: RowSink,
    private readonly file: string,
  ) {}

  add(line: Uint8Array, number: number): void {
    if (this.size > 0 && this.size + line.length + 1 > this.bytes.length) this.send();
    if (this.size === 0) this.first = number;
    if (line.length + 1 > this.bytes.length) this.bytes = new Uint8Array(line.length + 1);
    this.bytes.set(line, this.size);
    this.size += line.length + 1;
    this.bytes[this.size - 1] = LINE;
  }

  /** Until there is room for more. */
  async room(): Promise<void> {
    while (this.underWay >= AHEAD * this.pool.width) await this.waiting.shift();
  }

  /** Until all of them are taken. */
  async end(): Promise<void> {
    if (this.size > 0) this.send();
    await this.last;
  }

  private send(): void {
    const batch = { file: this.file, bytes: this.bytes.subarray(0, this.size), first: this.first };
    const read = this.pool.read(batch);
    // Not handled before those in front of it are through.
    read.catch(() => undefined);
    this.underWay += 1;
    this.last = this.last.then(async () => {
      const part = await read;
      this.underWay -= 1;
      this.sink.takePart(part);
    });
    this.last.catch(() => undefined);
    this.waiting.push(this.last);
    this.bytes = new Uint8Array(BATCH);
    this.size = 0;
  }
}
