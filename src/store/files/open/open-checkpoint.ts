/** Opens a checkpoint: the run in it goes on in place of the one on the page, or one begins from its weights. */
import { isValueOf, type RunConfig } from '../../../config/schema';
import { factsBeside, fromFolder, type FileMap } from '../../../formats/checkpoint-folder';
import { readHeader, type CheckpointHeader } from '../../../formats/checkpoint-header';
import { MAX_CHECKPOINT_BYTES } from '../../../formats/checkpoint-zip';
import { isZip } from '../../../formats/is-zip';
import { decodeSafetensors } from '../../../formats/safetensors';
import { UserError } from '../../../lib/assert';
import type { TrainerClient } from '../../../trainer/client';
import type { Command, TrainerEvent } from '../../../trainer/protocol/protocol';
import { startFrom } from '../../run/actions';
import { announce } from '../../state/announce';
import type { SniffedFile } from '../../state/file-types';
import { nextAsked } from '../world/own-world';
import type { OpenedWeights, Studio } from '../../state/studio-state';
import { unpackZip } from './unpack';
import type { OwnWorld } from '../../../recordings/recording';

/** @throws UserError for files that are no checkpoint of a world of this page; the run on the page goes on */
export async function openCheckpoint(studio: Studio, files: readonly SniffedFile[]): Promise<void> {
  const name = files.length === 1 ? `“${files[0]?.file.name ?? ''}”` : 'The checkpoint';
  const all = await readFiles(files, name);
  const bytes = fromFolder(all, name);
  const file = decodeSafetensors(bytes, name);
  const header = readHeader(file, name);
  const { config: present, support } = studio.store.getState();
  if (support.status !== 'ok') {
    throw new UserError(
      'A checkpoint is trained on, which needs WebGPU.',
      'The page says above what this browser lacks.',
    );
  }
  const ownWorld = await ownWorldOf(studio, header.world, factsBeside(all), name);
  const config = configOf(header, present, ownWorld);
  const update = header.kind === 'checkpoint' ? header.update : 0;
  const opened: OpenedWeights = { kind: header.kind, name, bytes: bytes.buffer, config, update, ownWorld };
  await vet(studio, opened);
  startFrom(studio, opened);
  const { widened } = file.metadata;
  const note = widened === undefined ? '' : `, widened to float32 from ${widened === 'F16' ? 'float16' : 'bfloat16'}`;
  announce(
    studio,
    `${name} opened: ${header.kind === 'base' ? `a run begins from its weights${note}` : `update ${update}`}`,
  );
}

async function readFiles(files: readonly SniffedFile[], name: string): Promise<FileMap> {
  const all = new Map<string, Uint8Array<ArrayBuffer>>();
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  if (size > MAX_CHECKPOINT_BYTES) {
    throw new UserError(
      `${name} has ${Math.round(size / 1e6).toLocaleString('en')} MB: no model of this page has so many weights.`,
      'Weights of another model cannot be used, whatever their type.',
    );
  }
  for (const { file, head } of files) {
    const suffix = isTensors(head) && !file.name.endsWith('.safetensors') ? '.safetensors' : '';
    if (!isZip(head)) all.set(file.name + suffix, new Uint8Array(await file.arrayBuffer()));
    else for (const [inner, content] of await unpackZip(file, name)) all.set(inner, content);
  }
  return all;
}

/** A header of less than 2^56 bytes, which is JSON: known whatever the file is called. */
function isTensors(head: Uint8Array): boolean {
  return head[7] === 0 && head[8] === 0x7b;
}

/**
 * The world of one's own that weights were trained on: the facts that came with them, else those of the run on the page, if
 * it is called the same. null for a world that the page has.
 */
async function ownWorldOf(studio: Studio, world: string, facts: string | null, name: string): Promise<OwnWorld | null> {
  if (facts !== null) {
    const triples = { name: world === '' ? 'my world' : world, text: facts };
    return { ...triples, hash: await hashOf(studio.client, triples, name) };
  }
  if (isValueOf('world', world)) return null;
  const { ownWorld } = studio.store.getState();
  if (ownWorld?.name === world) return ownWorld;
  throw new UserError(
    `${name} was trained on the world "${world}", which this page does not have.`,
    'Open it together with the file of its facts (.tsv or .csv), or begin a run on them first.',
  );
}

/** @throws UserError for facts that are no world */
async function hashOf(
  client: TrainerClient,
  triples: OwnWorld | Omit<OwnWorld, 'hash'>,
  name: string,
): Promise<string> {
  const id = nextAsked();
  const { reading } = await answer(client, { type: 'readTriples', id, triples }, (event) =>
    event.type === 'triplesRead' && event.id === id ? event : null,
  );
  if (reading.world !== null) return reading.world.hash;
  const [problem] = reading.problems;
  const where = problem === undefined || problem.line === 0 ? '' : `line ${problem.line}: `;
  throw new UserError(
    `The facts beside ${name} are no world: ${where}${problem?.message ?? 'they cannot be read.'}`,
    'Nothing was changed.',
  );
}

/** A run has its settings; weights alone take the ones on the page, with their own world and size. */
function configOf(header: CheckpointHeader, current: RunConfig, ownWorld: OwnWorld | null): RunConfig {
  const { world } = header;
  const builtIn = ownWorld === null && isValueOf('world', world) ? { world } : {};
  return header.kind === 'checkpoint'
    ? { ...header.config, ...builtIn }
    : { ...current, ...builtIn, size: header.size };
}

let asked = 0;

/** Asks the engine whether the weights fit, before anything of the present run is given up. @throws UserError where not */
async function vet({ client, baseUrl }: Studio, { kind, name, bytes, config, ownWorld }: OpenedWeights): Promise<void> {
  const id = ++asked;
  const triples = ownWorld && { name: ownWorld.name, text: ownWorld.text };
  const command: Command = { type: 'vet', id, config, initial: { kind, name, bytes }, baseUrl, triples };
  const { message, hint } = await answer(client, command, (event) =>
    event.type === 'vetted' && event.id === id ? event : null,
  );
  if (message !== null) throw new UserError(message, hint);
}

/** Sends a command and waits for what answers it. @throws UserError where the engine stops instead */
function answer<T>(client: TrainerClient, command: Command, match: (event: TrainerEvent) => T | null): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = client.subscribe((event) => {
      const found = match(event);
      const crashed = event.type === 'error' && event.fatal;
      if (found === null && !crashed) return;
      stop();
      if (found !== null) resolve(found);
      else if (event.type === 'error') reject(new UserError(event.message, event.hint));
    });
    client.send(command);
  });
}
