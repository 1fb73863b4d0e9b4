import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../lib/assert';
import { fnv1a64Hex } from '../../lib/hash';
import { readLine } from '../reading/read-line';
import { lineAt, readRolloutFiles, rolloutAt } from './read-file';
import type { ReadProgress, SourceFile } from './read-file';
import { SkippedRow } from '../reading/record';
import { MAX_ROW } from '../containers/text-rows';
import { MAX_BYTES } from './row-sink';

function source(content: string | Uint8Array, name = 'x.jsonl') {
  const blob = new Blob([Uint8Array.from(typeof content === 'string' ? new TextEncoder().encode(content) : content)]);
  return { name, size: blob.size, stream: () => blob.stream() };
}

/** A file that is read in the given pieces. */
function inPieces(pieces: readonly Uint8Array[], name = 'x.jsonl'): SourceFile & { cancelled: () => boolean } {
  let cancelled = false;
  const left = [...pieces];
  const stream = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = left.shift();
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
      cancel() {
        cancelled = true;
      },
    });
  return { name, size: 0, stream, cancelled: () => cancelled };
}

/** Says that it is too large, without taking the memory. */
class HugePiece extends Uint8Array {
  override get length(): number {
    return MAX_BYTES;
  }
}

const row = (question: string, answer: string, step = 1) =>
  JSON.stringify({ question, completion: `<answer>${answer}</answer>`, gold: 'é', step });

/** The matcher's type is any. */
const containing = (text: string): unknown => expect.stringContaining(text);

