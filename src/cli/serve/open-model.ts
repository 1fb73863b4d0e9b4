/** The checkpoint that is served, by its path or by the name of one that ships. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defaultConfig, type RunConfig } from '../../config/schema';
import { WorldPool } from '../../env/pool';
import type { WorldFamily } from '../../env/world';
import { readHeader } from '../../formats/checkpoint-header';
import { decodeSafetensors } from '../../formats/safetensors';
import { UserError } from '../../lib/assert';
import { nearest } from '../../lib/nearest';
import type { ParameterTable } from '../../models/parameters';
import { PUBLIC_FOLDER, readTriplesFile } from '../../node/families';
import { runTable } from '../../rl/learning/run-table';
import { decodeBase } from '../../trainer/state/checkpoint';
import { familyOf } from '../files/checkpoint-family';
import { readCheckpoint } from '../files/read-checkpoint';

export interface ServedModel {
  name: string;
  /** In words: what it is. */
  title: string;
  family: WorldFamily;
  table: ParameterTable;
  params: Float32Array<ArrayBuffer>;
  config: RunConfig;
  /** Of the worlds of its run. */
  pool: WorldPool;
}

const SHIPPED = join(PUBLIC_FOLDER, 'checkpoints');
const EXTENSION = '.safetensors';

/** @param worldPath triples that it was trained on, where they do not lie beside it */
export async function openModel(what: string, worldPath: string | undefined): Promise<ServedModel> {
  const path = findModel(what);
  const { bytes, facts: beside } = await readCheckpoint(path);
  const header = readHeader(decodeSafetensors(bytes, path), path);
  const facts = worldPath === undefined ? beside : readTriplesFile(worldPath);
  const family = familyOf(header.world, facts, path);
  const size = header.kind === 'base' ? header.size : header.config.size;
  const config = header.kind === 'base' ? { ...defaultConfig, size } : header.config;
  const table = runTable(size, family.schema.vocabulary.size);
  const { poolSize, worldSeed, noise, redrawEvery } = config;
  return {
    name: basename(path, EXTENSION),
    title:
      header.kind === 'base'
        ? `weights of size ${size} for the world "${header.world}"`
        : `a run of size ${size} on the world "${header.world}", update ${header.update}`,
    ...{ family, table, config },
    params: decodeBase({ table, family }, bytes, path),
    pool: new WorldPool(family, { poolSize, worldSeed, noise, redrawEvery, levels: config }),
  };
}

/** @throws UserError where there is neither such a path nor such a name */
function findModel(what: string): string {
  if (existsSync(what)) return what;
  const names = readdirSync(SHIPPED)
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => basename(file, EXTENSION));
  if (names.includes(what)) return join(SHIPPED, `${what}${EXTENSION}`);
  const near = nearest(what, names);
  throw new UserError(
    `There is neither a folder or file "${what}" nor a shipped model of that name.`,
    `${near === undefined ? '' : `Did you mean ${near}? `}Shipped are ${names.join(', ')}.`,
  );
}
