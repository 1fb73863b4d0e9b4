import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../lib/assert';
import { IN_MEMORY } from '../file/disk-lines';
import type { DiskFile } from '../file/disk-lines';
import { HeldLines } from '../file/lines';
import { lineAt } from '../file/read-file';
import { FolderGone } from './folder';
import type { Folder, FolderFile } from './folder';
import { Follower } from './follower';
import type { FolderNews } from './follower';
import { KeptLines } from './kept-lines';

/** A folder whose files are written as a trainer does; every write has a later time. */
class FakeFolder implements Folder {
  name = 'run';
  gone = false;
  /** Names of which the next look reads nothing. */
  busy = new Set<string>();
  /** Bytes that were asked for since the last look. */
  asked = 0;
  private clock = 0;
  private readonly files = new Map<string, { bytes: Uint8Array<ArrayBuffer>; modified: number }>();

  write(name: string, content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content.slice();
    this.files.set(name, { bytes: new Uint8Array(bytes), modified: (this.clock += 1) });
  }

  append(name: string, content: string): void {
    this.write(name, new TextDecoder().decode(this.files.get(name)?.bytes) + content);
  }

  remove(name: string): void {
    this.files.delete(name);
  }

  list(): Promise<FolderFile[]> {
    if (this.gone) return Promise.reject(new FolderGone('run is not there'));
    const files = [...this.files].map(([name, { bytes, modified }]): FolderFile => ({
      ...{ name, size: bytes.length, modified },
      stream: () => new Blob([bytes]).stream(),
      slice: (start, end) => ({
        arrayBuffer: () => {
          if (this.busy.has(name)) return Promise.reject(new Error('changed'));
          this.asked += end - start;
          return Promise.resolve(bytes.slice(start, end).buffer);
        },
      }),
    }));
    return Promise.resolve(files.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })));
  }
}

const line = (question: string, step: number, answer = 'a') =>
  `${JSON.stringify({ question, completion: `<answer>${answer}</answer>`, gold: 'a', step })}\n`;

const noLines = (): never => expect.fail('lines that are not there');

function followed() {
  const folder = new FakeFolder();
  const follower = new Follower(folder);
  const kept = new KeptLines();
  let rows: string[] = [];
  let bytes = 0;
  const look = async (): Promise<FolderNews> => {
    folder.asked = 0;
    const news = await follower.look();
    if (news.fresh) {
      const file = kept.take('run', news.fresh, noLines);
      bytes = file.lines instanceof HeldLines ? file.lines.bytes.length : 0;
      rows = Array.from(file.table.steps, (step, row) => {
        const found: unknown = JSON.parse(lineAt(file, row));
        return `${step} ${typeof found === 'object' && found && 'question' in found ? String(found.question) : ''}`;
      });
    }
    return news;
  };
  return { folder, look, rows: () => rows, bytes: () => bytes };
}

