/**
 * Runs kept in this browser (IndexedDB): of each a line for the list, the newest checkpoint, and its history as capsules
 * of the updates between two saves. One save is one transaction, so a tab that is killed leaves the save before.
 */
import type { DBSchema } from 'idb';
import { UserError } from '../../../lib/assert';
import { NEWER_HINT } from '../../../lib/versions';
import { HISTORY_CAPACITY } from '../../../recordings/metric-history';
import type { OwnWorld, RecordedCheckpoint } from '../../../recordings/recording';
import type { SavedRun } from '../../../recordings/saved-run';
import { browserDatabase } from '../browser-database';

const DATABASE = 'cutpoint';
const VERSION = 1;
/** Parts of a run that are kept however old they are: as many as the page's own history is saved in, ten updates each. */
const MOST_PARTS = HISTORY_CAPACITY / 10;

/** The newest state of a run, with the facts of its world where that is somebody's own; older saves do not say. */
export type SavedState = RecordedCheckpoint & { ownWorld?: OwnWorld | null };

interface Segment {
  id: string;
  /** Updates from, to. */
  first: number;
  last: number;
  /** A capsule. */
  bytes: Uint8Array<ArrayBuffer>;
}

interface Schema extends DBSchema {
  runs: { key: string; value: SavedRun };
  checkpoints: { key: string; value: SavedState & { id: string } };
  segments: { key: [string, number]; value: Segment };
}

const open = browserDatabase<Schema>(DATABASE, VERSION, (database) => {
  database.createObjectStore('runs', { keyPath: 'id' });
  database.createObjectStore('checkpoints', { keyPath: 'id' });
  database.createObjectStore('segments', { keyPath: ['id', 'first'] });
});

/** What went wrong with the storage, for a person. */
export function storageError(error: unknown): UserError {
  const name = error instanceof DOMException ? error.name : '';
  if (error instanceof UserError) return error;
  if (name === 'QuotaExceededError') {
    return new UserError(
      'This browser has no room left to save the run.',
      'Training goes on. Download the run to keep it, or delete saved runs under Runs.',
    );
  }
  if (name === 'VersionError') {
    // Browsers name what is there in the message alone.
    const found = /existing version \((\d+)\)/.exec(String(error))?.[1] ?? 'a later one';
    return new UserError(
      `Saved runs in this browser are of version ${found}; this page reads version ${VERSION}.`,
      `${NEWER_HINT} Training goes on; download the run to keep it.`,
    );
  }
  return new UserError(
    'This browser does not let the page save runs (a private window, or storage is blocked).',
    'Training goes on. Download the run to keep it.',
  );
}

/** Newest first: by their order of saving where they have one, as a clock may have been set back since. */
export async function listRuns(): Promise<SavedRun[]> {
  const runs = await (await open()).getAll('runs');
  return runs.sort((a, b) => orderOf(b) - orderOf(a) || b.savedAt.getTime() - a.savedAt.getTime());
}

function orderOf({ order }: SavedRun): number {
  return order ?? 0;
}

/** The facts with a hash, where a saved run is on them; null where none is. */
export async function findFacts(hash: string): Promise<OwnWorld | null> {
  const run = (await listRuns()).find(({ factsHash }) => factsHash === hash);
  const state = run && (await (await open()).get('checkpoints', run.id));
  return state?.ownWorld?.hash === hash ? state.ownWorld : null;
}

/** What lies under an id; undefined where there is no such run any more. */
export async function readRun(
  id: string,
): Promise<{ run: SavedRun; checkpoint: SavedState | undefined; segments: Segment[] } | undefined> {
  const transaction = (await open()).transaction(['runs', 'checkpoints', 'segments']);
  const [run, checkpoint, segments] = await Promise.all([
    transaction.objectStore('runs').get(id),
    transaction.objectStore('checkpoints').get(id),
    transaction.objectStore('segments').getAll(partsOf(id)),
  ]);
  return run && { run, checkpoint, segments };
}

/**
 * Keeps the run as it is now: its state in place of the one before, its newest updates after the earlier ones.
 *
 * @returns false, and keeps nothing, where those earlier ones are not there any more
 */
export async function saveRun(
  run: Omit<SavedRun, 'name' | 'createdAt' | 'savedAt' | 'bytes' | 'order'>,
  checkpoint: SavedState,
  segment: Omit<Segment, 'id'>,
): Promise<boolean> {
  const { id } = run;
  const transaction = (await open()).transaction(['runs', 'checkpoints', 'segments'], 'readwrite');
  const runs = transaction.objectStore('runs');
  const segments = transaction.objectStore('segments');
  const all = await runs.getAll();
  const known = all.find((one) => one.id === id);
  if (known === undefined && segment.first > 0) return false;
  // A run that went back repeats its updates: what it threw away goes.
  await segments.delete(partsOf(id, segment.first));
  await segments.put({ id, ...segment });
  await transaction.objectStore('checkpoints').put({ id, ...checkpoint });
  const parts = await segments.getAll(partsOf(id));
  // The page itself keeps no more: a run of many days must not fill the disk.
  const old = parts.slice(0, -MOST_PARTS).filter(({ last }) => last <= run.update - HISTORY_CAPACITY);
  for (const { first } of old) await segments.delete([id, first]);
  const kept = parts.slice(old.length);
  const bytes = kept.reduce((sum, part) => sum + part.bytes.length, checkpoint.bytes.length);
  const now = new Date();
  const order = Math.max(0, ...all.map(orderOf)) + 1;
  await runs.put({ ...run, name: known?.name ?? null, createdAt: known?.createdAt ?? now, savedAt: now, bytes, order });
  await transaction.done;
  return true;
}

export async function renameRun(id: string, name: string): Promise<void> {
  const transaction = (await open()).transaction('runs', 'readwrite');
  const run = await transaction.store.get(id);
  if (run) await transaction.store.put({ ...run, name: name === '' ? null : name });
  await transaction.done;
}

export async function deleteRun(id: string): Promise<void> {
  const transaction = (await open()).transaction(['runs', 'checkpoints', 'segments'], 'readwrite');
  await Promise.all([
    transaction.objectStore('runs').delete(id),
    transaction.objectStore('checkpoints').delete(id),
    transaction.objectStore('segments').delete(partsOf(id)),
    transaction.done,
  ]);
}

function partsOf(id: string, first = 0): IDBKeyRange {
  return IDBKeyRange.bound([id, first], [id, Infinity]);
}
