import type { RunConfig } from '../config/schema';

/** A run that is kept in this browser, as a list shows it. */
export interface SavedRun {
  id: string;
  /** null until a person gives it one. */
  name: string | null;
  createdAt: Date;
  savedAt: Date;
  update: number;
  config: RunConfig;
  worldTitle: string;
  /** Hash of the facts, where the world is somebody's own. */
  factsHash?: string | null;
  /** Of all that is kept of it. */
  bytes: number;
  /** Of the saves in this browser, one more each time; runs from before there was one are older. */
  order?: number;
}
