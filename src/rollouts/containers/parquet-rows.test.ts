/** Files that pandas, polars and pyarrow wrote (scripts/proofs/write_parquet.py), and what may be wrong with one. */
import { readFileSync } from 'node:fs';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { describe, expect, it, vi } from 'vitest';
import { UserError } from '../../lib/assert';
import { lineAt, readRolloutFiles, rolloutAt } from '../file/read-file';
import type { SourceFile } from '../file/read-file';
import { readParquet } from './parquet-rows';

const fixture = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));

function source(bytes: Uint8Array<ArrayBuffer>, name = 'x.parquet', sliced = true): SourceFile {
  const blob = new Blob([bytes]);
  const file = { name, size: blob.size, stream: () => blob.stream() };
  return sliced ? { ...file, slice: (start, end) => blob.slice(start, end) } : file;
}

type Columns = Parameters<typeof parquetWrite>[0]['columnData'];
async function written(columnData: Columns): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ByteWriter();
  await parquetWrite({ writer, columnData });
  return new Uint8Array(writer.getBuffer());
}

describe('Parquet', () => {
  it.each(['snappy', 'gzip', 'brotli', 'zstd', 'lz4', 'plain'])('of pandas, %s', async (codec) => {
    const file = await readRolloutFiles([source(fixture(`pandas_${codec}.parquet`))]);
    expect(file).toMatchObject({ skipped: 0, cutOff: null });
    const [good, bad] = [rolloutAt(file, 0), rolloutAt(file, 1)];
    expect(good).toMatchObject({ question: 'Where was the author of X born?', golds: ['Rome'], step: 12 });
    // Arguments of the other tool stand beside its own, as null: struct columns are unified.
    expect(good.final).toMatchObject({ answer: 'Rome', reward: 0.5, steps: [{ text: 'author of X' }, {}] });
    expect(bad.final.steps[0]?.text).toBe('example.org');
    const row: unknown = JSON.parse(lineAt(file, 0));
    // Beyond 2^53 as text; token ids stay in the file; a null is no key.
    expect(row).toMatchObject({ big: '1152921504606846976' });
    expect(row).not.toHaveProperty('token_ids');
    expect(JSON.stringify(row)).not.toContain('null');
  });

  it.each(['snappy', 'gzip', 'brotli', 'zstd', 'lz4'])(
    'counts what comes out of it before there is room, %s',
    async (codec) => {
      const counted: number[] = [];
      const rows = { text: vi.fn(), row: vi.fn(), unpacked: (bytes: number) => counted.push(bytes) };
      const file = source(fixture(`pandas_${codec}.parquet`));
      expect(await readParquet(file, rows, vi.fn())).toBeNull();
      expect(counted.length).toBeGreaterThan(2);
      const refuse = () => {
        throw new UserError('too much');
      };
      const taken = vi.fn();
      await expect(readParquet(file, { ...rows, row: taken, unpacked: refuse }, vi.fn())).rejects.toThrow('too much');
      expect(taken).not.toHaveBeenCalled();
    },
  );

  it('of polars: its compression, and NaN', async () => {
    const file = await readRolloutFiles([source(fixture('polars.parquet'))]);
    expect(file).toMatchObject({ skipped: 0, cutOff: null, unknownNumbers: 1 });
    expect(rolloutAt(file, 1).final).toMatchObject({ answer: 'Paris', rewardGiven: false });
  });

  it('of TRL, as its lines are read', async () => {
    const parquet = await readRolloutFiles([source(fixture('trl_tools.parquet'))]);
    const lines = await readRolloutFiles([source(fixture('trl_tools.jsonl'))]);
    expect([0, 1].map((row) => rolloutAt(parquet, row))).toEqual([0, 1].map((row) => rolloutAt(lines, row)));
  });

  it('with columns of two levels and an index', async () => {
    const file = await readRolloutFiles([source(fixture('pandas_levels.parquet'))]);
    expect(rolloutAt(file, 0)).toMatchObject({ question: 'Who?', step: 3, final: { answer: 'He', reward: 1 } });
    expect(lineAt(file, 0)).not.toContain('index_level');
  });

  it('with chats as text beside plain text, as datasets writes mixed columns', async () => {
    const bytes = await written([
      { name: 'question', data: ['Who?', 'Who?'] },
      { name: 'completion', data: ['[{"role": "assistant", "content": "He"}]', '<answer>She</answer>'] },
    ]);
    const file = await readRolloutFiles([source(bytes)]);
    expect([0, 1].map((row) => rolloutAt(file, row).final.answer)).toEqual(['He', 'She']);
  });

  it('of a file as the page has it', async () => {
    const file = await readRolloutFiles([new File([fixture('polars.parquet')], 'x.parquet')]);
    expect(file.table.cuts).toHaveLength(2);
  });

  it('is read whole where no part of it can be', async () => {
    const file = await readRolloutFiles([source(fixture('polars.parquet'), 'x', false)]);
    expect(file.table.cuts).toHaveLength(2);
  });

  it.each([
    [
      'cut off',
      (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, bytes.length >> 1),
      /x.parquet is too short or cut off/,
    ],
    ['four bytes', (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, 4), /x.parquet is too short or cut off/],
  ])('that is %s says so', async (_, spoil, why) => {
    await expect(readRolloutFiles([source(spoil(fixture('polars.parquet')))])).rejects.toThrow(why);
  });

  it('of another schema is told once, with its columns', async () => {
    const bytes = await written([
      { name: 'city', data: ['Rome', 'Paris'] },
      { name: 'people', data: [1, 2] },
    ]);
    await expect(readRolloutFiles([source(bytes)])).rejects.toThrow(
      /No trajectory found in x.parquet. x.parquet: none of 2 .*row 1: no question.*its keys are city, people/,
    );
  });
});
