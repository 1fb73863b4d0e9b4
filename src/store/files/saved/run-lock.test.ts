import { beforeEach, describe, expect, it, vi } from 'vitest';
import { HandLocks, isLockManager } from '../../../testing/page/hand-page';

/** Two tabs of one browser, each with its own copy of the module. */
async function tabs() {
  const locks = new HandLocks();
  if (!isLockManager(locks)) throw new Error('It has what is asked for.');
  const tab = async () => {
    vi.resetModules();
    return import('./run-lock');
  };
  return { locks, manager: locks, one: await tab(), other: await tab() };
}
beforeEach(() => vi.resetModules());

describe('the lock of a run', () => {
  it('is for one tab, as long as that goes on with the run', async () => {
    const { manager, one, other } = await tabs();
    expect(await one.takeRunLock(manager, 'a')).toBe(true);
    expect(await one.takeRunLock(manager, 'a')).toBe(true);
    expect(await other.takeRunLock(manager, 'a')).toBe(false);
    expect(await other.lockedRuns(manager)).toEqual(new Set(['a']));
    // It turns to another run.
    expect(await one.takeRunLock(manager, 'b')).toBe(true);
    await Promise.resolve();
    await Promise.resolve();
    expect(await other.takeRunLock(manager, 'a')).toBe(true);
    expect(await other.lockedRuns(manager)).toEqual(new Set(['b', 'a']));
  });

  it('is of one tab alone where it was refused', async () => {
    const { manager, one, other } = await tabs();
    await one.takeRunLock(manager, 'a');
    await other.takeRunLock(manager, 'b');
    expect(await other.takeRunLock(manager, 'a')).toBe(false);
    expect(await one.takeRunLock(manager, 'b')).toBe(false);
  });

  it('is no other page’s', async () => {
    const { locks, manager, one } = await tabs();
    locks.held.add('something else');
    locks.held.add('cutpoint-run-x');
    expect(await one.lockedRuns(manager)).toEqual(new Set(['x']));
  });

  it('is not needed where the browser has no locks', async () => {
    const { one } = await tabs();
    expect(await one.takeRunLock(undefined, 'a')).toBe(true);
    expect(await one.lockedRuns(undefined)).toEqual(new Set());
  });

  it('that cannot be asked for is a failure', async () => {
    const { one } = await tabs();
    const broken = { request: () => Promise.reject(new Error('no locks here')), query: () => Promise.resolve({}) };
    if (!isLockManager(broken)) throw new Error('It has what is asked for.');
    await expect(one.takeRunLock(broken, 'a')).rejects.toThrow('no locks here');
    expect(await one.lockedRuns(broken)).toEqual(new Set());
  });
});