describe('a folder that is followed', () => {
  it('reads new files and what grew, and asks for no byte twice but the few that it compares', async () => {
    const { folder, look, rows } = followed();
    expect(await look()).toEqual({ files: 0, remarks: [], fresh: null });
    folder.write('1.jsonl', line('p', 1) + line('q', 1));
    expect((await look()).files).toBe(1);
    expect(rows()).toEqual(['1 p', '1 q']);
    expect((await look()).fresh).toBeNull();
    expect(folder.asked).toBe(0);
    folder.append('1.jsonl', line('r', 1));
    folder.write('2.jsonl', line('p', 2));
    await look();
    expect(rows()).toEqual(['1 p', '1 q', '1 r', '2 p']);
    expect(folder.asked).toBeLessThan(line('r', 1).length + line('p', 2).length + 257);
  });

  it('lets a half-written last line wait, in the middle of a character too', async () => {
    const { folder, look, rows } = followed();
    const bytes = new TextEncoder().encode(line('Zürich', 1));
    const cut = bytes.indexOf(0xc3) + 1;
    folder.write('1.jsonl', new Uint8Array([...new TextEncoder().encode(line('p', 1)), ...bytes.subarray(0, cut)]));
    await look();
    for (let k = 0; k < 5; k += 1) await look();
    expect(rows()).toEqual(['1 p']);
    folder.write('1.jsonl', line('p', 1) + line('Zürich', 1));
    const { fresh } = await look();
    expect(rows()).toEqual(['1 p', '1 Zürich']);
    expect(fresh?.skipped).toBe(0);
    expect([...(fresh?.table.lines ?? [])]).toEqual([1, 2]);
  });

  it('takes a whole last line without a line break once the file stands still, and counts lines on', async () => {
    const { folder, look, rows } = followed();
    folder.write('1.jsonl', line('p', 1) + line('q', 1).trimEnd());
    await look();
    expect(rows()).toEqual(['1 p']);
    for (let k = 0; k < 3; k += 1) await look();
    expect(rows()).toEqual(['1 p', '1 q']);
    folder.append('1.jsonl', `\n${line('r', 1)}`);
    const { fresh } = await look();
    expect([...(fresh?.table.lines ?? [])]).toEqual([1, 2, 3]);
  });

  it('says that a file was truncated or replaced, keeps its other steps and reads it from its beginning', async () => {
    const { folder, look, rows } = followed();
    folder.write('all.jsonl', line('p', 1) + line('p', 2) + line('q', 2));
    await look();
    folder.write('all.jsonl', '');
    expect((await look()).remarks).toEqual([
      'all.jsonl began anew: it is read from its beginning, and what was read stays until the same steps come.',
    ]);
    expect(rows()).toHaveLength(3);
    folder.write('all.jsonl', line('r', 2));
    await look();
    expect(rows()).toEqual(['1 p', '2 r']);
    // As long as before or longer, but another one.
    folder.write('all.jsonl', line('another', 3) + line('another', 4));
    await look();
    expect(rows()).toEqual(['1 p', '2 r', '3 another', '4 another']);
  });

  it('says that files or the folder are gone, and goes on when they are back', async () => {
    const { folder, look, rows } = followed();
    folder.write('1.jsonl', line('p', 1));
    folder.write('2.jsonl', line('p', 2));
    await look();
    folder.remove('1.jsonl');
    expect((await look()).remarks).toEqual(['1.jsonl is gone; what was read of it stays.']);
    folder.gone = true;
    const news = await look();
    expect(news.remarks).toEqual(['run is not there. What was read stays; it goes on when it is back.']);
    expect(rows()).toEqual(['1 p', '2 p']);
    folder.gone = false;
    folder.write('1.jsonl', line('p', 1));
    folder.append('2.jsonl', line('q', 2));
    expect((await look()).remarks).toEqual([]);
    expect(rows()).toEqual(['1 p', '2 p', '2 q']);
  });

  it('goes on with a file that could not be read just now', async () => {
    const { folder, look, rows } = followed();
    folder.write('1.jsonl', line('p', 1));
    folder.busy.add('1.jsonl');
    expect((await look()).remarks).toEqual(['A file could not be read just now.']);
    folder.busy.clear();
    expect((await look()).remarks).toEqual([]);
    expect(rows()).toEqual(['1 p']);
  });

  it('reads a file of another kind as a whole, once it stands still, and again when it changed', async () => {
    const { folder, look, rows } = followed();
    const row = (question: string, step: number): unknown => JSON.parse(line(question, step));
    folder.write('all.json', '[{"question":');
    expect((await look()).fresh).toBeNull();
    folder.write('all.json', JSON.stringify([row('p', 1)]));
    expect((await look()).fresh).toBeNull();
    await look();
    expect(rows()).toEqual(['1 p']);
    folder.write('all.json', JSON.stringify([row('q', 1), row('q', 2)]));
    await look();
    await look();
    expect(rows()).toEqual(['1 q', '2 q']);
  });

  it('tells what it skips once, however often the file is read', async () => {
    const { folder, look } = followed();
    folder.write('config.json', '{"a": 1}');
    await look();
    expect((await look()).fresh?.skips).toHaveLength(1);
    folder.write('config.json', '{"a": 2}');
    folder.write('1.jsonl', line('p', 1));
    await look();
    const { fresh } = await look();
    expect(fresh?.skipped ?? 1).toBe(1);
    expect((await look()).fresh).toBeNull();
  });

  it('holds no more than what is there, however often a file is written anew', async () => {
    const { folder, look, rows, bytes } = followed();
    const long = 'x'.repeat(1 << 22);
    const whole = (k: number) => JSON.stringify(Array.from({ length: 4 }, () => ({ ...row(k), extra: long })));
    const row = (k: number) => ({ question: `q${k}`, completion: '<answer>a</answer>', gold: 'a', step: 1 });
    let most = 0;
    for (let k = 0; k < 8; k += 1) {
      folder.write('all.json', whole(k));
      await look();
      await look();
      expect(rows()).toEqual(Array.from({ length: 4 }, () => `1 q${k}`));
      most = Math.max(most, bytes());
    }
    // 8 times 16 MB were read.
    expect(most).toBeLessThan(100 << 20);
  });
});

