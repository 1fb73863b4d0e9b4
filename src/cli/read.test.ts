import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectSchema } from '../testing/schemas/expect-schema';
import { runCommand } from './run-command';

/** Weights of the atlas at size tiny. */
const BASE = 'public/checkpoints/atlas-tiny.safetensors';
const LINE = {
  ...{ question: 'Where was X born?', golden_answers: ['Rome'], step: 3, score: 1, advantage: 0.5 },
  completion: '<search>X</search><information>X was born in Rome.</information><answer>Rome</answer>',
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function json(...paths: string[]): Promise<{ code: unknown; documents: unknown[]; refused: string[] }> {
  const { code, text } = await runCommand('read', [...paths, '--json']);
  const lines = text.split('\n').filter((line) => line !== '');
  const refused = lines.filter((line) => line.startsWith('refused: '));
  const documents = lines.filter((line) => line.startsWith('{')).map((line): unknown => JSON.parse(line));
  return { code, documents, refused };
}

describe('read', () => {
  it('tells each row of rollouts, and each line that is refused with its reason', async () => {
    const path = written('a.jsonl', `${JSON.stringify(LINE)}\nnothing\n`);
    const { code, documents, refused } = await json(path);
    expect(code).toBe(1);
    expect(refused).toEqual([expect.stringMatching(/^refused: .*a\.jsonl, line 2: not JSON/)]);
    expect(documents).toMatchObject([
      {
        ...{ file: path, row: 0, line: 1, question: LINE.question, golds: ['Rome'], answer: 'Rome', em: 1 },
        ...{ reward: 1, rewardGiven: true, advantage: 0.5, step: 3, group: 0, end: null, draft: null },
        steps: [
          { kind: 'search', query: 'X', passages: 1, useful: 1 },
          { kind: 'answer', query: 'Rome', passages: 0, useful: null },
        ],
      },
    ]);
    const { text } = await runCommand('read', [path]);
    expect(text).toContain('rollouts, 1 row in 1 group, step 3');
    expect(text).toContain('1 search "X": 1 passage, useful');
    expect(text).toContain('answer: "Rome"; EM 1, reward 1 (given), advantage 0.5 (given)');
  });

  it('keeps the order of the file, and tells a draft besides its final', async () => {
    const draft = { question: 'a', gold: 'x', draft: '<answer>y</answer>', final: '<answer>x</answer>', step: 9 };
    const path = written('a.jsonl', [draft, LINE].map((line) => JSON.stringify(line)).join('\n'));
    const { code, documents } = await json(path);
    expect(code).toBe(0);
    expect(documents).toMatchObject([
      { row: 0, line: 1, step: 9, draft: [{ kind: 'answer', query: 'y' }] },
      { row: 1, line: 2, step: 3, draft: null },
    ]);
    expectSchema('read-rollout', documents);
  });

  it('tells facts, and why they are no world', async () => {
    const path = written('a.tsv', 'Ada\tborn in\tRome\nBo\tborn in\tOslo\nBo\tborn\n');
    const { code, documents, refused } = await json(path);
    expect(code).toBe(1);
    expect(documents).toMatchObject([
      { facts: 2, relations: ['born in'], entities: ['Ada', 'Rome', 'Bo', 'Oslo'], problems: [{ line: 3 }] },
    ]);
    expect(refused).toEqual([expect.stringContaining('a.tsv, line 3: 2 columns')]);
    expectSchema('read-facts', documents);
  });

  it('tells what a checkpoint is, or why it does not open', async () => {
    const { code, documents } = await json(BASE);
    expect(code).toBe(0);
    expect(documents).toMatchObject([{ opens: true, reason: 'weights of size tiny for the world "atlas"' }]);
    expectSchema('read-checkpoint', documents);
    const refused = await json(folder);
    expect(refused).toMatchObject({ code: 2, documents: [{ opens: false }] });
  });

  it('ends with 2 where nothing can be read, and with 1 where something can', async () => {
    const [good, bad] = [written('a.jsonl', JSON.stringify(LINE)), written('b.jsonl', '{}')];
    expect(await json(bad)).toMatchObject({ code: 2, documents: [] });
    expect(await json(join(folder, 'missing'))).toMatchObject({ code: 2 });
    expect(await json(bad, good)).toMatchObject({ code: 1, documents: [{ answer: 'Rome' }] });
    expect((await runCommand('read', [])).code).toBe(2);
  });

  it('prints all of it to a pipe whose reader is slow', async () => {
    const path = written('many.jsonl', `${JSON.stringify(LINE)}\n`.repeat(1000));
    const child = spawn(process.execPath, ['scripts/cli.mjs', 'read', path, '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const closed = once(child, 'close');
    const chunks: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    await once(child.stdout, 'data');
    // Behind the first words all others are printed at once, more than a pipe holds.
    child.stdout.pause();
    await delay(2000);
    child.stdout.resume();
    expect(await closed).toEqual([0, null]);
    expect(chunks.join('').split('\n')).toHaveLength(1001);
  });
});
