import { UserError } from '../../lib/assert';
import { decodeCapsule, encodeCapsule } from '../../recordings/capsule/capsule';
import { isCapsule } from '../../recordings/capsule/capsule-file';
import { readBytes } from './checkpoint-folder';
import { replaceFile, usable } from './disk';
import { requireFile } from '../../node/families';

/** A capsule without its checkpoints. @returns nothing to tell @throws UserError for anything but a capsule */
export async function exportReplay(from: string, to: string): Promise<string[]> {
  requireFile(from);
  const file = readBytes(from);
  if (!isCapsule(file))
    throw new UserError(`"${from}" is no capsule.`, 'npm run experiment -- --capsule FILE writes one.');
  const bytes = await encodeCapsule({ ...(await decodeCapsule(file, from)), checkpoints: [] });
  usable(() => replaceFile(to, bytes));
  return [];
}
