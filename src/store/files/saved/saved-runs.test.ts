import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultConfig } from '../../../config/schema';
import type * as SavedRuns from './saved-runs';

const OWN_WORLD = { name: 'mine', text: 'a,b,c', hash: '0123456789abcdef' };
const run = (id: string, update = 1, factsHash: string | null = null) => {
  return { id, update, config: defaultConfig, worldTitle: 'Microwiki', factsHash };
};
const checkpoint = (update: number, length = 8) => ({
  update,
  weightsHash: 'h',
  bytes: new Uint8Array(length).fill(7),
});
const segment = (first: number, last: number, length = 3) => {
  return { first, last, bytes: new Uint8Array(length).fill(first) };
};

/** A browser without saved runs. */
let runs: typeof SavedRuns;
beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.resetModules();
  runs = await import('./saved-runs');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const at = (time: string) => vi.setSystemTime(new Date(`2031-01-01T${time}Z`));
const fakeClock = () => vi.useFakeTimers({ toFake: ['Date'] });

describe('saved runs', () => {
  it('are listed with what is kept of them, the newest first', async () => {
    fakeClock();
    expect(await runs.listRuns()).toEqual([]);
    at('10:00:00');
    await runs.saveRun(run('a'), checkpoint(1, 8), segment(0, 1, 3));
    at('11:00:00');
    await runs.saveRun(run('b'), checkpoint(1, 5), segment(0, 1, 2));
    expect((await runs.listRuns()).map(({ id, bytes, name }) => [id, bytes, name])).toEqual([
      ['b', 7, null],
      ['a', 11, null],
    ]);
    at('12:00:00');
    await runs.saveRun(run('a', 5), checkpoint(5, 4), segment(2, 5, 10));
    const [first] = await runs.listRuns();
    // The newest state alone, and all of the history.
    expect(first).toMatchObject({
      id: 'a',
      update: 5,
      bytes: 4 + 3 + 10,
      config: defaultConfig,
      worldTitle: 'Microwiki',
    });
    expect(first?.createdAt).toEqual(new Date('2031-01-01T10:00:00Z'));
    expect(first?.savedAt).toEqual(new Date('2031-01-01T12:00:00Z'));
  });

  it('come back with their newest state and all parts of their history, in order', async () => {
    await runs.saveRun(run('a', 1), checkpoint(1), segment(0, 1));
    await runs.saveRun(run('b', 9), checkpoint(9), segment(0, 9));
    await runs.saveRun(run('a', 12), { ...checkpoint(12), ownWorld: OWN_WORLD }, segment(2, 12));
    const found = await runs.readRun('a');
    expect(found?.run).toMatchObject({ id: 'a', update: 12 });
    expect(found?.checkpoint).toEqual({ id: 'a', ...checkpoint(12), ownWorld: OWN_WORLD });
    expect(found?.segments).toEqual([
      { id: 'a', ...segment(0, 1) },
      { id: 'a', ...segment(2, 12) },
    ]);
    expect(await runs.readRun('c')).toBeUndefined();
  });

  it('let go of what a run that went back threw away', async () => {
    for (const first of [0, 3, 6, 9])
      await runs.saveRun(run('a', first + 2), checkpoint(first + 2), segment(first, first + 2));
    await runs.saveRun(run('b', 6), checkpoint(6), segment(0, 8));
    await runs.saveRun(run('a', 7), checkpoint(7), segment(5, 7));
    const found = await runs.readRun('a');
    expect(found?.segments.map(({ first, last }) => [first, last])).toEqual([
      [0, 2],
      [3, 5],
      [5, 7],
    ]);
    expect(found?.run.bytes).toBe(8 + 3 * 3);
    expect((await runs.readRun('b'))?.segments).toHaveLength(1);
  });

  it('hold no more than the page itself keeps, however long they are', async () => {
    const saves = 420;
    for (let part = 0; part < saves; part += 1) {
      const last = part * 10 + 9;
      await runs.saveRun(run('a', last), checkpoint(last), segment(part * 10, last));
    }
    const found = await runs.readRun('a');
    expect(found?.segments[0]?.first).toBe((saves - 400) * 10);
    expect(found?.segments.at(-1)?.last).toBe(saves * 10 - 1);
    expect(found?.run.bytes).toBe(8 + 400 * 3);
  });

  it('keep all updates that the page keeps, where each is saved by itself', async () => {
    for (let update = 0; update < 450; update += 1) {
      await runs.saveRun(run('a', update), checkpoint(update), segment(update, update));
    }
    expect((await runs.readRun('a'))?.segments).toHaveLength(450);
  });

  it('keep a name until it is taken off again, whatever is saved meanwhile', async () => {
    await runs.saveRun(run('a'), checkpoint(1), segment(0, 1));
    await runs.renameRun('a', 'mine');
    await runs.saveRun(run('a', 2), checkpoint(2), segment(2, 2));
    expect((await runs.listRuns())[0]?.name).toBe('mine');
    await runs.renameRun('a', '');
    expect((await runs.listRuns())[0]?.name).toBeNull();
    await runs.renameRun('gone', 'x');
    expect(await runs.listRuns()).toHaveLength(1);
  });

  it('are not kept without their beginning, where that is gone', async () => {
    await runs.saveRun(run('a'), checkpoint(1), segment(0, 1));
    await runs.deleteRun('a');
    expect(await runs.saveRun(run('a', 2), checkpoint(2), segment(2, 2))).toBe(false);
    expect(await runs.listRuns()).toEqual([]);
    expect(await runs.readRun('a')).toBeUndefined();
  });

  it('keep their order where the clock is set back', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      vi.setSystemTime(new Date('2026-05-01'));
      await runs.saveRun(run('early'), checkpoint(1), segment(0, 1));
      vi.setSystemTime(new Date('2001-01-01'));
      await runs.saveRun(run('late'), checkpoint(1), segment(0, 1));
    } finally {
      vi.useRealTimers();
    }
    const listed = await runs.listRuns();
    expect(listed.map(({ id }) => id)).toEqual(['late', 'early']);
    expect(listed[0]?.savedAt.getFullYear()).toBe(2001);
  });

  it('are deleted with all that is kept of them, and no other', async () => {
    await runs.saveRun(run('a'), checkpoint(1), segment(0, 1));
    await runs.saveRun(run('b'), checkpoint(1), segment(0, 1));
    await runs.deleteRun('a');
    expect(await runs.readRun('a')).toBeUndefined();
    expect((await runs.readRun('b'))?.segments).toHaveLength(1);
    // Nothing of it comes back with another of its name.
    await runs.saveRun(run('a'), checkpoint(3), segment(0, 3));
    expect((await runs.readRun('a'))?.segments).toHaveLength(1);
  });

  it('have the facts of a world by their hash', async () => {
    await runs.saveRun(run('a'), checkpoint(1), segment(0, 1));
    await runs.saveRun(run('b', 1, OWN_WORLD.hash), { ...checkpoint(1), ownWorld: OWN_WORLD }, segment(0, 1));
    await runs.saveRun(run('c', 1, 'f'), { ...checkpoint(1), ownWorld: OWN_WORLD }, segment(0, 1));
    await runs.saveRun(run('d', 1, 'e'), checkpoint(1), segment(0, 1));
    expect(await runs.findFacts(OWN_WORLD.hash)).toEqual(OWN_WORLD);
    // Its line says so, its state says otherwise.
    expect(await runs.findFacts('f')).toBeNull();
    expect(await runs.findFacts('e')).toBeNull();
    expect(await runs.findFacts('none')).toBeNull();
  });

  it('are there for another tab, and make way for a newer version of the page', async () => {
    await runs.saveRun(run('a'), checkpoint(1), segment(0, 1));
    vi.resetModules();
    const tab = await import('./saved-runs');
    expect(await tab.listRuns()).toHaveLength(1);
    const newer = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('cutpoint', 2);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('refused'));
    });
    await expect(runs.listRuns()).rejects.toThrow(/version/);
    newer.close();
    // Each use tries again.
    await expect(runs.listRuns()).rejects.toThrow(/version/);
  });
});

describe('what is wrong with the storage', () => {
  it.each<[what: string, error: unknown, message: RegExp, hint: RegExp]>([
    ['no room', new DOMException('', 'QuotaExceededError'), /no room left/, /^Training goes on\. Download.*or delete/],
    [
      'a newer version',
      new DOMException('The requested version (1) is less than the existing version (7).', 'VersionError'),
      /are of version 7; this page reads version 1/,
      /newer version of Cutpoint.*Training goes on/,
    ],
    ['some newer version', new DOMException('odd', 'VersionError'), /are of version a later one/, /newer version/],
    ['anything else', new DOMException('', 'InvalidStateError'), /does not let the page save/, /^Training goes on/],
    ['an error of another kind', new Error('QuotaExceededError'), /does not let the page save/, /Download the run/],
  ])('is told in words: %s', (_, error, message, hint) => {
    const told = runs.storageError(error);
    expect(told.message).toMatch(message);
    expect(told.hint).toMatch(hint);
  });

  it('is told as it is where it is in words already', async () => {
    // Of the same copy of the modules.
    const { UserError } = await import('../../../lib/assert');
    const error = new UserError('in words');
    expect(runs.storageError(error)).toBe(error);
  });
});
