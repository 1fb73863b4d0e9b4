/** The page's end of the worker that unpacks. */
import type { FileMap } from '../../../formats/checkpoint-folder';
import { UserError } from '../../../lib/assert';
import { startModuleWorker } from '../../../lib/module-worker';
import { watchReader } from '../../../lib/reader-watch';
import type { Unpacked } from '../../../recordings/capsule/capsule-file';
import type { ToUnpack, UnpackedFile } from './unpack-file';
// Only its address: the module itself runs in the worker.
import workerUrl from './unpack-worker.ts?worker&url';

/** @throws UserError for an archive that is broken or too large, or takes too long */
export async function unpackZip(file: Blob, name: string): Promise<FileMap> {
  const unpacked = await unpack({ kind: 'zip', file, name });
  return unpacked.kind === 'zip' ? unpacked.files : new Map();
}

/** @throws UserError for one that is broken or too large, or takes too long */
export async function unpackCapsule(file: Blob, name: string): Promise<Unpacked> {
  const unpacked = await unpack({ kind: 'capsule', file, name });
  return unpacked.kind === 'capsule' ? unpacked.capsule : { header: {}, columns: new Map() };
}

function unpack(what: ToUnpack): Promise<UnpackedFile> {
  const worker = startModuleWorker(workerUrl);
  let unwatch = (): void => undefined;
  return new Promise<UnpackedFile>((resolve, reject) => {
    unwatch = watchReader(worker, what.name, reject);
    worker.addEventListener('message', ({ data }: MessageEvent<UnpackedFile>) => {
      if (data.kind === 'refused') reject(new UserError(data.message, data.hint));
      else resolve(data);
    });
    worker.addEventListener('error', ({ message }) => {
      reject(new UserError(`${what.name} could not be unpacked: ${message}`, 'Reload the page and try again.'));
    });
    worker.postMessage(what);
  }).finally(() => {
    unwatch();
    worker.terminate();
  });
}
