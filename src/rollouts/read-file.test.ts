import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/assert';
import { readLine } from './read-line';
import { readRolloutFiles, rolloutAt } from './read-file';
import type { ReadProgress } from './read-file';
import { SkippedRow } from './record';

function source(content: string | Uint8Array, name = 'x.jsonl') {
  const blob = new Blob([Uint8Array.from(typeof content === 'string' ? new TextEncoder().encode(content) : content)]);
  return { name, size: blob.size, stream: () => blob.stream() };
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
      { file: 'x.jsonl', line: 3, reason: containing('not JSON') },
      { file: 'x.jsonl', line: 4, reason: containing('not an object') },
    ]);
    expect(file.table.questions).toEqual(['b', 'a']);
    expect(rolloutAt(file, 1)).toMatchObject({ question: 'a', final: { em: 1 } });
    expect(progress.at(-1)?.rows).toBe(1);
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

  it.each([
    ['', /It is empty/],
    ['[\n{}\n]', /Line 1: not JSON/],
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
    expect(alone).toBe(0);
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
          expect(Number.isFinite(final.reward)).toBe(true);
        } catch (error) {
          if (!(error instanceof SkippedRow)) throw error;
        }
      }),
      { numRuns: 10_000 },
    );
  });

  it('may nest deeper than any stack', async () => {
    const deep = `{"question": "q", "completion": "x", "gts": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const file = await readRolloutFiles([source(`${row('a', 'x')}\n${deep}`)]);
    expect(file.table.cuts).toHaveLength(1);
    expect(file.skips[0]?.line).toBe(2);
  });
});
