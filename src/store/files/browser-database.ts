/** A database of this browser (IndexedDB), opened at its first use and kept open. */
import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';

/**
 * @param make what a browser without it gets
 * @returns opens it, or gives the one that is open; rejects with a DOMException where the browser keeps nothing
 */
export function browserDatabase<S extends DBSchema>(
  name: string,
  version: number,
  make: (database: IDBPDatabase<S>) => void,
): () => Promise<IDBPDatabase<S>> {
  let opened: Promise<IDBPDatabase<S>> | null = null;
  const open = async (): Promise<IDBPDatabase<S>> => {
    try {
      return await openDB<S>(name, version, {
        upgrade: (database) => make(database),
        // Another tab has a newer version of the page, or the browser takes the database away: the next use opens it again.
        blocking: (_, __, event) => {
          if (event.target instanceof IDBDatabase) event.target.close();
          opened = null;
        },
        terminated: () => (opened = null),
      });
    } catch (error) {
      opened = null;
      throw error;
    }
  };
  return () => (opened ??= open());
}
