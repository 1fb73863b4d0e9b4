/** The model among the files of a folder: one file of weights or the shards of one, and the training state beside it. */
import { UserError } from '../lib/assert';
import type { Metadata } from './checkpoint-header';
import { underOurNames } from './foreign-tensors';
import { decodeSafetensors, readMetadata, type NamedTensor, type TensorFile } from './safetensors';

/** Files by their names, without folders. A browser that saves one twice adds a number: "model (1).safetensors". */
export type FileMap = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

export const MODEL_FILE = 'model.safetensors';
const INDEX = /\.safetensors\.index( \(\d+\))?\.json$/;
const STATE_KIND = 'cutpoint-training-state/';
const SHARD = /^(.*)-\d{5}-of-(\d{5})\.safetensors$/;
/** A model of ours has a few; a name can claim 99,999. */
const MOST_SHARDS = 1000;

export interface WeightFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly metadata: Metadata;
}

export interface WeightFiles {
  readonly state: WeightFile | undefined;
  /** One, or all shards. */
  readonly model: readonly [WeightFile, ...WeightFile[]];
  /** Tensors that an index names. */
  readonly indexed: readonly string[];
}

/**
 * By what they say of themselves; no tensor is read yet.
 *
 * @param name what they are called together
 * @throws UserError where there is no model, more than one, or one that lacks a shard
 */
export function findWeightFiles(files: FileMap, name: string): WeightFiles {
  const all = [...files]
    .filter(([file]) => file.endsWith('.safetensors'))
    .map(([file, bytes]): WeightFile => ({ name: file, bytes, metadata: readMetadata(bytes, file) }));
  const isState = ({ metadata }: WeightFile): boolean => metadata['format']?.startsWith(STATE_KIND) === true;
  const state = all.find(isState);
  const models = all.filter((file) => !isState(file));
  const [first, ...others] = models;
  if (first === undefined) {
    if (state === undefined) {
      throw new UserError(
        `${name} holds no ${MODEL_FILE}, so there are no weights.`,
        'save_pretrained of transformers writes it; a .bin or .pt file has to be saved once more.',
      );
    }
    throw new UserError(`${state.name} is half of a checkpoint.`, `Open it together with its ${MODEL_FILE}.`);
  }
  const index = readIndex(files);
  const wanted = new Set([...(index?.values() ?? []), ...models.flatMap((file) => siblingsOf(plain(file.name)))]);
  const there = new Set(models.map((file) => plain(file.name)));
  const shards = [...there].filter((file) => wanted.has(file));
  if (models.length > 1 && shards.length < models.length) {
    throw new UserError(
      `${name} holds several files of weights: ${models.map((file) => file.name).join(', ')}.`,
      'Open one of them, with its training state where it has one.',
    );
  }
  const missing = [...wanted].filter((file) => !there.has(file));
  if (shards.length > 0 && missing.length > 0) {
    throw new UserError(
      `${first.name} is one of ${wanted.size} shards of a model; not there: ${missing.slice(0, 4).join(', ')}.`,
      'Open all of them together, or their folder.',
    );
  }
  return { state, model: [first, ...others], indexed: shards.length === 0 ? [] : [...(index?.keys() ?? [])] };
}

/** The tensors of a model, from all of its shards, under our names. @throws UserError where one is there twice or not at all */
export function decodeModel({ model, indexed }: WeightFiles): TensorFile {
  const read = model.map(({ name, bytes }) => decodeSafetensors(bytes, name));
  const [{ name }] = model;
  const all = read.flatMap(withShared);
  const names = new Set(all.map((tensor) => tensor.name));
  const missing = indexed.find((tensor) => !names.has(tensor));
  if (missing !== undefined) throw new UserError(`No shard holds "${missing}", which the index of ${name} names.`);
  return {
    tensors: underOurNames(all, name),
    metadata: Object.fromEntries(read.flatMap((file) => Object.entries(file.metadata))),
    widened: [...new Set(read.flatMap((file) => file.widened))],
  };
}

/** With what safetensors' own `save_model` left out, since it is the same as another: its metadata names which. */
function withShared({ tensors, metadata }: TensorFile): NamedTensor[] {
  const shared = Object.entries(metadata).flatMap(([name, same]) => {
    const tensor = tensors.has(name) ? undefined : tensors.get(same);
    return tensor === undefined ? [] : [{ ...tensor, name }];
  });
  return [...tensors.values(), ...shared];
}

function plain(file: string): string {
  return file.replace(/ \(\d+\)(?=\.safetensors$)/, '');
}

/** All shards of the model that a shard belongs to, itself included; none for any other file. */
function siblingsOf(file: string): string[] {
  const [, stem = '', total] = SHARD.exec(file) ?? [];
  if (total === undefined) return [];
  const count = Math.min(Number(total), MOST_SHARDS);
  return Array.from({ length: count }, (_, i) => `${stem}-${String(i + 1).padStart(5, '0')}-of-${total}.safetensors`);
}

/** The shard of each tensor; null where there is no index. @throws UserError for one that cannot be read */
function readIndex(files: FileMap): ReadonlyMap<string, string> | null {
  const [file, bytes] = [...files].find(([name]) => INDEX.test(name)) ?? [];
  if (file === undefined) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const map = typeof value === 'object' && value !== null && 'weight_map' in value ? value.weight_map : null;
    if (typeof map === 'object' && map !== null) {
      return new Map(Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
    }
  } catch {
    // Told below: the reason a JSON parser gives helps nobody.
  }
  throw new UserError(`${file} does not say which shard holds which tensor.`);
}
