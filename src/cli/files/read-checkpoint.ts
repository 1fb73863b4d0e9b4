import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { factsBeside, fromFolder, type FileMap } from '../../formats/checkpoint-folder';
import { unzipFolder } from '../../formats/checkpoint-zip';
import { isZip } from '../../formats/is-zip';
import { UserError } from '../../lib/assert';
import { decodeText } from '../../lib/decode-text';
import { decodeCapsule } from '../../recordings/capsule/capsule';
import { isCapsule } from '../../recordings/capsule/capsule-file';
import { readBytes } from './checkpoint-folder';
import { onDisk } from './disk';
import { RunFolder } from './run-folder';

export interface FoundCheckpoint {
  /** One file of weights or of a run. */
  bytes: Uint8Array;
  /** The text of the triples of its world, where they lie beside it. */
  facts: string | null;
}

/**
 * The checkpoint at a path: a .safetensors file, a run folder, a folder of the transformers library, the zip that the page
 * saves, or a capsule, of which it is the last.
 *
 * @throws UserError where there is none
 */
export async function readCheckpoint(path: string): Promise<FoundCheckpoint> {
  if (!existsSync(path)) throw new UserError(`There is no file "${path}".`);
  if (statSync(path).isDirectory()) {
    const folder = RunFolder.at(path);
    return { bytes: folder.readCheckpoint(), facts: readFacts(folder.file('world')) };
  }
  const bytes = readBytes(path);
  if (isCapsule(bytes)) return readCapsule(bytes, path);
  if (!isZip(bytes)) return { bytes: fromFolder(withConfig(path, bytes), path), facts: null };
  const files = unzipFolder(bytes, path);
  return { bytes: fromFolder(files, path), facts: factsBeside(files) };
}

/** Weights that another program saved again say whose they are in the config.json beside them alone. */
function withConfig(path: string, bytes: Uint8Array<ArrayBuffer>): FileMap {
  const name = `${basename(path, '.safetensors')}.safetensors`;
  const config = join(dirname(path), 'config.json');
  return new Map([[name, bytes], ...(existsSync(config) ? [['config.json', readBytes(config)] as const] : [])]);
}

async function readCapsule(file: Uint8Array<ArrayBuffer>, path: string): Promise<FoundCheckpoint> {
  const { checkpoints, ownWorld } = await decodeCapsule(file, path);
  const last = checkpoints.at(-1);
  if (last === undefined) throw new UserError(`${path} holds no checkpoint: it can be played back only.`);
  return { bytes: last.bytes, facts: ownWorld?.text ?? null };
}

function readFacts(path: string): string | null {
  return existsSync(path) ? onDisk(path, 'read', () => decodeText(readFileSync(path)).text) : null;
}
