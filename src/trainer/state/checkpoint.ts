import type { RunConfig } from '../../config/schema';
import {
  BASE_FORMAT,
  dictionaryHash,
  readCount,
  requireFormat,
  requireDictionary,
  requireKnown,
  RUN_FORMAT,
} from '../../formats/checkpoint-header';
import { decodeSafetensors, encodeSafetensors, type TensorFile } from '../../formats/safetensors';
import { UserError } from '../../lib/assert';
import { arenaFromTensors, arenaTensors } from '../../models/arena-tensors';
import { tensorNotFinite } from '../../models/first-not-finite';
import type { ParameterTable } from '../../models/parameters';
import type { LearnerState } from '../../rl/learning/learner-state';
import { stateNotFinite } from '../../rl/learning/not-finite';
import type { RunTables } from '../../rl/learning/run-table';

/** What weights belong to: their layout and the family whose tokens they know. A learner is one. */
export interface Model {
  table: ParameterTable;
  family: { schema: { id: string; vocabulary: { strings: readonly string[] } } };
}

/** What a run belongs to. A learner is one. */
export type RunModel = Model & RunTables;

/** @param metadata where the weights come from, besides the world */
export function encodeBase(
  { table, family }: Model,
  params: Float32Array,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  return encodeSafetensors(arenaTensors(table, params), { format: BASE_FORMAT, ...originOf(family), ...metadata });
}

/**
 * The weights of a base or of a run.
 *
 * @throws UserError for a file that is neither, one of another model or dictionary, or one whose numbers are none
 */
export function decodeBase(model: Model, bytes: Uint8Array, name: string): Float32Array<ArrayBuffer> {
  const params = arenaFromTensors(model.table, open(model, bytes, name), name);
  requireNumbers(tensorNotFinite(model.table, params), name);
  return params;
}

function requireNumbers(tensor: string | null, name: string): void {
  if (tensor === null) return;
  throw new UserError(
    `${name} holds numbers that are not finite (NaN or infinity) in "${tensor}".`,
    'Its run went wrong: take an earlier checkpoint, or begin again with a lower learning rate.',
  );
}

export function encodeRun({ table, family }: Model, config: RunConfig, state: LearnerState): Uint8Array<ArrayBuffer> {
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
    ...originOf(family),
    config: JSON.stringify(config),
    update: String(state.update),
    optimizerStep: String(state.optimizerStep),
    ...(state.refiner === null ? {} : { refinerStep: String(state.refiner.optimizerStep) }),
  });
}

/** @throws UserError for a file that holds no run of this model and dictionary, or one whose numbers are none */
export function decodeRun(model: RunModel, bytes: Uint8Array, name: string): LearnerState {
  const { table, refinerTable } = model;
  const file = open(model, bytes, name);
  const flat = (tensor: string, { size }: ParameterTable = table): Float32Array<ArrayBuffer> => {
    const found = file.tensors.get(tensor);
    if (found?.data.length !== size) {
      throw new UserError(
        `${name}: "${tensor}" is missing or of another size.`,
        tensor.startsWith('refiner')
          ? 'Set refinerWeights, refinerLayers and refinerWidth as its run had them.'
          : undefined,
      );
    }
    return Float32Array.from(found.data);
  };
  const state = {
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
            params: flat('refiner.params', refinerTable),
            m: flat('refiner.m', refinerTable),
            v: flat('refiner.v', refinerTable),
          },
  };
  requireNumbers(stateNotFinite(model, state), name);
  return state;
}

function originOf({ schema }: Model['family']): { world: string; dictionary: string } {
  return { world: schema.id, dictionary: dictionaryHash(schema.vocabulary.strings) };
}

/** Tensors of a run beside its weights. */
const OF_RUN = new Set(['optimizer.m', 'optimizer.v', 'base', 'refiner.params', 'refiner.m', 'refiner.v']);

function open({ table, family: { schema } }: Model, bytes: Uint8Array, name: string): TensorFile {
  const file = decodeSafetensors(bytes, name);
  requireFormat(file.metadata, [BASE_FORMAT, RUN_FORMAT], name);
  requireDictionary(file, schema.vocabulary.strings, schema.id, name);
  const ours = new Set(table.entries.map((entry) => entry.name));
  requireKnown(file, (tensor) => ours.has(tensor) || OF_RUN.has(tensor), name);
  return file;
}
