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
  RUN_FORMAT,
} from './checkpoint-header';
import { generationConfig, llamaConfig, tokenizerConfig, wordLevelTokenizer, type Dictionary } from './hugging-face';
import { decodeSafetensors, encodeSafetensors, type NamedTensor, type TensorFile } from './safetensors';

/** Moments, frozen base, a refiner of its own, position: all of a run but the weights that are in the model's file. */
export const STATE_FORMAT = 'cutpoint-training-state/1';
const STATE_KIND = 'cutpoint-training-state/';

export const MODEL_FILE = 'model.safetensors';
export const STATE_FILE = 'training_state.safetensors';
const CONFIG_FILE = 'config.json';
/** The facts, where the world is somebody's own. */
const WORLD_FILE = 'world.tsv';

/** Files by their names, without folders. */
export type FileMap = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

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
  const { state, model } = findFiles(files, name);
  const read = withOrigin(model.read, files.get(CONFIG_FILE));
  const header = readHeader(read, model.name);
  if (header.kind === 'checkpoint') return model.bytes;
  const weights = [...read.tensors.values()];
  if (state === undefined) return encodeSafetensors(weights, { ...read.metadata, format: BASE_FORMAT });
  const { read: rest } = state;
  requireFormat(rest.metadata, [STATE_FORMAT], state.name);
  if (rest.metadata['weightsHash'] !== weightsHash(weights)) {
    throw new UserError(
      `${state.name} belongs to other weights than those in ${model.name}.`,
      `Open ${model.name} without it to begin a run from those weights.`,
    );
  }
  const metadata: Record<string, string> = { ...rest.metadata, format: RUN_FORMAT };
  delete metadata['weightsHash'];
  return encodeSafetensors([...weights, ...rest.tensors.values()], metadata);
}

interface WeightFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  read: TensorFile;
}

/** By what they say of themselves, since a browser that saves a file twice calls it "training_state (1).safetensors". */
function findFiles(files: FileMap, name: string): { state: WeightFile | undefined; model: WeightFile } {
  const all = [...files]
    .filter(([file]) => file.endsWith('.safetensors'))
    .map(([file, bytes]): WeightFile => ({ name: file, bytes, read: decodeSafetensors(bytes, file) }));
  const isState = ({ read }: WeightFile): boolean => read.metadata['format']?.startsWith(STATE_KIND) === true;
  const state = all.find(isState);
  const models = all.filter((file) => !isState(file));
  const model = models.find((file) => file.name === MODEL_FILE) ?? models[0];
  if (model !== undefined) return { state, model };
  if (state === undefined) throw new UserError(`${name} holds no ${MODEL_FILE}, so there are no weights.`);
  throw new UserError(`${state.name} is half of a checkpoint.`, `Open it together with its ${MODEL_FILE}.`);
}

/** What saved the model again may have kept config.json alone. */
function withOrigin(file: TensorFile, config: Uint8Array | undefined): TensorFile {
  if (file.metadata['format'] !== 'pt' || file.metadata['cutpoint'] !== undefined || config === undefined) return file;
  const origin = readOrigin(config);
  return origin === null ? file : { ...file, metadata: { ...origin, cutpoint: BASE_FORMAT } };
}

function readOrigin(config: Uint8Array): { world: string; dictionary: string } | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(config));
    if (typeof value !== 'object' || value === null || !('cutpoint' in value)) return null;
    const { cutpoint } = value;
    if (typeof cutpoint !== 'object' || cutpoint === null || !('world' in cutpoint && 'dictionary' in cutpoint))
      return null;
    const { world, dictionary } = cutpoint;
    return typeof world === 'string' && typeof dictionary === 'string' ? { world, dictionary } : null;
  } catch {
    return null;
  }
}

/** Of all weights in the order of their names. */
function weightsHash(weights: readonly NamedTensor[]): string {
  const sorted = [...weights].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts = sorted.map(({ data }) => fnv1a64Hex(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
  return fnv1a64Hex(new TextEncoder().encode(parts.join()));
}
