/**
 * A checkpoint as a folder of the transformers library, and back: model.safetensors and its companions hold the policy,
 * training_state.safetensors what a run needs besides to go on exactly.
 */
import { MODEL_SIZES } from '../config/schema';
import { UserError } from '../lib/assert';
import { decodeText } from '../lib/decode-text';
import { fnv1a64Hex } from '../lib/hash';
import {
  BASE_FORMAT,
  dictionaryHash,
  readHeader,
  requireDictionary,
  requireFormat,
  requireKnown,
  RUN_FORMAT,
  type Metadata,
} from './checkpoint-header';
import { isParameter, withoutCopies } from './foreign-tensors';
import { CONFIG_FILE, readConfig, requireArithmetic, type FolderConfig } from './folder-config';
import { generationConfig, llamaConfig, tokenizerConfig, wordLevelTokenizer, type Dictionary } from './hugging-face';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from './safetensors';
import { decodeModel, findWeightFiles, MODEL_FILE, type FileMap, type WeightFiles } from './weight-files';

/** Moments, frozen base, a refiner of its own, position: all of a run but the weights that are in the model's file. */
export const STATE_FORMAT = 'cutpoint-training-state/1';

export const STATE_FILE = 'training_state.safetensors';
/** The facts, where the world is somebody's own. */
const WORLD_FILE = 'world.tsv';

export { MODEL_FILE, type FileMap } from './weight-files';

const isWeight = ({ name }: NamedTensor): boolean => name.startsWith('model.');

/**
 * Takes a checkpoint apart. Weights alone give no training state.
 *
 * @param dictionary that of `world`, the id of the checkpoint's world
 * @param facts the text of its triples, where it is somebody's own
 * @throws UserError for a file that is no checkpoint, or one of another dictionary
 */
