import { defaultConfig, type RunConfig } from '../config/schema';
import { requireValidConfig } from '../config/validate';
import { UserError } from '../lib/assert';
import { arenaFromTensors, arenaTensors, decodeSafetensors, encodeSafetensors } from '../models/safetensors';
import type { ParameterTable } from '../models/parameters';
import type { LearnerState } from '../rl/learner-state';

/** A base policy: weights alone, under their Hugging Face names. */
const BASE_FORMAT = 'cutpoint-base/1';
/** A run that can go on exactly: weights, moments, frozen base, position. */
const RUN_FORMAT = 'cutpoint-checkpoint/1';

export interface RunCheckpoint {
  config: RunConfig;
  /** Id of the world's family. */
  world: string;
  state: LearnerState;
}

export function encodeBase(
  table: ParameterTable,
  params: Float32Array,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  return encodeSafetensors(arenaTensors(table, params), { format: BASE_FORMAT, ...metadata });
}

/** @throws UserError for a file that is no base or checkpoint of this model */
export function decodeBase(table: ParameterTable, bytes: Uint8Array, name: string): Float32Array<ArrayBuffer> {
  return arenaFromTensors(table, decodeSafetensors(bytes, name), name);
}

export function encodeRun(table: ParameterTable, checkpoint: RunCheckpoint): Uint8Array<ArrayBuffer> {
  const { state } = checkpoint;
  const flat = (name: string, data: Float32Array) => ({ name, shape: [data.length], data });
  const tensors = [
    ...arenaTensors(table, state.params),
    flat('optimizer.m', state.m),
    flat('optimizer.v', state.v),
    flat('base', state.base),
    ...(state.refiner === null
      ? []
      : [
          flat('refiner.params', state.refiner.params),
          flat('refiner.m', state.refiner.m),
          flat('refiner.v', state.refiner.v),
        ]),
  ];
  return encodeSafetensors(tensors, {
    format: RUN_FORMAT,
    config: JSON.stringify(checkpoint.config),
    world: checkpoint.world,
    update: String(state.update),
    optimizerStep: String(state.optimizerStep),
    ...(state.refiner === null ? {} : { refinerStep: String(state.refiner.optimizerStep) }),
  });
}

/** What a run checkpoint says about itself, before a model of its shape exists. @throws UserError for anything else */
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
  return readCount(decodeSafetensors(bytes, name).metadata['update'], name);
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

/** A count that a checkpoint names: how many updates or optimiser steps it has behind it. */
function readCount(text: string | undefined, name: string): number {
  if (text === undefined || !/^\d{1,9}$/.test(text)) throw new UserError(`${name} does not say how far its run is.`);
  return Number(text);
}

export function decodeRun(table: ParameterTable, bytes: Uint8Array, name: string): LearnerState {
  const file = decodeSafetensors(bytes, name);
  const flat = (tensor: string): Float32Array<ArrayBuffer> => {
    const found = file.tensors.get(tensor);
    if (found?.data.length !== table.size) throw new UserError(`${name}: "${tensor}" is missing or of another size.`);
    return Float32Array.from(found.data);
  };
  return {
    update: readCount(file.metadata['update'], name),
    optimizerStep: readCount(file.metadata['optimizerStep'], name),
    params: arenaFromTensors(table, file, name),
    m: flat('optimizer.m'),
    v: flat('optimizer.v'),
    base: flat('base'),
    refiner:
      file.metadata['refinerStep'] === undefined
        ? null
        : {
            optimizerStep: readCount(file.metadata['refinerStep'], name),
            params: flat('refiner.params'),
            m: flat('refiner.m'),
            v: flat('refiner.v'),
          },
  };
}
