/** What is unpacked of a file from a stranger, wherever that runs. */
import { MAX_CHECKPOINT_BYTES, unzipFolder } from '../../../formats/checkpoint-zip';
import type { FileMap } from '../../../formats/checkpoint-folder';
import { UserError } from '../../../lib/assert';
import { unpackCapsule } from '../../../recordings/capsule/capsule-file';
import type { Unpacked } from '../../../recordings/capsule/capsule-file';
import { isTooMuchJson } from './json-limits';

export interface ToUnpack {
  kind: 'zip' | 'capsule';
  file: Blob;
  /** As messages call it. */
  name: string;
}
export type UnpackedFile =
  | { kind: 'zip'; files: FileMap }
  | { kind: 'capsule'; capsule: Unpacked }
  | { kind: 'refused'; message: string; hint: string | undefined };

/** Never rejects: why it cannot be unpacked is an answer. */
export async function unpackFile({ kind, file, name }: ToUnpack): Promise<UnpackedFile> {
  try {
    // It would be larger still, and has to be held as a whole.
    if (file.size > MAX_CHECKPOINT_BYTES) {
      throw new UserError(`${name} is larger than ${MAX_CHECKPOINT_BYTES >> 20} MiB: too large for this page.`);
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    return kind === 'zip'
      ? { kind, files: unzipFolder(bytes, name) }
      : { kind, capsule: await unpackCapsule(bytes, name, isTooMuchJson) };
  } catch (error) {
    if (error instanceof UserError) return { kind: 'refused', message: error.message, hint: error.hint };
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'refused', message: `${name} could not be unpacked: ${why}`, hint: 'Is it still there?' };
  }
}

/** What goes to another thread without being copied. */
export function buffersOf(unpacked: UnpackedFile): ArrayBufferLike[] {
  if (unpacked.kind === 'zip') return [...unpacked.files.values()].map(({ buffer }) => buffer);
  return unpacked.kind === 'capsule' ? [...unpacked.capsule.columns.values()].map(({ bytes }) => bytes.buffer) : [];
}
