import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { zipFolder } from '../formats/checkpoint-zip';
import { decodeSafetensors, encodeSafetensors } from '../formats/safetensors';
import { decodeCapsule, encodeCapsule } from '../recordings/capsule/capsule';
import { makeFakeRecording } from '../testing/page/fake-recording';
import { expectSchema } from '../testing/schemas/expect-schema';
import { runCommand } from './run-command';
import { readCheckpoint } from './files/read-checkpoint';

/** Weights of the atlas at size tiny. */
const BASE = 'public/checkpoints/atlas-tiny.safetensors';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'export-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function trajectory(update: number) {
  const step = ['<think>', 'relation:capital', '</think>', '<answer>', 'city:Arden', '</answer>'];
  const tokens = ['<question>', 'country:Aldovia', 'relation:capital', ...step];
  const numbers = tokens.map(() => 0);
  const side = { tokens, logProbs: numbers, entropies: numbers, stepStarts: [3], searches: [], end: 'finished' };
  return {
    ...{
      format: 'cutpoint-trajectory/2',
      update,
      row: 0,
      question: 'What is the capital of Aldovia?',
      answer: 'city:Arden',
    },
    messages: [{ role: 'user', content: 'What is the capital of Aldovia?' }],
    draft: { ...side, em: 1, reward: 1, coverage: 0 },
    ...{
      review: { cut: 0, logProbs: [0, null, null, null, null, null] },
      final: null,
      advantage: 0.5,
      reviewAdvantage: 0,
    },
  };
}

describe('export', () => {
  it('writes a folder whose weights come back, as a folder and as a zip', async () => {
    const out = join(folder, 'hf');
    const { code, text } = await runCommand('export', [BASE, '--out', out]);
    expect(text).toContain('model.safetensors, config.json');
    expect(code).toBe(0);
    const wanted = [...decodeSafetensors(readFileSync(BASE), BASE).tensors.values()];
    const files = new Map(readdirSync(out).map((name) => [name, Uint8Array.from(readFileSync(join(out, name)))]));
    const zip = join(folder, 'page.zip');
    writeFileSync(zip, zipFolder(files, 'page'));
    for (const path of [out, zip]) {
      const { bytes } = await readCheckpoint(path);
      expect([...decodeSafetensors(bytes, path).tensors.values()]).toEqual(wanted);
    }
    const config: unknown = JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'));
    expect(config).toMatchObject({ vocab_size: wanted[0]?.shape[0], cutpoint: { world: 'atlas' } });
  });

  it('writes trajectories as the table that the page saves, and says what it left out', async () => {
    const line = (update: number) => JSON.stringify(trajectory(update));
    const path = join(folder, 'trajectories.jsonl.gz');
    // As a killed run leaves it: the last line and the last gzip member are cut off.
    const members = [`${line(1)}\n${line(2)}\n`, `{"format":"cutpoint-trajectory/9"}\n${line(3)}\n{"format":"cutp`];
    writeFileSync(path, Buffer.concat(members.map((text) => gzipSync(text))).subarray(0, -9));
    for (const from of [folder, path]) {
      const table = join(folder, 'table.parquet');
      const { code, text } = await runCommand('export', [from, '--parquet', table]);
      expect({ code, text }).toMatchObject({ code: 0 });
      expect(text).toMatch(/line 3 left out: of format cutpoint-trajectory[^]*line 5 left out/);
      const rows = await parquetReadObjects({ file: Uint8Array.from(readFileSync(table)).buffer });
      expect(rows).toMatchObject([1, 2, 3].map((update) => ({ update, em_final: 1, branches: 0 })));
      expectSchema('trajectory-table', rows);
      expect(rows[1]?.['trajectory']).toBe(line(2));
      expect(JSON.parse(String(rows[1]?.['messages']))).toEqual(trajectory(2).messages);
    }
    expect(readdirSync(folder).sort()).toEqual(['table.parquet', 'trajectories.jsonl.gz']);
  });

  it('writes trajectories of any kind for other programs, which come back', async () => {
    const fixture = 'src/rollouts/fixtures/verifiers.jsonl';
    const read = async (path: string): Promise<unknown[]> => {
      const { text } = await runCommand('read', [path, '--json']);
      const rows = text.split('\n').filter((line) => line.startsWith('{'));
      return rows.map((line): unknown => ({ ...Object(JSON.parse(line)), file: '', line: 0 }));
    };
    const before = await read(fixture);
    expect(before).toHaveLength(2);
    for (const [flag, to] of [
      ['--atif', 'out.jsonl'],
      ['--inspect', 'out.eval'],
    ] as const) {
      expect(await runCommand('export', [fixture, flag, join(folder, to)])).toMatchObject({ code: 0 });
      expect(await read(join(folder, to))).toEqual(before);
    }
    const { code, text } = await runCommand('export', [fixture, '--inspect', join(folder, 'out.json')]);
    expect(code).toBe(2);
    expect(text).toContain('end with .eval');
  });

  it('writes a capsule without its weights', async () => {
    const [from, to] = [join(folder, 'run.capsule'), join(folder, 'small.capsule')];
    const recording = makeFakeRecording(3);
    writeFileSync(from, await encodeCapsule(recording));
    expect(await runCommand('export', [from, '--replay', to])).toMatchObject({ code: 0 });
    const small = await decodeCapsule(new Uint8Array(readFileSync(to)), 'f');
    expect(small).toEqual({ ...recording, checkpoints: [] });
    const { code, text } = await runCommand('export', [to, '--out', join(folder, 'out')]);
    expect(text).toContain('played back only');
    expect(code).toBe(2);
  });

  it.each([
    ['no capsule', () => [BASE, '--replay', join(folder, 'p')], /is no capsule/],
    ['no trajectories', () => [BASE, '--parquet', join(folder, 'p')], /holds no trajectory of Cutpoint/],
    ['a folder without trajectories', () => [folder, '--parquet', join(folder, 'p')], /holds no trajectories/],
    ['nothing', () => [], /Give one checkpoint/],
    ['no folder to write to', () => [BASE], /--out DIR/],
    ['a file that is not there', () => [join(folder, 'none'), '--out', folder], /There is no file/],
    ['a folder without weights', () => [folder, '--out', folder], /holds no model\.safetensors/],
    ['a flag of another command', () => [BASE, '--out', folder, '--updates', '3'], /Unknown flag --updates/],
    [
      'a foreign file',
      () => {
        writeFileSync(join(folder, 'theirs.safetensors'), encodeSafetensors([], { format: 'pt' }));
        return [join(folder, 'theirs.safetensors'), '--out', join(folder, 'out')];
      },
      /no checkpoint of Cutpoint/,
    ],
    [
      'a world whose triples are not at hand',
      () => {
        const { tensors } = decodeSafetensors(readFileSync(BASE), BASE);
        const metadata = { format: 'cutpoint-base/1', world: 'mine' };
        writeFileSync(join(folder, 'mine.safetensors'), encodeSafetensors([...tensors.values()], metadata));
        return [join(folder, 'mine.safetensors'), '--out', join(folder, 'out')];
      },
      /the world "mine"[^]*--world/,
    ],
    [
      'a file in the way',
      () => {
        copyFileSync(BASE, join(folder, 'taken'));
        return [BASE, '--out', join(folder, 'taken')];
      },
      /there is a file of that name/,
    ],
  ])('%s: a message and exit 2', async (_, args, message) => {
    const { code, text } = await runCommand('export', args());
    expect(text).toMatch(message);
    expect(text).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
  });
});
