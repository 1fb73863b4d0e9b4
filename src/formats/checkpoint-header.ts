/** What checkpoint files say about themselves, before a model of their shape exists. */
import { defaultConfig, MODEL_SIZES, type ModelSize, type RunConfig } from '../config/schema';
import { requireValidConfig } from '../config/validate';
import { UserError } from '../lib/assert';
import { fnv1a64Hex } from '../lib/hash';
import { NEWER_HINT } from '../lib/versions';
import { decodeSafetensors, type TensorFile } from './safetensors';

/** A base policy: weights alone, under their Hugging Face names. */
export const BASE_FORMAT = 'cutpoint-base/1';
/** A run that can go on exactly: weights, moments, frozen base, position. */
export const RUN_FORMAT = 'cutpoint-checkpoint/1';

/** Tensors that a message names. */
const MOST_NAMED = 4;

export type Metadata = Readonly<Record<string, string>>;

/** A file of weights: those of a run that can go on, or weights alone. */
export type CheckpointHeader =
  | { kind: 'checkpoint'; world: string; config: RunConfig; update: number }
  | { kind: 'base'; world: string; size: ModelSize };

/** @throws UserError for a foreign file, a newer version, or one that does not say what a run needs */
export function readHeader(file: TensorFile, name: string): CheckpointHeader {
  const { metadata } = file;
  const format = requireFormat(metadata, [BASE_FORMAT, RUN_FORMAT], name);
  const world = metadata['world'] ?? '';
  if (format === BASE_FORMAT) return { kind: 'base', world, size: sizeOf(file, name) };
  const config = requireValidConfig(readConfig(metadata['config'], name), defaultConfig);
  return { kind: 'checkpoint', world, config, update: readCount(metadata, 'update', name) };
}

/** The header of a run that can go on. @throws UserError for anything else */
export function readRunHeader(bytes: Uint8Array, name: string): Extract<CheckpointHeader, { kind: 'checkpoint' }> {
  const file = decodeSafetensors(bytes, name);
  const isRun = requireFormat(file.metadata, [BASE_FORMAT, RUN_FORMAT], name) === RUN_FORMAT;
  const header = isRun ? readHeader(file, name) : null;
  if (header?.kind === 'checkpoint') return header;
  throw new UserError(`${name} holds weights alone, so there is no run to go on with.`, 'They serve as --init.');
}

/**
 * The format that a file names. transformers wants "pt" under `format`, so there it stands under `cutpoint`.
 *
 * @throws UserError where it is none of `known`
 */
export function requireFormat<F extends string>(metadata: Metadata, known: readonly F[], name: string): F {
  const format = metadata['cutpoint'] ?? metadata['format'];
  const found = known.find((one) => one === format);
  if (found !== undefined) return found;
  const kindOf = (text: string): string => text.slice(0, text.indexOf('/') + 1);
  const current = known.find((one) => format?.startsWith(kindOf(one)));
  if (current !== undefined) {
    throw new UserError(`${name} is of format "${format}"; this version reads ${current}.`, NEWER_HINT);
  }
  throw new UserError(
    `${name} is no checkpoint of Cutpoint: it names the format "${format ?? 'unknown'}".`,
    `What can be used: ${known.join(', ')}.`,
  );
}

/** Identity of a dictionary: two families with the same tokens in the same order have the same one. */
export function dictionaryHash(strings: readonly string[]): string {
  return fnv1a64Hex(new TextEncoder().encode(strings.join('\n')));
}

/**
 * Refuses weights that were trained with other words. Files from before there was a mark are known by the world's name.
 *
 * @param strings tokens of the world at hand, whose id is `world`
 * @throws UserError
 */
export function requireDictionary(
  { metadata, tensors }: TensorFile,
  strings: readonly string[],
  world: string,
  name: string,
): void {
  const { dictionary, world: origin } = metadata;
  const same = dictionary === undefined ? (origin ?? world) === world : dictionary === dictionaryHash(strings);
  const rows = tensors.get('model.embed_tokens.weight')?.shape[0] ?? strings.length;
  if (same && rows === strings.length) return;
  const other = origin === undefined || origin === world ? 'of other words' : `of the world "${origin}"`;
  throw new UserError(
    `${name} was trained with another dictionary, ${other}: its weights mean nothing for the ${strings.length} tokens of "${world}".`,
    'Use the world that it was trained on, unchanged.',
  );
}

/**
 * A tensor that nothing is computed with would be ignored: the weights would mean something else than where they come from.
 *
 * @throws UserError with the names of those that are not known
 */
export function requireKnown({ tensors }: TensorFile, isKnown: (tensor: string) => boolean, name: string): void {
  const others = [...tensors.keys()].filter((tensor) => !isKnown(tensor));
  if (others.length === 0) return;
  const named = others.slice(0, MOST_NAMED).map((tensor) => `"${tensor}"`);
  const more = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : '';
  throw new UserError(
    `${name} holds ${others.length === 1 ? 'a tensor' : 'tensors'} that this engine does not compute with: ${named.join(', ')}${more}.`,
    others.includes('lm_head.weight')
      ? 'Its output layer is not the embedding: train with tie_word_embeddings.'
      : 'Without them it would be another model.',
  );
}

/** A count that a checkpoint names: how many updates or optimiser steps it has behind it. @throws UserError */
export function readCount(metadata: Metadata, key: string, name: string): number {
  const text = metadata[key];
  if (text === undefined || !/^\d{1,9}$/.test(text)) throw new UserError(`${name} does not say how far its run is.`);
  return Number(text);
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

const SIZES = Object.keys(MODEL_SIZES).filter((key): key is ModelSize => key in MODEL_SIZES);

/** The size that the weights have; whether every tensor fits shows once there is a model. */
function sizeOf({ tensors }: TensorFile, name: string): ModelSize {
  const width = tensors.get('model.embed_tokens.weight')?.shape[1];
  const size = SIZES.find((one) => MODEL_SIZES[one].width === width);
  if (size !== undefined) return size;
  if (width === undefined) {
    const held = [...tensors.keys()].slice(0, MOST_NAMED).map((tensor) => `"${tensor}"`);
    throw new UserError(
      `${name} has no "model.embed_tokens.weight"; it holds ${held.length === 0 ? 'no tensor' : held.join(', ')}.`,
      'Adapters have to be merged into the weights that they change.',
    );
  }
  throw new UserError(
    `${name} holds weights of width ${width}, which no size of model has.`,
    `There are ${SIZES.map((one) => `${one} (${MODEL_SIZES[one].width})`).join(', ')}.`,
  );
}
