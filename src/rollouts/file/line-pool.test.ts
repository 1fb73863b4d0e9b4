import { describe, expect, it } from 'vitest';
import { toldRows } from '../told-rows';
import { HeldLines, MemoryLines } from './lines';
import type { LinePool } from './line-pool';
import { readBatch } from './read-batch';
import type { LineBatch } from './read-batch';
import { readInto, readRolloutFiles } from './read-file';
import { RowSink } from './row-sink';

/** Readers that answer in another order than they were asked in. */
function shuffled(): LinePool & { batches: LineBatch[] } {
  const batches: LineBatch[] = [];
  return {
    batches,
    width: 3,
    spare: [],
    read: async (batch) => {
      const place = batches.push(batch);
      for (let k = 0; k < 9 - (place % 3) * 4; k += 1) await Promise.resolve();
      return structuredClone(readBatch(batch));
    },
  };
}

/** Rows of all makes: new and known groups, endings, steps, and lines that are refused or replaced. */
function lines(): string[] {
  return Array.from({ length: 1500 }, (_, k) => {
    if (k % 97 === 5) return 'not JSON';
    if (k % 31 === 7) return '';
    const completion = `<search>q</search><information>${'word '.repeat(300)}${k % 3 ? 'Oslo' : ''}</information>`;
    const end = k % 4 === 0 ? `<answer>${k % 8 ? 'Oslo' : 'Bonn'}</answer>` : '';
    const row = { input: `Question: q${k % 40}?`, output: completion + end, gts: 'Oslo', step: Math.floor(k / 100) };
    const verl = { ...row, score: (k % 5) / 4, uid: `p${k % 40}_${k % 7}_${k % 2}` };
    return JSON.stringify(k % 2 ? verl : { ...row, ...(k % 6 ? { reward: k % 9 } : {}), finish_reason: 'length' });
  });
}

const fileOf = (text: string, name: string) => {
  const blob = new Blob([text]);
  return { name, size: blob.size, stream: () => blob.stream() };
};

describe('lines that others read', () => {
  it('come to the same table as those that are read here', async () => {
    const text = lines().join('\r\n');
    const files = () => [fileOf(text, 'a.jsonl'), fileOf(text.replaceAll('Question: q', 'Question: r'), 'b.jsonl')];
    const here = await readRolloutFiles(files());
    const pool = shuffled();
    const kept = new MemoryLines();
    const read = await readInto(new RowSink(kept), files(), pool);
    const there = { ...read, lines: new HeldLines(kept.drain()) };
    expect(pool.batches.length).toBeGreaterThan(4);
    expect(there.skips).toEqual(here.skips);
    expect(here.skips.length).toBeGreaterThan(20);
    const { lines: ours, table, ...about } = here;
    expect({ ...there, lines: ours, table }).toEqual({ ...about, lines: ours, table });
    // Rows that others replace leave other gaps between the lines.
    const { offsets, ...columns } = table;
    expect({ ...there.table, offsets }).toEqual({ ...columns, offsets });
    expect([...toldRows(there)]).toEqual([...toldRows(here)]);
  });

  it('ends with the reason where a reader breaks', async () => {
    const pool: LinePool = { width: 1, spare: [], read: () => Promise.reject(new Error('out of memory')) };
    await expect(readInto(new RowSink(), [fileOf(lines().join('\n'), 'a.jsonl')], pool)).rejects.toThrow(
      'out of memory',
    );
  });
});
