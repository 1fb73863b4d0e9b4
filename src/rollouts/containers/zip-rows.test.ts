import { readFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readRolloutFiles, rolloutAt } from '../file/read-file';
import type { SourceFile } from '../file/read-file';

const EVAL = new Uint8Array(readFileSync(new URL('../fixtures/inspect.eval', import.meta.url)));
const LOG = new Uint8Array(readFileSync(new URL('../fixtures/inspect.json', import.meta.url)));
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const row = (answer: string, step: number) =>
  JSON.stringify({ question: 'Who?', completion: `<answer>${answer}</answer>`, step });

function source(bytes: Uint8Array<ArrayBuffer>, name: string): SourceFile {
  const blob = new Blob([bytes]);
  return { name, size: blob.size, stream: () => blob.stream() };
}

describe('an evaluation of Inspect', () => {
  it.each([
    ['wiki.eval', EVAL],
    ['wiki.json', LOG],
  ])('%s: its samples with target, calls and score', async (name, bytes) => {
    const file = await readRolloutFiles([source(bytes, name)]);
    expect(file).toMatchObject({ skipped: 0, cutOff: null });
    expect(Array.from(file.table.groups)).toEqual([0, 0]);
    const [good, bad] = [rolloutAt(file, 0), rolloutAt(file, 1)];
    expect(good).toMatchObject({ question: 'Where was the author of X born?', golds: ['Rome'] });
    expect(good.final).toMatchObject({ answer: 'Rome', reward: 1, rewardGiven: true });
    expect(good.final.steps).toMatchObject([
      { kind: 'search', text: 'author of X', passages: [{ text: 'She was born in Rome.' }] },
      { kind: 'answer' },
    ]);
    expect(bad.final).toMatchObject({ answer: 'Paris', reward: 0 });
  });

  it('that was killed is read up to there, and says so', async () => {
    const file = await readRolloutFiles([source(EVAL.slice(0, 5500), 'wiki.eval')]);
    expect(file.table.cuts).toHaveLength(1);
    expect(file.cutOff).toMatch(/^wiki.eval is not whole: /);
  });
});

describe('a damaged archive', () => {
  /** Stored rather than packed, so that a byte is a letter of its text. */
  const stored = (): Uint8Array<ArrayBuffer> =>
    new Uint8Array(zipSync({ 'a.jsonl': bytesOf(row('x', 1)), 'b.jsonl': bytesOf(row('y', 2)) }, { level: 0 }));

  it.each([true, false])('says which member is, and keeps what it read (by slices: %s)', async (slices) => {
    const zip = stored();
    const place = new TextDecoder('latin1').decode(zip).indexOf('<answer>y');
    zip[place + 8] = 0x7a;
    const blob = new Blob([zip]);
    const whole = {
      ...source(zip, 'run.zip'),
      ...(slices ? { slice: (a: number, b: number) => blob.slice(a, b) } : {}),
    };
    const file = await readRolloutFiles([whole]);
    expect(file.cutOff).toBe('run.zip is not whole: b.jsonl is damaged: its check sum does not fit.');
    expect([0, 1].map((k) => rolloutAt(file, k).final.answer)).toEqual(['x', 'z']);
  });

  it('whose index is gone is read as far as it goes', async () => {
    const zip = stored();
    const file = await readRolloutFiles([source(zip.slice(0, zip.length - 30), 'run.zip')]);
    expect(file.table.cuts).toHaveLength(2);
  });

  it('of Inspect, too, whose members are Zstandard', async () => {
    const spoilt = EVAL.slice();
    // The check sum in the index of the last sample, which is read.
    const text = new TextDecoder('latin1').decode(spoilt);
    const entry = text.lastIndexOf('PK\u0001\u0002', text.lastIndexOf('samples/'));
    spoilt[entry + 16] = (spoilt[entry + 16] ?? 0) ^ 1;
    const file = await readRolloutFiles([source(spoilt, 'wiki.eval')]);
    expect(file.table.cuts).toHaveLength(2);
    expect(file.cutOff).toMatch(/^wiki.eval is not whole: samples\/.* is damaged: its check sum does not fit.$/);
  });
});

describe('other archives', () => {
  it('are read member by member, each with its place and its step', async () => {
    const zip = zipSync({
      'run/step_3/a.jsonl': bytesOf(`${row('x', 1)}\n{"question": "Who?", "completion": "<answer>y</answer>"}\n{oops`),
      'run/b.json': bytesOf(`[${row('z', 2)}]`),
      'run/picture.png': Uint8Array.of(0x89, 0x50),
    });
    const file = await readRolloutFiles([source(new Uint8Array(zip), 'run.zip')]);
    expect(Array.from(file.table.steps)).toEqual([1, 2, 3]);
    expect(file.skips).toMatchObject([{ file: 'run.zip/run/step_3/a.jsonl', line: 3 }]);
    expect(file.cutOff).toBeNull();
  });

  it('show names of members as one short line', async () => {
    const zip = zipSync({ [`../\u202e${'x'.repeat(5000)}.jsonl`]: bytesOf('{oops'), 'b.jsonl': bytesOf(row('x', 1)) });
    const file = await readRolloutFiles([source(new Uint8Array(zip), 'a.zip')]);
    expect(file.skips).toMatchObject([{ file: `a.zip/../ ${'x'.repeat(195)}…` }]);
  });

  it('without anything to read say what they hold', async () => {
    const zip = new Uint8Array(zipSync({ 'a.png': Uint8Array.of(0x89, 0x50) }));
    await expect(readRolloutFiles([source(zip, 'a.zip')])).rejects.toThrow(
      'a.zip holds nothing that begins like JSON, but a.png.',
    );
  });

  it('of torch.save say how their texts are opened', async () => {
    const zip = new Uint8Array(zipSync({ '12/data.pkl': Uint8Array.of(0x80, 2), '12/version': bytesOf('3') }));
    await expect(readRolloutFiles([source(zip, '12.pt')])).rejects.toThrow(
      /12\.pt is what torch\.save wrote: .* JSON lines/,
    );
  });

  it('that unpack to a thousand times their size are refused', async () => {
    const zip = new Uint8Array(zipSync({ 'a.json': bytesOf(`{"a": "${'x'.repeat(80_000_000)}"}`) }));
    await expect(readRolloutFiles([source(zip, 'bomb.zip')])).rejects.toThrow(/more than 1000 times its size/);
  });
});
