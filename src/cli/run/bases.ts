/** Warm-started bases that runs share: a folder with one file for each combination of what determines a base. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  defaultConfig,
  SETTING_KEYS,
  settingOf,
  type RunConfig,
  type SettingGroup,
  type SettingKey,
} from '../../config/schema';
import { UserError } from '../../lib/assert';
import { fnv1a64Hex } from '../../lib/hash';
import { decodeSafetensors } from '../../formats/safetensors';
import type { Learner } from '../../rl/learning/learner';
import { decodeBase, encodeBase } from '../../trainer/state/checkpoint';
import { makeFolder, onDisk, replaceFile, usable } from '../files/disk';
import { runWarmStart } from './warm-start';

/** Settings of the other groups act on reinforcement learning and evaluation alone. */
const DETERMINING: ReadonlySet<SettingGroup> = new Set(['Run', 'World', 'Model', 'WarmStart']);

/** Bases were made before these settings came: at its default none of them changes a world. */
const CAME_LATER: ReadonlySet<SettingKey> = new Set(['rumourSpread', 'misfiled', 'sharedNames', 'minHops']);

/**
 * Everything that a warm start depends on, as text: settings, the file of triples where there is one, and the adapter, whose
 * rounding it carries.
 */
export function baseKey(config: RunConfig, adapter: string, worldText: string | undefined): string {
  const keys = SETTING_KEYS.filter((key) => key !== 'preset' && DETERMINING.has(settingOf(key).group)).filter(
    (key) => !CAME_LATER.has(key) || config[key] !== defaultConfig[key],
  );
  const world = worldText === undefined ? config.world : fnv1a64Hex(new TextEncoder().encode(worldText));
  return JSON.stringify({ ...Object.fromEntries(keys.map((key) => [key, config[key]])), world, adapter });
}

/** Makes the folder where there is none. @throws UserError where it cannot be made or written */
export function openBases(path: string): void {
  usable(() => makeFolder(path));
}

/**
 * Gives the learner the base of its settings from `folder`, or makes it and leaves it there. Two processes may make the same
 * one at once: each replaces the file in one step, by the same bytes.
 *
 * @returns the file, and whether it was there already
 */
export async function startFromBases(
  learner: Learner,
  folder: string,
  worldText: string | undefined,
  shouldStop: () => boolean,
): Promise<{ file: string; found: boolean }> {
  const { config, family, gpu } = learner;
  const key = baseKey(config, gpu.adapter.description, worldText);
  const hash = fnv1a64Hex(new TextEncoder().encode(key)).slice(0, 8);
  const file = join(folder, `${family.schema.id}-${config.size}-${config.runSeed}-${hash}.safetensors`);
  if (existsSync(file)) {
    const bytes = onDisk(file, 'read', () => readFileSync(file));
    if (decodeSafetensors(bytes, file).metadata['madeFrom'] !== key) {
      throw new UserError(
        `${file} was not made from these settings.`,
        'It was renamed, or comes from another version of Cutpoint: remove it, and it is made again.',
      );
    }
    learner.startFrom(decodeBase(learner, bytes, file));
    return { file, found: true };
  }
  await runWarmStart(learner, shouldStop);
  const metadata = {
    config: JSON.stringify(config),
    adapter: gpu.adapter.description,
    madeFrom: key,
  };
  replaceFile(file, encodeBase(learner, await learner.parameters(), metadata));
  return { file, found: false };
}
