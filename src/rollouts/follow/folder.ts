/** A folder that a trainer writes, as it is at one moment. Nothing here can write. */
import type { SourceFile } from '../containers/container';

export interface FolderFile extends SourceFile {
  /** Milliseconds since 1970. */
  modified: number;
  slice: NonNullable<SourceFile['slice']>;
}

export interface Folder {
  name: string;
  /** Its files that may hold rollouts, named by their path below it, in the order of the numbers in it. @throws FolderGone */
  list: () => Promise<readonly FolderFile[]>;
}

/** Why the folder cannot be read now; it may come back. */
export class FolderGone extends Error {
  override name = 'FolderGone';
}

/** More than any run writes. */
export const MOST_FILES = 5000;
export const MOST_DEPTH = 16;
/** What the server gives too (scripts/lib/follow-server.mjs). */
export const FOLLOWED = /\.(jsonl|ndjson|json|parquet|eval|zip)(\.gz)?$/i;

const ORDER = new Intl.Collator('en', { numeric: true });

export function inOrder<T extends { name: string }>(files: readonly T[]): T[] {
  return files.toSorted((a, b) => ORDER.compare(a.name, b.name));
}
