/** A checkpoint folder as one file, as the page saves it. Floats hardly compress, so they are stored as they are. */
import { unzipSync, zipSync } from 'fflate';
import type { UnzipFileInfo } from 'fflate';
import { UserError } from '../lib/assert';
import { plainLine } from '../lib/plain-line';
import type { FileMap } from './checkpoint-folder';

/** A large model with its optimiser and a refiner of its own has 140 MB; beyond this the archive is something else. */
export const MAX_CHECKPOINT_BYTES = 2 ** 29;
const MAX_FILES = 2000;
/** What a folder of a checkpoint has. Others are not unpacked, nor is what macOS keeps beside each file. */
const WANTED = /(^|\/)[^./][^/]*\.(safetensors|json|tsv|csv)$/i;
/** No deflated byte stands for more. */
const MAX_RATIO = 1032;
/** Zip keeps times; a fixed one makes equal checkpoints equal files. */
const MADE = new Date('2000-01-01T00:00:00');

/** @param folder what the files lie in, so that unpacking strews none about */
export function zipFolder(files: FileMap, folder: string): Uint8Array<ArrayBuffer> {
  const entries = Object.fromEntries([...files].map(([name, bytes]) => [`${folder}/${name}`, bytes]));
  return zipSync(entries, { level: 0, mtime: MADE });
}

/** The files of a checkpoint by their names, whatever folder they lie in. @throws UserError for an archive that is broken or too large */
export function unzipFolder(bytes: Uint8Array, name: string): FileMap {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const names = new Set<string>();
  let total = 0;
  const filter = ({ name: path, size, originalSize }: UnzipFileInfo): boolean => {
    if (!WANTED.test(path) || path.startsWith('__MACOSX/')) return false;
    const file = nameIn(path);
    if (names.has(file)) {
      throw new UserError(`${name} holds ${plainLine(file)} in two folders.`, 'Open the files of one of them.');
    }
    names.add(file);
    if (names.size > MAX_FILES) throw new UserError(`${name} holds more files than a checkpoint can have.`);
    // What is claimed is reserved before anything is unpacked.
    if (originalSize > size * MAX_RATIO) throw new UserError(`${name} is a broken zip archive.`);
    total += originalSize;
    if (total > MAX_CHECKPOINT_BYTES) throw new UserError(`${name} unpacks to more than a checkpoint can have.`);
    return true;
  };
  try {
    for (const [path, content] of Object.entries(unzipSync(bytes, { filter }))) {
      files.set(nameIn(path), content.slice());
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${name} is a broken zip archive.`, 'It may have been cut off: save or copy it again.');
  }
  return files;
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
