/** Opens a checkpoint: the run in it goes on in place of the one on the page, or one begins from its weights. */
import { isValueOf, type RunConfig } from '../config/schema';
import { fromFolder, type FileMap } from '../formats/checkpoint-folder';
import { readHeader, type CheckpointHeader } from '../formats/checkpoint-header';
import { unzipFolder } from '../formats/checkpoint-zip';
import { decodeSafetensors } from '../formats/safetensors';
import { UserError } from '../lib/assert';
import { startFrom } from './actions';
import { announce } from './announce';
import type { SniffedFile } from './file-types';
import type { OpenedWeights, Studio } from './studio-state';

/** @throws UserError for files that are no checkpoint of a world of this page; the run on the page goes on */
export async function openCheckpoint(studio: Studio, files: readonly SniffedFile[]): Promise<void> {
  const name = files.length === 1 ? `“${files[0]?.file.name ?? ''}”` : 'The checkpoint';
  const bytes = fromFolder(await readFiles(files, name), name);
  const header = readHeader(decodeSafetensors(bytes, name), name);
  const config = configOf(header, studio.store.getState().config, name);
  const update = header.kind === 'checkpoint' ? header.update : 0;
  const opened: OpenedWeights = { kind: header.kind, name, bytes: bytes.buffer, config, update };
  const { support } = studio.store.getState();
  if (support.status !== 'ok') {
    throw new UserError(
      'A checkpoint is trained on, which needs WebGPU.',
      'The page says above what this browser lacks.',
    );
  }
  await vet(studio, opened);
  startFrom(studio, opened);
  announce(studio, `${name} opened: ${header.kind === 'base' ? 'a run begins from its weights' : `update ${update}`}`);
}

async function readFiles(files: readonly SniffedFile[], name: string): Promise<FileMap> {
  const all = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { file, head } of files) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const suffix = isTensors(head) && !file.name.endsWith('.safetensors') ? '.safetensors' : '';
    if (head[0] !== 0x50) all.set(file.name + suffix, bytes);
    else for (const [inner, content] of unzipFolder(bytes, name)) all.set(inner, content);
  }
  return all;
}

/** A header of less than 2^56 bytes, which is JSON: known whatever the file is called. */
function isTensors(head: Uint8Array): boolean {
  return head[7] === 0 && head[8] === 0x7b;
}

/** A run has its settings; weights alone take the ones on the page, with their own world and size. */
function configOf(header: CheckpointHeader, current: RunConfig, name: string): RunConfig {
  const { world } = header;
  if (!isValueOf('world', world)) {
    throw new UserError(
      `${name} was trained on the world "${world}", which this page does not have.`,
      'The command line goes on with it: npm run experiment -- --resume.',
    );
  }
  return header.kind === 'checkpoint' ? { ...header.config, world } : { ...current, world, size: header.size };
}

let asked = 0;

/** Asks the engine whether the weights fit, before anything of the present run is given up. @throws UserError where not */
function vet({ client, baseUrl }: Studio, { kind, name, bytes, config }: OpenedWeights): Promise<void> {
  const id = ++asked;
  return new Promise((resolve, reject) => {
    const stop = client.subscribe((event) => {
      const crashed = event.type === 'error' && event.fatal;
      if (!crashed && !(event.type === 'vetted' && event.id === id)) return;
      stop();
      if (event.message === null) resolve();
      else reject(new UserError(event.message, event.hint));
    });
    client.send({ type: 'vet', id, config, initial: { kind, name, bytes }, baseUrl });
  });
}
