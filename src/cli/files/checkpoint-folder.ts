import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromFolder } from '../../formats/checkpoint-folder';
import { onDisk } from './disk';

/** Of other files in a folder nothing is wanted, and they may be large. */
const WANTED = /\.safetensors$|\.safetensors\.index\.json$|^config\.json$/;

/** The checkpoint in a folder of the transformers library. @throws UserError where there is none */
export function readCheckpointFolder(path: string): Uint8Array {
  const names = readdirSync(path).filter((name) => WANTED.test(name));
  return fromFolder(new Map(names.map((name) => [name, readBytes(join(path, name))])), `"${path}"`);
}

export function readBytes(path: string): Uint8Array<ArrayBuffer> {
  return onDisk(path, 'read', () => new Uint8Array(readFileSync(path)));
}