describe('readRolloutFiles', () => {
  it('skips what it cannot read and says which line and why', async () => {
    const progress: ReadProgress[] = [];
    const file = await readRolloutFiles(
      [source([row('a', 'é'), '', '{oops', '[1]', row('b', 'x', 0)].join('\n'))],
      (p) => progress.push(p),
    );
    expect(file.skips).toEqual([
      { file: 'x.jsonl', line: 3, unit: 'line', reason: containing('not JSON') },
      { file: 'x.jsonl', line: 4, unit: 'line', reason: containing('not an object') },
    ]);
    expect(file.table.questions).toEqual(['b', 'a']);
    expect(rolloutAt(file, 1)).toMatchObject({ question: 'a', final: { em: 1 } });
    expect(progress.at(-1)?.rows).toBe(1);
  });

  it('reads lines that end as on Windows, blank ones among them', async () => {
    const file = await readRolloutFiles([source(`${row('a', 'x')}\r\n\r\n \r\n${row('b', 'x')}\r\n`)]);
    expect(file).toMatchObject({ skipped: 0, table: { questions: ['a', 'b'] } });
  });

  it('reads gzip, members one after the other too', async () => {
    const members = [gzipSync(`${row('a', 'x')}\n`), gzipSync(`${row('b', 'é')}\n`)];
    const file = await readRolloutFiles([source(Buffer.concat(members))]);
    expect(file.table.questions).toEqual(['a', 'b']);
    expect(file.cutOff).toBeNull();
  });

  it('keeps what a gzip file holds up to where it is cut off', async () => {
    const lines = Array.from({ length: 3000 }, (_, k) => row(`question ${k * 7919}`, `${k}`)).join('\n');
    const whole = gzipSync(lines);
    const file = await readRolloutFiles([source(whole.subarray(0, whole.length >> 1), 'run.jsonl.gz')]);
    expect(file.table.cuts.length).toBeGreaterThan(500);
    expect(file.cutOff).toMatch(/run.jsonl.gz ends in the middle/);
  });

  it('joins what comes in pieces, also within a letter, and needs no last line break', async () => {
    const lines = `${row('a', 'é')}\n${row('b', 'x')}`;
    const bytes = new TextEncoder().encode(lines);
    for (const cut of [0, 1, lines.indexOf('é') + 1, lines.indexOf('\n'), lines.indexOf('\n') + 1]) {
      const file = await readRolloutFiles([inPieces([bytes.slice(0, cut), bytes.slice(cut)])]);
      expect([0, 1].map((place) => lineAt(file, place))).toEqual(lines.split('\n'));
      expect(file.skipped).toBe(0);
    }
  });

  it('ends a line with its file and counts each file from line 1', async () => {
    const progress: ReadProgress[] = [];
    const first = source(`${row('a', 'é')}\n${row('b', 'x')}`, 'one.jsonl');
    const second = source(`\n{oops\n${row('c', 'x')}\n`, 'two.jsonl');
    const file = await readRolloutFiles([first, second], (p) => progress.push(p));
    expect(file).toMatchObject({ name: '2 files', skipped: 1, skips: [{ file: 'two.jsonl', line: 2 }] });
    expect(file.table.questions).toEqual(['a', 'b', 'c']);
    expect(lineAt(file, 2)).toBe(row('c', 'x'));
    expect(progress).toEqual([
      { read: first.size, rows: 1, skipped: 0 },
      { read: first.size + second.size, rows: 3, skipped: 1 },
    ]);
  });

  it('keeps what unpacks to far more than the file', async () => {
    const lines = Array.from({ length: 2000 }, (_, k) => row('same', `${k}`)).join('\n');
    const packed = gzipSync(lines);
    expect(lines.length).toBeGreaterThan(10 * packed.length);
    const file = await readRolloutFiles([source(packed)]);
    expect(file.table.cuts).toHaveLength(2000);
    expect(rolloutAt(file, 1999).final.answer).toBe('1999');
    expect(lineAt(file, 0)).toBe(row('same', '0'));
  });

  it('takes a file for gzip by its first two bytes and by no others', async () => {
    const rows = new TextEncoder().encode(`\n${row('a', 'x')}\n`);
    for (const start of [[0x1f], [0x8b], [0x41, 0x8b]]) {
      const file = await readRolloutFiles([source(Uint8Array.of(...start, ...rows))]);
      expect(file).toMatchObject({ skipped: 1, skips: [{ line: 1 }], cutOff: null });
    }
    const later = await readRolloutFiles([inPieces([rows, Uint8Array.of(0x1f, 0x8b, ...rows)])]);
    expect(later.table.cuts).toHaveLength(2);
  });

  it('keeps the lines before a place where a file is damaged, and goes on with the next file', async () => {
    const packed = gzipSync(`${row('a', 'x')}\n`);
    // A block of a kind that there is not.
    const damaged = inPieces([packed, Uint8Array.of(...packed.subarray(0, 10), 0xff, 0xff, 0xff)], 'bad.jsonl.gz');
    const file = await readRolloutFiles([damaged, source(row('b', 'x'))]);
    expect(file.table.questions).toEqual(['a', 'b']);
    expect(file.cutOff).toBe('bad.jsonl.gz is damaged after 1 lines.');
    expect(damaged.cancelled()).toBe(true);
  });

  it('refuses what is larger than 1 GB unpacked', async () => {
    const huge = inPieces([new TextEncoder().encode(`${row('a', 'x')}\n`), new HugePiece(1)]);
    await expect(readRolloutFiles([huge])).rejects.toThrow(UserError);
    expect(huge.cancelled()).toBe(true);
  });

  it('tells the first 1000 skipped lines and counts the others', async () => {
    const file = await readRolloutFiles([source(`${'{\n'.repeat(1001)}${row('a', 'x')}`)]);
    expect(file.skipped).toBe(1001);
    expect(file.skips).toHaveLength(1000);
    expect(file.skips.at(-1)?.line).toBe(1000);
  });

  it('says of several files, none of which can be read, what is wrong with the first', async () => {
    const packed = gzipSync(row('a', 'x'));
    await expect(readRolloutFiles([source(packed.subarray(0, 12), 'a.gz'), source('{', 'b')])).rejects.toThrow(
      'No trajectory found in 2 files. a.gz ends in the middle, after 0 lines.',
    );
  });

  it('tells how far it is within a small file of very many lines', async () => {
    const progress: ReadProgress[] = [];
    const packed = gzipSync(`${'\n'.repeat(60_000_000)}${row('a', 'x')}`);
    expect(packed.length).toBeLessThan(70_000);
    await readRolloutFiles([inPieces([packed])], (told) => progress.push(told));
    expect(progress.length).toBeGreaterThan(2);
  });

  it('takes no key of an object for one of its prototype', async () => {
    const own = `{"__proto__": ${row('a', 'x')}, "constructor": {"prototype": {"question": "b"}}}`;
    const file = await readRolloutFiles([source(`${own}\n${row('b', 'x')}`)]);
    expect(file.skips).toMatchObject([{ line: 1, reason: containing('no question') }]);
    expect(Object.hasOwn(Object.prototype, 'question')).toBe(false);
  });

  it('skips a line of more than 32 MB', async () => {
    const long = row('a', 'x'.repeat(MAX_ROW));
    const file = await readRolloutFiles([source(`${long}\n${row('b', 'x')}`)]);
    const reason = containing('longer than 32 MB');
    expect(file.skips).toEqual([{ file: 'x.jsonl', line: 1, unit: 'line', reason }]);
    expect(readLine(row('a', 'x').padEnd(MAX_ROW)).question).toBe('a');
  });

  it.each([
    ['', /It is empty/],
    ['[\n{}\n]', /Entry 1: no question/],
    ['{"a": 1}', /Line 1: no question/],
  ])('refuses %j as a whole', async (content, why) => {
    await expect(readRolloutFiles([source(content)])).rejects.toThrow(UserError);
    await expect(readRolloutFiles([source(content)])).rejects.toThrow(why);
  });

  it('normalises advantages within a group, and not across steps', async () => {
    const scored = (score: number, step: number) =>
      JSON.stringify({ question: 'q', completion: 'x', gold: 'x', score, step });
    const file = await readRolloutFiles([source([scored(1, 1), scored(0, 2), scored(0, 1), scored(1, 1)].join('\n'))]);
    expect(Array.from(file.table.steps)).toEqual([1, 1, 1, 2]);
    const [a, b, c, alone] = Array.from(file.table.advantages);
    expect(a).toBeCloseTo(1 / 3 / Math.sqrt(1 / 3), 4);
    expect(b).toBeCloseTo(-2 / 3 / Math.sqrt(1 / 3), 4);
    expect(c).toBe(a);
    // One row is compared with none.
    expect(alone).toBeNaN();
  });
});

