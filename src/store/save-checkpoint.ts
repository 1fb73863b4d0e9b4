import type { SavedFile } from './file-types';
import { requestCheckpoint } from './request-checkpoint';
import type { Studio } from './studio-state';

/** The state after the last whole update, as one file. */
export async function saveCheckpoint(studio: Studio): Promise<SavedFile> {
  const { bytes, update } = await requestCheckpoint(studio);
  const { world, size } = studio.store.getState().config;
  return { name: `cutpoint-${world}-${size}-update-${update}.safetensors`, blob: new Blob([bytes]) };
}