export function toFolder(
  bytes: Uint8Array,
  dictionary: Dictionary,
  world: string,
  name: string,
  facts: string | null = null,
): FileMap {
  const file = decodeSafetensors(bytes, name);
  const header = readHeader(file, name);
  const { strings } = dictionary;
  requireDictionary(file, strings, world, name);
  const all = [...file.tensors.values()];
  const weights = all.filter(isWeight);
  const origin = { world, dictionary: dictionaryHash(strings) };
  const shape = MODEL_SIZES[header.kind === 'base' ? header.size : header.config.size];
  if (header.kind === 'base') requireKnown(file, (tensor) => isParameter(tensor, shape), name);
  const { config, update } = file.metadata;
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  files.set(
    MODEL_FILE,
    encodeSafetensors(weights, {
      format: 'pt',
      cutpoint: BASE_FORMAT,
      ...origin,
      ...(config === undefined ? {} : { config }),
      ...(update === undefined ? {} : { update }),
    }),
  );
  if (header.kind === 'checkpoint') {
    const rest = all.filter((tensor) => !isWeight(tensor));
    const state = { ...file.metadata, ...origin, format: STATE_FORMAT, weightsHash: weightsHash(weights) };
    files.set(STATE_FILE, encodeSafetensors(rest, state));
  }
  const companions = {
    [CONFIG_FILE]: llamaConfig(shape, dictionary, origin),
    'generation_config.json': generationConfig(dictionary),
    'tokenizer.json': wordLevelTokenizer(dictionary),
    'tokenizer_config.json': tokenizerConfig(dictionary),
  };
  for (const [file_, value] of Object.entries(companions)) {
    files.set(file_, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
  }
  if (facts !== null) files.set(WORLD_FILE, new TextEncoder().encode(facts));
  return files;
}

/** The facts that lie beside a checkpoint: world.tsv, or another table. null where there are none. @throws UserError where they are no text */
export function factsBeside(files: FileMap): string | null {
  const tables = [...files.keys()].filter((file) => /\.[tc]sv$/i.test(file));
  const file = tables.find((one) => one === WORLD_FILE) ?? tables[0];
  if (file === undefined) return null;
  const { text } = decodeText(files.get(file) ?? new Uint8Array(0));
  if (!/[\0\ufffd]/.test(text)) return text;
  throw new UserError(`${file} is no text.`, 'It should hold the facts of the world: subject, relation, object.');
}

/**
 * One checkpoint from the files of such a folder, or from a single file of either format: a run where its state is there,
 * weights alone otherwise.
 *
 * @param name what they are called together
 * @throws UserError where they are no checkpoint, or do not belong together
 */
export function fromFolder(files: FileMap, name: string): Uint8Array<ArrayBuffer> {
  const found = findWeightFiles(files, name);
  const { state, model } = found;
  const [{ name: file, bytes }] = model;
  const config = readConfig(files);
  // Whose weights they are comes first: what else is wrong with those of somebody else does not matter.
  const metadata = identityOf(found, config, name);
  const read = { ...decodeModel(found), metadata };
  const header = readHeader(read, file);
  if (header.kind === 'checkpoint') return bytes;
  const shape = MODEL_SIZES[header.size];
  requireArithmetic(config, shape, read);
  const weights = [...withoutCopies(read.tensors, shape).values()];
  const [widened] = read.widened;
  if (state === undefined) {
    return encodeSafetensors(weights, { ...metadata, format: BASE_FORMAT, ...(widened && { widened }) });
  }
  const rest = decodeSafetensors(state.bytes, state.name);
  requireFormat(rest.metadata, [STATE_FORMAT], state.name);
  if (rest.metadata['weightsHash'] !== weightsHash(weights)) {
    throw new UserError(
      `${state.name} belongs to other weights than those in ${file}.`,
      `Open ${file} without it to begin a run from those weights.`,
    );
  }
  const kept: Record<string, string> = { ...rest.metadata, format: RUN_FORMAT };
  delete kept['weightsHash'];
  return encodeSafetensors([...weights, ...rest.tensors.values()], kept);
}

/**
 * What the weights say of themselves, else what config.json says of them: a program that saved them again may have kept that
 * alone. @throws UserError where neither names a world of ours, or each another one
 */
function identityOf({ model }: WeightFiles, config: FolderConfig | null, name: string): Metadata {
  const [first] = model;
  const own = model.find(({ metadata }) => isOurs(metadata))?.metadata;
  const origin = config?.origin ?? null;
  if (own !== undefined) {
    if (origin !== null && own['dictionary'] !== undefined && own['dictionary'] !== origin.dictionary) {
      throw new UserError(
        `${first.name} and its ${CONFIG_FILE} are of two worlds, "${own['world'] ?? ''}" and "${origin.world}", or of two states of one.`,
        'Open the weights without it, or together with their own.',
      );
    }
    return own;
  }
  if (origin !== null) return { ...origin, cutpoint: BASE_FORMAT };
  if (first.name.includes('adapter_model')) {
    throw new UserError(
      `${first.name} is an adapter (LoRA): what was added to a model, without the model.`,
      'Merge it into its model first: merge_and_unload of PEFT, then save_pretrained.',
    );
  }
  const format = first.metadata['format'] ?? 'unknown';
  throw new UserError(
    `${first.name} is no checkpoint of Cutpoint: it names the format "${format}", and ${config === null ? `there is no ${CONFIG_FILE} beside it` : `its ${CONFIG_FILE} names no world of ours`}.`,
    `Weights of another model cannot be used, whatever their type. ${name} would need the key "cutpoint" that Save and npm run export write.`,
  );
}

/** Whether a format of ours is named, of this version or another. */
function isOurs({ cutpoint, format }: Metadata): boolean {
  return (cutpoint ?? format ?? '').startsWith('cutpoint-');
}

/** Of all weights in the order of their names. */
function weightsHash(weights: readonly NamedTensor[]): string {
  const sorted = [...weights].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts = sorted.map(({ data }) => fnv1a64Hex(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
  return fnv1a64Hex(new TextEncoder().encode(parts.join()));
}
