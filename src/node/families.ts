import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { withColumns } from '../config/column-lines';
import { partName } from '../config/part-name';
import type { RunFlags, WorldFile } from '../config/flags';
import { defaultConfig, SETTING_KEYS, SETTINGS, type RunConfig } from '../config/schema';
import { MAX_GRAPH_TEXT } from '../config/triple-limits';
import { atlasFamily } from '../env/atlas';
import { microwikiFamily } from '../env/microwiki';
import { isTooLarge, graphSize, LIMITS, partOf } from '../env/triple-file/part';
import { OF_GRAPH, readTriples } from '../env/triple-text';
import { worldFamilyFromTriples } from '../env/triples';
import type { WorldFamily } from '../env/world';
import { UserError } from '../lib/assert';
import { decodeText } from '../lib/decode-text';

/** Files that ship with the page, as seen from where the commands are run. */
export const PUBLIC_FOLDER = 'public';

/**
 * The family a run draws its worlds from.
 *
 * @param name what a file's world is called; by default the file's own name
 * @throws UserError for a file that is not there or not readable as triples
 */
export function openFamily(config: RunConfig, worldFile: WorldFile | undefined, name?: string): WorldFamily {
  if (worldFile === undefined) return builtInFamily(config);
  const text = worldText(worldFile);
  if (worldFile.part === null) requireFits(text);
  const own = titleOf(worldFile.path);
  return worldFamilyFromTriples(text, name ?? (worldFile.part === null ? own : partName(own, worldFile.part)));
}

/** The facts that a run trains on, with what was chosen of them. @throws UserError where there is no such file */
export function worldText({ path, columns, part }: WorldFile): string {
  const text = readTriplesFile(path);
  const read = columns === null ? text : withColumns(text, columns);
  return part === null ? read : partOf(read, titleOf(path), part);
}

/** Whether nothing was chosen, so that the file stands for itself byte by byte. */
export function isAsWritten({ columns, part }: WorldFile): boolean {
  return columns === null && part === null;
}

function titleOf(path: string): string {
  return basename(path, extname(path));
}

/** @throws UserError for a graph that only a part of can be a world */
function requireFits(text: string): void {
  const { triples } = readTriples(text, 0, OF_GRAPH);
  const size = graphSize(triples);
  if (!isTooLarge(size)) return;
  throw new UserError(
    `The graph is too large for a world: ${sizeText(size)}.`,
    `A world has at most ${sizeText(LIMITS)}. A connected part of it can be one: --part 1, or any other seed.`,
  );
}

const sizeText = ({ facts, entities, relations }: typeof LIMITS): string =>
  `${facts} facts, ${entities} entities, ${relations} relations`;

/** @throws UserError where there is no such file, or one that is far too large */
export function readTriplesFile(path: string): string {
  requireFile(path);
  // As the page does, before it is read: text in UTF-8 has at most three bytes for each of its UTF-16 units.
  if (statSync(path).size > 3 * MAX_GRAPH_TEXT) {
    throw new UserError(`"${path}" is too large for a world.`, `At most ${MAX_GRAPH_TEXT} characters are read.`);
  }
  return decodeText(readFileSync(path)).text;
}

/** The family of config.world. */
export function builtInFamily(config: RunConfig): WorldFamily {
  if (config.world === 'microwiki') return microwikiFamily();
  const json: unknown = JSON.parse(readFileSync(join(PUBLIC_FOLDER, 'worlds/atlas.json'), 'utf8'));
  return atlasFamily(json);
}

/** @throws UserError where the path is not that of a file */
export function requireFile(path: string, hint?: string): void {
  if (!existsSync(path)) throw new UserError(`There is no file "${path}".`, hint);
  if (statSync(path).isDirectory()) throw new UserError(`"${path}" is a folder, not a file.`, hint);
}

/** Where the warm-started base of a built-in world and a size ships. */
export function basePath(config: RunConfig): string {
  return join(PUBLIC_FOLDER, 'checkpoints', `${config.world}-${config.size}.safetensors`);
}

/** The base policy that the flags ask for: `warm`, or the path of a file with it. @throws UserError where there is none */
export function chooseInit({ config, worldFile, init, bases }: RunFlags): string {
  const shipped = basePath(config);
  if (bases !== undefined && init !== undefined && init !== 'warm') {
    throw new UserError(`--bases keeps warm starts, and --init ${init} makes none.`, 'Give one of them.');
  }
  if (init === 'warm' || bases !== undefined) return 'warm';
  if (init === 'shipped' && (worldFile !== undefined || !existsSync(shipped))) {
    throw new UserError('No base policy ships for this world and size.', 'Use --init warm.');
  }
  if (init !== undefined && init !== 'shipped') {
    if (!existsSync(init))
      throw new UserError(`There is no file "${init}".`, '--init takes shipped, warm, a file or a folder.');
    return init;
  }
  const asShipped = SETTING_KEYS.every(
    (key) => SETTINGS[key].group !== 'WarmStart' || config[key] === defaultConfig[key],
  );
  return worldFile === undefined && existsSync(shipped) && (asShipped || init === 'shipped') ? shipped : 'warm';
}
