import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { zipFolder } from '../formats/checkpoint-zip';
import { decodeSafetensors, encodeSafetensors } from '../formats/safetensors';
import { runCommand } from '../testing/run-command';
import { readCheckpoint } from './read-checkpoint';

/** Weights of the atlas at size tiny. */
const BASE = 'public/checkpoints/atlas-tiny.safetensors';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'export-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

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

  it.each([
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
