import { existsSync, statSync } from 'node:fs';
import { fromFolder } from '../formats/checkpoint-folder';
import { unzipFolder } from '../formats/checkpoint-zip';
import { UserError } from '../lib/assert';
import { readBytes } from './checkpoint-folder';
import { RunFolder } from './run-folder';

/**
 * The checkpoint at a path, as one file of weights or of a run: a .safetensors file, a run folder, a folder of the
 * transformers library, or the zip that the page saves.
 *
 * @throws UserError where there is none
 */
export function readCheckpoint(path: string): Uint8Array {
  if (!existsSync(path)) throw new UserError(`There is no file "${path}".`);
  if (statSync(path).isDirectory()) return RunFolder.at(path).readCheckpoint();
  const bytes = readBytes(path);
  return bytes[0] === 0x50 && bytes[1] === 0x4b ? fromFolder(unzipFolder(bytes, path), path) : bytes;
}
