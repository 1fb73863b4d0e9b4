/**
 * Follows a folder that is being written: at each look it reads the files that are new and what grew in the others. Rows are
 * kept as numbers; the bytes of their lines are handed on once, or lie on disk where they are many. It only ever reads.
 */
import { UserError } from '../../lib/assert';
import { TextRows } from '../containers/text-rows';
import { goesBeside, tokensBeside, tokenTable } from '../containers/token-table';
import { readOne } from '../file/read-file';
import { DiskLines, MOST_ON_DISK } from '../file/disk-lines';
import type { DiskFile } from '../file/disk-lines';
import { MemoryLines } from '../file/lines';
import { MAX_BYTES, RowSink } from '../file/row-sink';
import type { SkippedLine } from '../file/row-sink';
import type { RowTable } from '../file/row-table';
import { FolderGone } from './folder';
import type { Folder, FolderFile } from './folder';

/** Read at once. */
const PIECE = 1 << 22;
/** The end of what was read is compared before more is read, so that another file in its place is noticed. */
const TAIL = 256;
/** Looks that a file must have stood still for a last line without its line break to be taken. */
const STILL_LOOKS = 3;
/** Of these what is new stands at their end; others are read as a whole once they stand still. */
const LINES = /\.(jsonl|ndjson)$/i;

const TOO_MUCH =
  'The browser keeps no files for this page, so that the text of a folder that is followed stays in memory. What was read stays; follow a newer part of it to go on.';
const TOO_MUCH_ON_DISK = 'What was read stays; follow a newer part of the folder to go on.';

/** What a look found. */
export interface FolderNews {
  files: number;
  /** One sentence each: what is not as it was. */
  remarks: string[];
  /** null where there is no other row than before. */
  fresh: FreshRows | null;
}

export interface FreshRows {
  /** Of the new rows; they come behind those that are kept. null once all lie on disk. */
  bytes: Uint8Array<ArrayBuffer> | null;
  /** Then only these pieces stay: [from, length, ..], one behind the other. */
  moves: Uint32Array<ArrayBuffer> | null;
  /** Of all rows. */
  table: RowTable;
  skipped: number;
  skips: readonly SkippedLine[];
  unknownNumbers: number;
}

export interface FollowProgress {
  read: number;
  size: number;
  rows: number;
  skipped: number;
}

interface Followed {
  name: string;
  /** How often it began anew. */
  pass: number;
  rows: TextRows;
  /** Bytes that were read, and the last of them. */
  read: number;
  tail: Uint8Array;
  /** As it was at the last look, and for how many looks. */
  size: number;
  modified: number;
  still: number;
  /** Of a file that is read as a whole: whether it has been, as it is now; and what was wrong with it. */
  taken: boolean;
  trouble: string | null;
  /** When the numbers of its tokens were written that its rows have; 0 where another file has none of them. */
  tokens: number;
}

export class Follower {
  private readonly memory = new MemoryLines();
  private readonly sink: RowSink;
  /** Lines of all rows, where there is a disk; and how many of their bytes were handed on before they were too many. */
  private readonly onDisk: DiskLines | null;
  private handed = 0;
  private readonly files = new Map<string, Followed>();
  /** Files at the last look. */
  private listed = 0;
  private began: string | null = null;
  private toldSkips = 0;

  /**
   * @param disk for the text of many rows; null where there is none
   * @param most bytes of text that are kept
   */
  constructor(
    private readonly folder: Folder,
    disk: DiskFile | null = null,
    most = disk === null ? MAX_BYTES : MOST_ON_DISK,
  ) {
    this.onDisk = disk && new DiskLines(disk);
    this.sink = new RowSink(this.onDisk ?? this.memory, most, disk === null ? TOO_MUCH : TOO_MUCH_ON_DISK);
  }

  /** Where the lines lie that no look hands on; null where there are none. */
  get farLines(): DiskLines | null {
    return this.onDisk?.inMemory() === null ? this.onDisk : null;
  }

  /** @throws UserError where it is more than can be kept */
  async look(onProgress: (progress: FollowProgress) => void = () => undefined): Promise<FolderNews> {
    let listed: readonly FolderFile[];
    try {
      listed = await this.folder.list();
    } catch (error) {
      if (!(error instanceof FolderGone)) throw error;
      return {
        files: this.listed,
        remarks: [`${error.message}. What was read stays; it goes on when it is back.`],
        fresh: null,
      };
    }
    this.listed = listed.length;
    const before = this.sink.position;
    let busy = 0;
    const waiting = listed.map((file) => ({ file, known: this.know(file) }));
    const size = waiting.reduce((sum, { file, known }) => sum + Math.max(0, file.size - known.read), 0);
    let done = 0;
    for (const { file, known } of waiting) {
      const from = done;
      try {
        await this.take(file, known, listed, (read) => {
          done = from + read;
          onProgress({ read: done, size, rows: this.sink.builder.count, skipped: this.sink.skipped });
        });
      } catch (error) {
        if (error instanceof UserError) throw error;
        // Written to while it was read: the next look goes on where this one stopped.
        busy += 1;
        known.size = -1;
      }
    }
    const changed = this.sink.position !== before || this.sink.skipped !== this.toldSkips;
    return { files: listed.length, remarks: this.remarks(listed, busy), fresh: changed ? this.fresh() : null };
  }

  private know({ name, size, modified }: FolderFile): Followed {
    const known = this.files.get(name);
    if (known) {
      known.still = known.size === size && known.modified === modified ? known.still + 1 : 0;
      known.size = size;
      known.modified = modified;
      return known;
    }
    const file: Followed = {
      ...{ name, size, modified, pass: 0, rows: this.rowsOf(), read: 0, tail: new Uint8Array(0), still: 0 },
      ...{ taken: false, trouble: null, tokens: 0 },
    };
    this.files.set(name, file);
    return file;
  }

