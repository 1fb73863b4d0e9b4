import type { RunConfig } from '../config/schema';
import { BASE_FORMAT, readCount, RUN_FORMAT } from '../formats/checkpoint-header';
import { decodeSafetensors, encodeSafetensors } from '../formats/safetensors';
import { UserError } from '../lib/assert';
import { arenaFromTensors, arenaTensors } from '../models/arena-tensors';
import type { ParameterTable } from '../models/parameters';
import type { LearnerState } from '../rl/learner-state';

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

export function decodeRun(table: ParameterTable, bytes: Uint8Array, name: string): LearnerState {
  const file = decodeSafetensors(bytes, name);
  const flat = (tensor: string): Float32Array<ArrayBuffer> => {
    const found = file.tensors.get(tensor);
    if (found?.data.length !== table.size) throw new UserError(`${name}: "${tensor}" is missing or of another size.`);
    return Float32Array.from(found.data);
  };
  return {
    update: readCount(file.metadata, 'update', name),
    optimizerStep: readCount(file.metadata, 'optimizerStep', name),
    params: arenaFromTensors(table, file, name),
    m: flat('optimizer.m'),
    v: flat('optimizer.v'),
    base: flat('base'),
    refiner:
      file.metadata['refinerStep'] === undefined
        ? null
        : {
            optimizerStep: readCount(file.metadata, 'refinerStep', name),
            params: flat('refiner.params'),
            m: flat('refiner.m'),
            v: flat('refiner.v'),
          },
  };
}