it('puts numbers of tokens to rows that it has read before they were written', async () => {
  const fixture = (name: string): Uint8Array =>
    new Uint8Array(readFileSync(new URL(`../fixtures/miles/${name}`, import.meta.url)));
  const folder = new FakeFolder();
  const follower = new Follower(folder);
  const kept = new KeptLines();
  folder.write('trajectory/12.jsonl', fixture('trajectory/12.jsonl'));
  await follower.look().then(({ fresh }) => fresh && kept.take('run', fresh, noLines));
  folder.write('dashboard_columns/rollout_12.parquet', fixture('dashboard_columns/rollout_12.parquet'));
  const { fresh, remarks } = await follower.look();
  const file = fresh && kept.take('run', fresh, noLines);
  expect(remarks).toEqual([]);
  expect(file?.table.steps).toHaveLength(2);
  expect(file && lineAt(file, 0)).toContain('"logProbs":[-0.75,');
  expect((await follower.look()).fresh).toBeNull();
});

it('ends with what to do where a folder holds more text than is kept', async () => {
  const folder = new FakeFolder();
  const follower = new Follower(folder, null, 200);
  folder.write('1.jsonl', line('A?', 1));
  expect((await follower.look()).fresh?.table.steps).toHaveLength(1);
  folder.write('2.jsonl', line('B?', 2).repeat(3));
  const stopped = await follower.look().catch((error: unknown) => error);
  expect(stopped instanceof UserError ? stopped.hint : stopped).toContain('What was read stays');
});

/** A file in memory. */
class FakeDisk implements DiskFile {
  size = 0;
  private readonly pieces = new Map<number, Uint8Array>();

  write(bytes: Uint8Array, { at }: { at: number }): number {
    expect(at).toBe(this.size);
    this.pieces.set(at, bytes.slice());
    this.size += bytes.length;
    return bytes.length;
  }

  read(into: Uint8Array, { at }: { at: number }): number {
    let got = 0;
    for (const [start, piece] of this.pieces) {
      const from = Math.max(at, start);
      const to = Math.min(at + into.length, start + piece.length);
      if (from >= to) continue;
      into.set(piece.subarray(from - start, to - start), from - at);
      got += to - from;
    }
    return got;
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }
}

it('keeps the text of many rows on disk, however long it goes on', async () => {
  const folder = new FakeFolder();
  const disk = new FakeDisk();
  const follower = new Follower(folder, disk);
  const kept = new KeptLines();
  /** Of a megabyte each. */
  const long = (question: string, step: number) => line(question, step, `a${' '.repeat(1 << 20)}`);
  folder.write('1.jsonl', long('A?', 1));
  const first = await follower.look();
  expect(first.fresh?.bytes?.length).toBeGreaterThan(1 << 20);
  expect(follower.farLines).toBeNull();
  const about = first.fresh && kept.take('run', first.fresh, noLines);
  expect(about && lineAt(about, 0)).toContain('A?');
  let handed = first.fresh?.bytes?.length ?? 0;
  for (let step = 2; handed < 3 * IN_MEMORY; step += 1) {
    const text = long(`Q${step}?`, step).repeat(10);
    folder.write(`${step}.jsonl`, text);
    handed += text.length - 10;
    const { fresh } = await follower.look();
    const isFar = handed > IN_MEMORY;
    expect(fresh?.bytes === null).toBe(isFar);
    expect(fresh?.moves).toBeNull();
    expect(follower.farLines === null).toBe(!isFar);
    const { table } = fresh ?? expect.fail('nothing was read');
    const [offset, length] = [table.offsets.at(-1) ?? 0, table.lengths.at(-1) ?? 0];
    if (isFar)
      expect(new TextDecoder().decode(follower.farLines?.read(offset, offset + length))).toContain(`Q${step}?`);
  }
  // The first ones too, which came while all was in memory.
  expect(new TextDecoder().decode(follower.farLines?.read(0, 100))).toContain('A?');
  expect(disk.size).toBe(handed);
});
