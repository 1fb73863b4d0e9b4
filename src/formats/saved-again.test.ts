/** Weights that transformers and safetensors saved again (scripts/proofs/save_checkpoints.py): bit for bit what they read back. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromFolder } from './checkpoint-folder';
import { decodeSafetensors } from './safetensors';

const FOLDER = new URL('./cases/', import.meta.url);

function filesOf(name: string): Map<string, Uint8Array<ArrayBuffer>> {
  const folder = new URL(`${name}/`, FOLDER);
  return new Map(readdirSync(folder).map((file) => [file, new Uint8Array(readFileSync(new URL(file, folder)))]));
}

describe('weights that others saved again', () => {
  it.each(['k05-f16-shards', 'k06-safetensors-bf16'])('%s', (name) => {
    const { tensors } = decodeSafetensors(fromFolder(filesOf(name), name), name);
    const hash = createHash('sha256');
    for (const [, { data }] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
      hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
    const expected = readFileSync(new URL(`${name}.expect.json`, FOLDER), 'utf8');
    expect(expected).toContain(hash.digest('hex'));
  });
});
