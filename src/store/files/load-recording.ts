/** Recordings from capsules. */
import { decodeCapsule } from '../../recordings/capsule';
import type { Recording } from '../../recordings/recording';

/** Made by `npm run experiment` (docs/formats.md). */
const EXAMPLE = 'capsules/example.capsule';

/** @throws UserError for a file that is no usable capsule */
export async function readCapsule(file: Blob, name: string): Promise<Recording> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return decodeCapsule(bytes, name);
}

/** The example that ships: nothing is said where it cannot be had, since nobody asked for it. */
export async function loadExample(baseUrl: string): Promise<Recording | null> {
  try {
    const response = await fetch(new URL(EXAMPLE, baseUrl));
    return response.ok ? await readCapsule(await response.blob(), 'The example') : null;
  } catch {
    return null;
  }
}
