import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../lib/assert';
import { ANOTHER_FOLDER, makeFolder, onDisk, usable } from '../files/disk';

const NAME = 'running';
const BEAT_MS = 20_000;
/** A process on another machine that has not touched its file for so long is gone. */
const STALE_MS = 5 * 60_000;

/**
 * Takes a run folder for this process, as two that write to one folder would ruin it: a file `running` that names process and
 * machine and is touched while it runs. One that a killed process left is taken over.
 *
 * @param hint what to do where it cannot be written
 * @returns gives the folder back
 * @throws UserError where another process has it, or it cannot be written
 */
export function takeFolder(folder: string, hint = ANOTHER_FOLDER): () => void {
  const file = join(folder, NAME);
  usable(() => {
    makeFolder(folder);
    onDisk(file, 'write', () => {
      if (create(file)) return;
      requireGone(folder, file);
      rmSync(file, { force: true });
      if (!create(file)) throw busy(folder, 'another process');
    });
  }, hint);
  const beat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(file, now, now);
    } catch {
      // A disk that refuses is told where something has to be written.
    }
  }, BEAT_MS);
  beat.unref();
  return () => {
    clearInterval(beat);
    rmSync(file, { force: true });
  };
}

/** @returns false where the file is there already */
function create(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid} ${hostname()}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function requireGone(folder: string, file: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return;
  const [pid = '', host = ''] = readFileSync(file, 'utf8').trim().split(' ');
  const gone = host === hostname() ? !isRunning(Number(pid)) : Date.now() - stat.mtimeMs > STALE_MS;
  if (!gone) throw busy(folder, `process ${pid} on ${host}`);
}

function busy(folder: string, who: string): UserError {
  return new UserError(
    `${folder} is in use by ${who}.`,
    `Wait until it has finished. If nothing runs there any more, remove ${join(folder, NAME)}.`,
  );
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
