/** One tab at a time goes on with a saved run: a Web Lock says whose it is, and goes with the tab. */
const PREFIX = 'cutpoint-run-';

let release: () => void = () => undefined;
let held: string | null = null;

/** Takes the lock of a run and gives back that of the last one. @returns false where another tab has it */
export async function takeRunLock(locks: LockManager | undefined, id: string): Promise<boolean> {
  if (held === id || locks === undefined) return true;
  return new Promise((resolve, reject) => {
    locks
      .request(`${PREFIX}${id}`, { ifAvailable: true }, (lock) => {
        if (lock === null) {
          resolve(false);
          return undefined;
        }
        release();
        held = id;
        resolve(true);
        return new Promise<void>((done) => (release = done));
      })
      .catch(reject);
  });
}

/** Ids of the runs that some tab has. */
export async function lockedRuns(locks: LockManager | undefined): Promise<Set<string>> {
  const all = (await locks?.query())?.held ?? [];
  return new Set(all.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [])));
}
