/** The trajectories of a run folder, or of a file of them, as a Parquet table: the page's own code. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { constants, createGunzip } from 'node:zlib';
import { UserError } from '../../lib/assert';
import { parquetChunks } from '../../rollouts/parquet';
import { replaceFileBy } from './disk';
import { RunFolder } from './run-folder';

/** Lines that are told one by one. */
const TOLD = 5;

/**
 * @param from a run folder, or trajectories.jsonl or trajectories.jsonl.gz
 * @param to the file to write, which is replaced in one step
 * @returns what was left out, a line each
 * @throws UserError where there is no trajectory
 */
export async function exportParquet(from: string, to: string): Promise<string[]> {
  if (!existsSync(from)) throw new UserError(`There is no file "${from}".`);
  const path = statSync(from).isDirectory() ? RunFolder.at(from).file('trajectories') : from;
  if (!existsSync(path)) throw new UserError(`"${from}" holds no trajectories.jsonl.gz.`);
  let count = 0;
  const skipped: string[] = [];
  let left = 0;
  async function* counted(): AsyncGenerator<string> {
    for await (const line of linesOf(path)) {
      if (line.trim() !== '') count += 1;
      yield line;
    }
  }
  const pieces = parquetChunks(counted(), (line, reason) => {
    left += 1;
    if (skipped.length < TOLD) skipped.push(`line ${line} left out: ${reason}`);
  });
  await replaceFileBy(to, pieces, () => {
    if (count > left) return;
    const why = skipped[0] === undefined ? 'It is empty.' : `Its ${skipped[0]}.`;
    throw new UserError(
      `${path} holds no trajectory of Cutpoint. ${why}`,
      'npm run experiment and Save in the page write them.',
    );
  });
  return left > skipped.length ? [...skipped, `${left - skipped.length} more lines left out`] : skipped;
}

/** Plain or gzip; what a kill cut off at the end of a run's file is no line. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path, path.endsWith('.gz') ? undefined : 'utf8');
  const input = path.endsWith('.gz') ? file.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })) : file;
  file.on('error', (error) => input.destroy(error));
  try {
    yield* createInterface({ input, crlfDelay: Infinity });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!code.startsWith('Z_')) throw error;
    throw new UserError(`${path} is damaged: it is no whole gzip file.`);
  }
}
