/** What each cut of the example's drafts is worth, as it was computed before: shown where nothing can be computed. */
import { readSweeps } from '../../recordings/stored-sweeps';
import type { StoredSweeps } from '../../recordings/stored-sweeps';
import type { Studio } from '../state/studio-state';

const SWEEPS = 'capsules/example-sweeps.json';

const loaded = new WeakMap<Studio, Promise<StoredSweeps | null>>();

/** Fetched once; null for a recording that has none, and where they cannot be had. */
export async function storedSweeps(studio: Studio): Promise<StoredSweeps | null> {
  if (studio.store.getState().recording?.source !== 'example') return null;
  const sweeps = loaded.get(studio) ?? load(studio.baseUrl);
  loaded.set(studio, sweeps);
  const known = await sweeps;
  // Whoever was offline may ask again.
  if (known === null) loaded.delete(studio);
  return known;
}

async function load(baseUrl: string): Promise<StoredSweeps | null> {
  try {
    const response = await fetch(new URL(SWEEPS, baseUrl));
    const json: unknown = response.ok ? await response.json() : null;
    return json === null ? null : readSweeps(json, 'The sweeps of the example');
  } catch {
    return null;
  }
}
