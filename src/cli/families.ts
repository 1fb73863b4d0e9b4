import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunConfig } from '../config/schema';
import { atlasFamily } from '../env/atlas';
import { microwikiFamily } from '../env/microwiki';
import { worldFamilyFromTriples } from '../env/triples';
import type { WorldFamily } from '../env/world';
import { UserError } from '../lib/assert';

/** Files that ship with the page, as seen from where the commands are run. */
export const PUBLIC_FOLDER = 'public';

/** The family a run draws its worlds from. @throws UserError for a file that is not there or not readable as triples */
export function openFamily(config: RunConfig, worldFile: string | undefined): WorldFamily {
  if (worldFile !== undefined) {
    if (!existsSync(worldFile)) throw new UserError(`There is no file "${worldFile}".`);
    return worldFamilyFromTriples(readFileSync(worldFile, 'utf8'), worldFile);
  }
  if (config.world === 'microwiki') return microwikiFamily();
  const json: unknown = JSON.parse(readFileSync(join(PUBLIC_FOLDER, 'worlds/atlas.json'), 'utf8'));
  return atlasFamily(json);
}

/** Where the warm-started base of a built-in world and a size ships. */
export function basePath(config: RunConfig): string {
  return join(PUBLIC_FOLDER, 'checkpoints', `${config.world}-${config.size}.safetensors`);
}
