/** Labels and notes kept in this browser (IndexedDB), by the file or run that they are about and their row in it. */
import type { DBSchema } from 'idb';
import { NEWER_HINT } from '../../../lib/versions';
import type { Remark } from '../../../rollouts/reading/remarks';
import { browserDatabase } from '../browser-database';

const DATABASE = 'cutpoint-labels';
const VERSION = 1;

export interface KeptLabels {
  /** Hash of the file, or of what a run is made of. */
  scope: string;
  /** Of a file its number in it; of a run update, row and a hash of its tokens. */
  row: string;
  /** What the file was called, for whoever looks into the storage. */
  name: string;
  /** None where those of the file itself were taken away. */
  remarks: readonly Remark[];
}

export interface LabelStorage {
  /** @throws DOMException where the browser keeps nothing */
  all(scope: string): Promise<KeptLabels[]>;
  /** As `all`. */
  put(kept: KeptLabels): Promise<void>;
}

interface Schema extends DBSchema {
  labels: { key: [string, string]; value: KeptLabels };
}

const open = browserDatabase<Schema>(DATABASE, VERSION, (database) => {
  database.createObjectStore('labels', { keyPath: ['scope', 'row'] });
});

export const BROWSER_LABELS: LabelStorage = {
  all: async (scope) => (await open()).getAll('labels', IDBKeyRange.bound([scope], [scope, []])),
  put: async (kept) => {
    await (await open()).put('labels', kept);
  },
};

/** What went wrong with the storage, for a person. */
export function labelProblem(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError') {
    return 'This browser has no room left for labels: they last as long as this page. Save the trajectories to keep them.';
  }
  if (name === 'VersionError') {
    const found = /existing version \((\d+)\)/.exec(String(error))?.[1] ?? 'a later one';
    return `The labels in this browser are of version ${found}; this page reads version ${VERSION}. ${NEWER_HINT} What is said now lasts as long as this page.`;
  }
  return 'This browser does not let the page keep labels (a private window, or storage is blocked): they last as long as this page. Save the trajectories to keep them.';
}