describe('hostile lines', () => {
  const words = fc.constantFrom('<think>', '</think>', '<search>', '</search>', '<information>', '</information>', 'x');
  const tagged = fc.array(fc.oneof(words, fc.string()), { maxLength: 12 }).map((parts) => parts.join(' '));
  const keys = fc.constantFrom(
    ...['question', 'prompt', 'completion', 'messages', 'draft', 'final', 'cut', 'gts', 'score', 'step', 'format'],
    ...['content', 'role', 'tool_calls', 'tokens', 'stepStarts', 'searches', 'review', 'logProbs', 'useful'],
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      tagged,
      fc.constantFrom('cutpoint-trajectory/1', 'cutpoint-trajectory/2', 'assistant', 'tool', 'user', null, -1, 1e300),
      fc.double(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 8 }),
    ),
  }));

  it('become a record or a reason, never anything else, in 10,000 cases', () => {
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(keys, value), fc.string(), value), (row) => {
        try {
          const { draft, final, cut } = readLine(JSON.stringify(row));
          expect(draft.steps.length).toBeGreaterThan(0);
          expect(final.steps.length).toBeGreaterThan(0);
          expect(cut).toBeGreaterThanOrEqual(0);
          expect(final.reward === null || Number.isFinite(final.reward)).toBe(true);
          expect(final.reward === null && final.em !== null).toBe(false);
        } catch (error) {
          if (!(error instanceof SkippedRow)) throw error;
        }
      }),
      { numRuns: 10_000 },
    );
  });

  it('may nest deeper than any stack', async () => {
    const deep = `{"question": "q", "gts": "x", "completion": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const file = await readRolloutFiles([source(`${row('a', 'x')}\n${deep}`)]);
    expect(file.table.cuts).toHaveLength(1);
    expect(file.skips[0]?.line).toBe(2);
  });
});

describe('the hash of a file', () => {
  const hashed = async (files: readonly SourceFile[]) => (await readRolloutFiles(files)).hash;
  const of = (name: string, bytes: Uint8Array<ArrayBuffer>): SourceFile => {
    const blob = new Blob([bytes]);
    return { name, size: blob.size, stream: () => blob.stream(), slice: (from, to) => blob.slice(from, to) };
  };
  const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));

  it.each(['trl_tools.jsonl', 'trl_tools.parquet', 'inspect.eval', 'inspect.json'])(
    'is that of its bytes, whatever is read of them: %s',
    async (name) => {
      expect(await hashed([of('any', fixture(name))])).toBe(fnv1a64Hex(fixture(name)));
    },
  );

  it('is that of its bytes where it is packed, or damaged', async () => {
    const packed = new Uint8Array(gzipSync(fixture('trl_tools.jsonl')));
    expect(await hashed([of('a.gz', packed)])).toBe(fnv1a64Hex(packed));
    const damaged = packed.slice();
    damaged[damaged.length - 8]! ^= 1;
    expect(await hashed([of('a.gz', damaged)])).toBe(fnv1a64Hex(damaged));
  });

  it('of a set is that of the hashes of its files in order, not of their names', async () => {
    const [a, b] = [fixture('trl_tools.jsonl'), fixture('verl_tools.jsonl')];
    const set = await hashed([of('a', a), of('b', b)]);
    expect(set).toBe(fnv1a64Hex(new TextEncoder().encode(`${fnv1a64Hex(a)}\n${fnv1a64Hex(b)}`)));
    expect(await hashed([of('c', a), of('d', b)])).toBe(set);
    expect(await hashed([of('b', b), of('a', a)])).not.toBe(set);
  });
});
