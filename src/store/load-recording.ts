/** Recordings from files: opened on screen, or read for their numbers alone. The codec is loaded when the first one comes. */
import { announce } from './actions';
import type { SniffedFile } from './file-types';
import type { Recording } from './recording';
import { showRecording } from './show-recording';
import type { Studio } from './studio-state';

/** Made by `npm run experiment` (docs/formats.md). */
const EXAMPLE = 'capsules/example.capsule';

const codec = () => import('./capsule');

/** @throws UserError for a file that is no usable capsule */
export async function readCapsule(file: Blob, name: string): Promise<Recording> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return (await codec()).decodeCapsule(bytes, name);
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

/** Puts the run of a capsule on screen. @throws UserError for a file that is none */
export async function openCapsule(studio: Studio, files: readonly SniffedFile[]): Promise<void> {
  for (const { file } of files.slice(0, 1)) {
    const recording = await readCapsule(file, `“${file.name}”`);
    showRecording(studio, { recording, source: 'file', title: file.name });
    announce(studio, `Opened “${file.name}”`);
  }
}
