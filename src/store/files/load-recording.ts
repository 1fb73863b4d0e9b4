/** Recordings from capsules. */
import { decodeCapsule } from '../../recordings/capsule';
import type { Recording } from '../../recordings/recording';
import { showRecording } from '../run/show-recording';
import { reportProblem } from '../state/problems';
import type { Studio } from '../state/studio-state';

/** Made by `npm run experiment` (docs/formats.md). */
const EXAMPLE = 'capsules/example.capsule';

/** @throws UserError for a file that is no usable capsule */
export async function readCapsule(file: Blob, name: string): Promise<Recording> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return decodeCapsule(bytes, name);
}

/** Puts the example on screen, by hand: the live run waits aside. */
export async function showExample(studio: Studio): Promise<void> {
  const recording = await loadExample(studio.baseUrl);
  if (recording !== null) {
    showRecording(studio, { recording, source: 'example', title: 'Example' });
    studio.store.setState({ runsOpen: false });
    return;
  }
  reportNoExample(studio);
}

/** For whoever asked for the example, or has nothing else to look at. */
export function reportNoExample(studio: Studio): void {
  const hint = 'It is a file of this page: load the page again, or open a recording of your own.';
  reportProblem(studio, { message: 'The example could not be loaded.', hint, fatal: false });
}

/** The example that ships: null where it cannot be had: who needs it says so. */
export async function loadExample(baseUrl: string): Promise<Recording | null> {
  try {
    const response = await fetch(new URL(EXAMPLE, baseUrl));
    return response.ok ? await readCapsule(await response.blob(), 'The example') : null;
  } catch {
    return null;
  }
}
