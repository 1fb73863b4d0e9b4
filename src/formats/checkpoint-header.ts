/** What checkpoint files say about themselves, before a model of their shape exists. */
import { defaultConfig, type RunConfig } from '../config/schema';
import { requireValidConfig } from '../config/validate';
import { UserError } from '../lib/assert';
import { decodeSafetensors } from './safetensors';

/** A base policy: weights alone, under their Hugging Face names. */
export const BASE_FORMAT = 'cutpoint-base/1';
/** A run that can go on exactly: weights, moments, frozen base, position. */
export const RUN_FORMAT = 'cutpoint-checkpoint/1';

type Metadata = Readonly<Record<string, string>>;

/** @throws UserError for anything but a run checkpoint */
export function readRunConfig(bytes: Uint8Array, name: string): { config: RunConfig; world: string } {
  const { metadata } = decodeSafetensors(bytes, name);
  if (metadata['format'] !== RUN_FORMAT) {
    throw new UserError(
      `${name} is of format "${metadata['format'] ?? 'unknown'}"; this version reads ${RUN_FORMAT}.`,
      'It may come from a newer version of Cutpoint, or it holds weights only.',
    );
  }
  return {
    config: requireValidConfig(readConfig(metadata['config'], name), defaultConfig),
    world: metadata['world'] ?? '',
  };
}

/** Updates that the run of a checkpoint has behind it. @throws UserError where it does not say */
export function readRunUpdate(bytes: Uint8Array, name: string): number {
  return readCount(decodeSafetensors(bytes, name).metadata, 'update', name);
}

function readConfig(text: string | undefined, name: string): Record<string, unknown> {
  try {
    const raw: unknown = JSON.parse(text ?? '');
    if (typeof raw === 'object' && raw !== null) return Object.fromEntries(Object.entries(raw));
  } catch {
    // Told below: the reason a JSON parser gives helps nobody.
  }
  throw new UserError(`${name}: its configuration cannot be read.`);
}

/** A count that a checkpoint names: how many updates or optimiser steps it has behind it. @throws UserError */
export function readCount(metadata: Metadata, key: string, name: string): number {
  const text = metadata[key];
  if (text === undefined || !/^\d{1,9}$/.test(text)) throw new UserError(`${name} does not say how far its run is.`);
  return Number(text);
}