  private rowsOf(): TextRows {
    const rows = new TextRows((bytes, unit, number) => this.sink.text(bytes, unit, number));
    rows.rest();
    return rows;
  }

  private async take(
    file: FolderFile,
    known: Followed,
    listed: readonly FolderFile[],
    onRead: (read: number) => void,
  ): Promise<void> {
    if (LINES.test(file.name)) await this.takeLines(file, known, tokensBeside(file, listed), onRead);
    else if (!goesBeside(file, listed)) await this.takeWhole(file, known, onRead);
  }

  /** @param beside it, the numbers of its tokens */
  private async takeLines(
    file: FolderFile,
    known: Followed,
    beside: FolderFile | undefined,
    onRead: (read: number) => void,
  ): Promise<void> {
    const hasMore = beside !== undefined && beside.modified !== known.tokens;
    if (known.still > STILL_LOOKS && !hasMore) return;
    const goesOnThere = known.still > 0 || (await goesOn(file, known));
    if (!goesOnThere || (hasMore && known.read > 0)) {
      this.beginAnew(known, !goesOnThere);
      known.rows = this.rowsOf();
      known.read = 0;
      known.tail = new Uint8Array(0);
    }
    const from = known.read;
    if (file.size === from && known.still < STILL_LOOKS) return;
    const tokens = beside === undefined ? null : await tokenTable(beside);
    known.tokens = beside?.modified ?? 0;
    this.sink.begin(file.name, known.pass, tokens);
    try {
      while (known.read < file.size) {
        const end = Math.min(file.size, known.read + PIECE);
        const piece = new Uint8Array(await file.slice(known.read, end).arrayBuffer());
        if (piece.length === 0) break;
        this.sink.unpacked(piece.length, file.size);
        known.rows.push(piece);
        known.read += piece.length;
        known.tail = tailOf(known.tail, piece);
        onRead(known.read - from);
      }
      if (known.still === STILL_LOOKS) known.rows.settle();
    } finally {
      known.rows.rest();
      this.sink.end();
    }
  }

  /** Only once it has stood still for a look: its index or its check sum is written last. */
  private async takeWhole(file: FolderFile, known: Followed, onRead: (read: number) => void): Promise<void> {
    if (known.still === 0) {
      if (known.taken) this.beginAnew(known);
      known.taken = false;
    }
    if (known.still === 0 || known.taken || file.size === 0) return;
    this.sink.begin(file.name, known.pass);
    known.taken = true;
    known.read = file.size;
    try {
      known.trouble = await readOne(file, this.sink, onRead);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      known.trouble = error.message;
    } finally {
      this.sink.end();
    }
  }

  /** @param said whether to say so: what is added to its rows takes nothing away */
  private beginAnew(known: Followed, said = true): void {
    known.pass += 1;
    this.sink.forgetSkips(known.name);
    if (!said) return;
    this.began = LINES.test(known.name)
      ? `${known.name} began anew: it is read from its beginning, and what was read stays until the same steps come.`
      : null;
  }

  private remarks(listed: readonly FolderFile[], busy: number): string[] {
    const there = new Set(listed.map(({ name }) => name));
    const gone = [...this.files.keys()].filter((name) => !there.has(name));
    const troubles = listed.flatMap(({ name }) => this.files.get(name)?.trouble ?? []);
    return [
      gone.length === 1 ? `${gone[0] ?? ''} is gone; what was read of it stays.` : '',
      gone.length > 1 ? `${gone.length} files are gone; what was read of them stays.` : '',
      this.began ?? '',
      troubles[0] ?? '',
      troubles.length > 1 ? `So are ${troubles.length - 1} more.` : '',
      busy > 0 ? `${busy === 1 ? 'A file could' : `${busy} files could`} not be read just now.` : '',
    ].filter((remark) => remark !== '');
  }

  private notHanded(lines: DiskLines): Uint8Array<ArrayBuffer> | null {
    const bytes = lines.inMemory()?.slice(this.handed) ?? null;
    this.handed += bytes?.length ?? 0;
    return bytes;
  }

  private fresh(): FreshRows {
    const { sink } = this;
    const bytes = this.onDisk === null ? this.memory.drain() : this.notHanded(this.onDisk);
    sink.drained(this.onDisk === null ? (bytes?.length ?? 0) : 0);
    const table = sink.builder.finish();
    // On disk there is room for what is gone.
    const moves = this.onDisk === null ? sink.compact() : null;
    const { skipped, unknownNumbers } = sink;
    this.toldSkips = skipped;
    // What lies elsewhere now, the table must say too.
    return {
      bytes,
      moves,
      table: moves ? sink.builder.finish() : table,
      skipped,
      skips: [...sink.skips],
      unknownNumbers,
    };
  }
}

/** Whether a file is longer than what was read of it, and still begins with that. */
async function goesOn(file: FolderFile, { read, tail }: Followed): Promise<boolean> {
  if (file.size < read) return false;
  if (tail.length === 0) return true;
  const there = new Uint8Array(await file.slice(read - tail.length, read).arrayBuffer());
  return there.length === tail.length && tail.every((byte, k) => there[k] === byte);
}

function tailOf(before: Uint8Array, piece: Uint8Array): Uint8Array {
  if (piece.length >= TAIL) return piece.slice(-TAIL);
  const both = new Uint8Array(before.length + piece.length);
  both.set(before);
  both.set(piece, before.length);
  return both.slice(-TAIL);
}
