/** Files that are not what one would think. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readRolloutFiles, rolloutAt } from './read-file';
import type { SourceFile } from './read-file';

const PARQUET = new Uint8Array(readFileSync(new URL('../fixtures/trl_tools.parquet', import.meta.url)));
const LINE = JSON.stringify({ question: 'Who?', completion: '<answer>x</answer>', gold: 'x' });
const TEXT = new TextEncoder().encode(`${LINE}\n${LINE}\n`);

function source(bytes: Uint8Array, name: string): SourceFile {
  const blob = new Blob([new Uint8Array(bytes)]);
  return { name, size: blob.size, stream: () => blob.stream(), slice: (from, to) => blob.slice(from, to) };
}

describe('a file of another ending than its content', () => {
  it.each([
    ['lines', TEXT, 'run.parquet'],
    ['lines', TEXT, 'run.jsonl.gz'],
    ['gzip', gzipSync(TEXT), 'run.jsonl'],
    ['a zip', zipSync({ 'a.jsonl': TEXT }), 'run.jsonl'],
    ['Parquet', PARQUET, 'run.json'],
  ])('%s, named otherwise, is read', async (_, bytes, name) => {
    const file = await readRolloutFiles([source(bytes, name)]);
    expect(file).toMatchObject({ skipped: 0, cutOff: null });
    expect(file.table.cuts).toHaveLength(2);
  });
});

describe('a file of several kinds', () => {
  it('is read line by line, each as what it is', async () => {
    const message = { role: 'assistant', content: '<answer>y</answer>' };
    const kinds = [
      { input: 'Question: V?', output: '<answer>v</answer>', gts: 'v', score: 1, step: 2, uid: 'p_0_0' },
      { question: 'Who?', completion: '<answer>x</answer>', gold: 'x', step: 2 },
      { sample_index: 1, group_index: 0, reward: 0, prompt: 'M?', messages: [message], step: 2 },
      { ids: [1, 2] },
      {
        _ng_task_index: 1,
        responses_create_params: { input: 'N?' },
        response: { output: [{ type: 'message', ...message }] },
      },
    ];
    const file = await readRolloutFiles([
      source(new TextEncoder().encode(kinds.map((kind) => JSON.stringify(kind)).join('\n')), 'all.jsonl'),
    ]);
    expect(file.skips.map(({ line }) => line)).toEqual([4]);
    expect(file.skips[0]?.reason).toMatch(/^no question.*its keys are ids/);
    const answers = Array.from(file.table.cuts, (_, row) => rolloutAt(file, row).final.answer);
    expect(answers.toSorted()).toEqual(['v', 'x', 'y', 'y']);
  });
});

describe('gzip that is not whole', () => {
  it('says so where one byte is another, and where it ends early', async () => {
    const packed = new Uint8Array(gzipSync(TEXT, { level: 0 }));
    const at = new TextDecoder('latin1').decode(packed).lastIndexOf('<answer>x') + 8;
    packed[at] = 0x7a;
    const flipped = await readRolloutFiles([source(packed, 'run.jsonl.gz')]);
    expect(flipped.table.cuts).toHaveLength(2);
    expect(flipped.cutOff).toBe('run.jsonl.gz is damaged: its check sum does not fit.');
    const lines = Array.from({ length: 3000 }, (_, k) => LINE.replace('Who?', `Who is ${k * 7919}?`));
    const whole = gzipSync(lines.join('\n'));
    const cut = await readRolloutFiles([source(whole.subarray(0, whole.length >> 1), 'run.jsonl.gz')]);
    expect(cut.table.cuts.length).toBeGreaterThan(0);
    expect(cut.cutOff).toMatch(/^run.jsonl.gz ends in the middle, after \d+ lines.$/);
  });
});
