import { atlasFamily } from '../env/atlas';
import { microwikiFamily } from '../env/microwiki';
import type { WorldFamily } from '../env/world';
import type { WorldId } from '../config/schema';
import { UserError } from '../lib/assert';

/** A built-in world's family. @throws UserError when its file cannot be had */
export async function openFamily(
  world: WorldId,
  fetchBytes: (path: string) => Promise<ArrayBuffer | null>,
): Promise<WorldFamily> {
  if (world === 'microwiki') return microwikiFamily();
  const bytes = await fetchBytes('worlds/atlas.json');
  if (bytes === null) throw new UserError('The atlas could not be loaded.', 'Is the server still running?');
  const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return atlasFamily(json);
}
