/** What the disk refuses, in words: full, read-only, forbidden. */
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UserError } from '../../lib/assert';
import { StoppedError } from './stopped';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EIO: 'the disk reports an error',
  ENOENT: 'the folder is gone',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'there is a folder of that name',
  EEXIST: 'there is a file of that name',
  ENAMETOOLONG: 'the name is too long',
};

/** A file that could not be written or read. */
export class DiskError extends StoppedError {
  override name = 'DiskError';
}

/**
 * Does `work` on the file `path`.
 *
 * @throws DiskError naming the file and the reason where the operating system refuses
 */
export function onDisk<T>(path: string, doing: 'write' | 'read' | 'make the folder', work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (!(error instanceof Error) || code === undefined || !/^E[A-Z0-9]+$/.test(code)) throw error;
    throw new DiskError(`Cannot ${doing} ${path}: ${REASONS[code] ?? error.message} (${code}).`);
  }
}

/**
 * Makes a folder that can be written, with those above it, or accepts the one that is there. One after the other: Node's own
 * way to make them all never comes back from a place that can hold none, such as /proc.
 *
 * @throws DiskError
 */
export function makeFolder(path: string): void {
  onDisk(path, 'make the folder', () => {
    makeWithThoseAbove(resolve(path));
    accessSync(path, constants.W_OK);
  });
}

function makeWithThoseAbove(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const above = dirname(path);
  if (above !== path) makeWithThoseAbove(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** Writes a file in one step: whoever looks sees the old content or the new one. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  // A name of its own, as another process may be replacing the same file.
  const part = `${path}.${process.pid}.part`;
  onDisk(path, 'write', () => {
    try {
      writeFileSync(part, content);
      renameSync(part, path);
    } catch (error) {
      rmSync(part, { force: true });
      throw error;
    }
  });
}

/** The same for a file that comes in pieces. @param check called before it takes its place: what it throws leaves all as it was */
export async function replaceFileBy(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  check = (): void => undefined,
): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  const file = onDisk(path, 'write', () => openSync(part, 'w'));
  try {
    for await (const piece of pieces) onDisk(path, 'write', () => writeFileSync(file, piece));
    check();
    onDisk(path, 'write', () => renameSync(part, path));
  } finally {
    closeSync(file);
    rmSync(part, { force: true });
  }
}

export const ANOTHER_FOLDER = 'Name another folder, or make this one writable.';
/** Of a folder that holds a run: it cannot be another one. */
export const THIS_FOLDER =
  'Nothing of the run is lost. Make room, or make its folder writable, and call the command again.';

/** A disk that refuses before anything was begun is bad input: the person names another folder, or mends this one. */
export function usable(work: () => void, hint = ANOTHER_FOLDER): void {
  try {
    work();
  } catch (error) {
    if (error instanceof DiskError) {
      throw new UserError(error.message, hint);
    }
    throw error;
  }
}
