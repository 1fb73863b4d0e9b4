import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { configForPreset } from '../../../config/schema';
import { decodeCapsule } from '../../../recordings/capsule/capsule';
import { makeFakeRecording } from '../../../testing/page/fake-recording';
import { numbersBatch } from '../../../testing/page/hand-batch';
import { handPage } from '../../../testing/page/hand-page';
import type { HandPage, PageParts } from '../../../testing/page/hand-page';
import { playedStudio } from '../../../testing/page/open-studio';
import { showRecording } from '../../run/show-recording';
import { startRun } from '../../run/start-run';
import { RESET, STEP } from '../../run/actions';
import type { Studio } from '../../state/studio-state';
import { keepSaved } from './autosave';
import type * as saveRunModule from './save-run';
import { deleteRun, listRuns, readRun, renameRun, saveRun } from './saved-runs';

const failing = vi.hoisted(() => ({ next: false }));
vi.mock('./save-run', async (original) => {
  const actual = await original<typeof saveRunModule>();
  const saveNewest: typeof actual.saveNewest = (...args) => {
    if (!failing.next) return actual.saveNewest(...args);
    failing.next = false;
    return Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
  };
  return { ...actual, saveNewest };
});

const clock = { toFake: ['setTimeout', 'clearTimeout', 'performance'] } as const;
beforeEach(() => vi.useFakeTimers({ toFake: [...clock.toFake] }));
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const { id } of await listRuns()) await deleteRun(id);
});

/** A page that saves its run, on an engine whose checkpoints are a byte for each update. */
function open(parts: PageParts = {}, stored: [string, string][] = [], page: HandPage = handPage(parts)) {
  const played = playedStudio();
  const { studio } = played;
  for (const [key, value] of stored) page.stored.set(key, value);
  keepSaved(studio, page.page);
  return { ...played, page };
}
/** On an engine that is asked for its state and does not answer. */
function asking(parts: PageParts = {}, stored: [string, string][] = []) {
  const played = open(parts, stored);
  const { client } = played.studio;
  const send = client.send.bind(client);
  let asked = 0;
  client.send = (command) => {
    if (command.type === 'checkpoint') asked += 1;
    else send(command);
  };
  return { ...played, asked: () => asked };
}
/** All that is under way is done: the storage answers in its own time. */
async function done(what: () => boolean | Promise<boolean>) {
  vi.useRealTimers();
  await vi.waitFor(
    async () => {
      if (!(await what())) throw new Error('not yet');
    },
    { interval: 5, timeout: 10_000 },
  );
  vi.useFakeTimers({ toFake: [...clock.toFake] });
}
const steps = (studio: Parameters<typeof STEP.perform>[0], count: number) => {
  for (let k = 0; k < count; k += 1) STEP.perform(studio);
};

describe('how often a run is saved', () => {
  it.each<[stored: [string, string][], parts: PageParts, every: number]>([
    [[], {}, 10],
    [[['cutpoint-save-every', '25']], {}, 25],
    [[['cutpoint-save-every', '0']], {}, 0],
    [[['cutpoint-save-every', '7']], {}, 10],
    [[['cutpoint-save-every', '25']], { blocked: true }, 10],
  ])('is what was chosen before: %j, %j', (stored, parts, every) => {
    expect(open(parts, stored).state().saveEvery).toBe(every);
  });
});

describe('a run asks for its state', () => {
  it('after every tenth update, but not more often than every five seconds', () => {
    const { studio, asked } = asking();
    vi.advanceTimersByTime(60_000);
    steps(studio, 9);
    expect(asked()).toBe(0);
    steps(studio, 1);
    expect(asked()).toBe(1);
    steps(studio, 10);
    expect(asked()).toBe(1);
    // The run rests by now too.
    vi.advanceTimersByTime(1999);
    expect(asked()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(asked()).toBe(2);
    steps(studio, 10);
    vi.advanceTimersByTime(1000);
    // It goes on.
    studio.receive({ type: 'state', runId: 1, state: 'running', update: 30, phase: null, note: null });
  });

  it('two seconds after it came to rest, once', () => {
    const { studio, asked } = asking();
    steps(studio, 1);
    vi.advanceTimersByTime(1500);
    steps(studio, 1);
    vi.advanceTimersByTime(1999);
    expect(asked()).toBe(0);
    vi.advanceTimersByTime(1);
    expect(asked()).toBe(1);
    vi.advanceTimersByTime(60_000);
    expect(asked()).toBe(1);
  });

  it('not at rest while it goes on by itself', () => {
    const { studio, trainer, asked } = asking();
    steps(studio, 1);
    trainer.emit({ type: 'state', runId: 1, state: 'running', update: 1, phase: null, note: null });
    vi.advanceTimersByTime(60_000);
    expect(asked()).toBe(0);
  });

  it.each(['hide', 'leave'] as const)('when the page is left: %s', (how) => {
    const { studio, page, asked } = asking();
    steps(studio, 1);
    page[how]();
    expect(asked()).toBe(1);
    // It leaves no mark on the timeline.
    expect(studio.quietCheckpoints).toBe(1);
  });

  it.each<[what: string, before: (at: ReturnType<typeof asking>) => void]>([
    ['nothing is to be saved', ({ studio }) => studio.store.setState({ saveEvery: 0 })],
    ['nothing is new', ({ studio }) => studio.store.setState({ savedUpdate: 2 })],
    ['nothing was trained', ({ studio }) => studio.store.setState({ update: 0 })],
    ['the engine is dead', ({ studio }) => studio.store.setState({ runState: 'failed' })],
    ['the engine still loads', ({ studio }) => studio.store.setState({ runState: 'loading' })],
    [
      'a recording is shown',
      ({ studio }) => {
        showRecording(studio, { recording: makeFakeRecording(3), source: 'file', title: 't' });
      },
    ],
  ])('not where %s', (_, before) => {
    const at = asking();
    steps(at.studio, 2);
    before(at);
    at.page.hide();
    expect(at.asked()).toBe(0);
  });

  it('while it evaluates too', () => {
    for (const runState of ['running', 'evaluating'] as const) {
      const { studio, page, asked } = asking();
      steps(studio, 2);
      studio.store.setState({ runState });
      page.leave();
      expect(asked()).toBe(1);
    }
  });
});

describe('a run is saved', () => {
  it('under an id of its own with its history so far, then with what is new in it', async () => {
    const { studio, state, page } = open();
    steps(studio, 3);
    page.leave();
    await done(() => state().savedUpdate === 3);
    const id = state().savedId ?? '';
    expect([...page.locks.held]).toContain(`cutpoint-run-${id}`);
    const first = await readRun(id);
    expect(first).toMatchObject({
      run: { id, update: 3, config: state().config, worldTitle: 'Microwiki', factsHash: null, name: null },
      checkpoint: { update: 3, weightsHash: '0', ownWorld: null },
      segments: [{ first: 0, last: 3 }],
    });
    expect(state().marks.map(({ kind }) => kind)).not.toContain('checkpoint');
    steps(studio, 2);
    page.leave();
    await done(() => state().savedUpdate === 5);
    expect(state().savedId).toBe(id);
    const later = await readRun(id);
    expect(later?.segments.map((part) => [part.first, part.last])).toEqual([
      [0, 3],
      [4, 5],
    ]);
    const parts = await Promise.all((later?.segments ?? []).map(({ bytes }) => decodeCapsule(bytes, 'f')));
    expect(parts.map(({ metrics }) => metrics.map(({ update }) => update))).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    // Of all updates but the newest a few trajectories.
    expect(parts.map(({ batches }) => batches.map(({ batch, whole }) => [batch.update, whole]))).toEqual([
      [
        [1, false],
        [2, false],
        [3, true],
      ],
      [
        [4, false],
        [5, true],
      ],
    ]);
    expect(parts[1]).toMatchObject({ checkpoints: [], ownWorld: null });
  });

  it('with the facts of its world', async () => {
    const { studio, state, page } = open();
    const ownWorld = { name: 'mine', text: 'a,b,c', hash: '0123456789abcdef' };
    startRun(studio, state().config, 'shipped', ownWorld);
    steps(studio, 1);
    page.leave();
    await done(() => state().savedUpdate === 1);
    const found = await readRun(state().savedId ?? '');
    expect(found).toMatchObject({ run: { factsHash: ownWorld.hash }, checkpoint: { ownWorld } });
  });

  it('again after what saves could not be loaded, which is told', async () => {
    const { studio, state, page } = open();
    failing.next = true;
    steps(studio, 1);
    page.leave();
    await done(() => state().saveProblem !== null);
    expect(state()).toMatchObject({ savedUpdate: null, saveProblem: { message: 'The run could not be saved.' } });
    steps(studio, 1);
    page.leave();
    await done(() => state().savedUpdate === 2);
    expect(state().saveProblem).toBeNull();
  });

  it('whole, and with a word, where it was deleted in another tab', async () => {
    const { studio, state, page } = open();
    steps(studio, 2);
    page.leave();
    await done(() => state().savedUpdate === 2);
    const id = state().savedId ?? '';
    await deleteRun(id);
    steps(studio, 2);
    page.leave();
    await done(() => state().savedUpdate === 4);
    expect(state().announcement).toMatch(/was gone .* saved again, from its beginning/);
    const [segment, ...others] = (await readRun(id))?.segments ?? [];
    expect(others).toEqual([]);
    const { metrics } = await decodeCapsule(segment?.bytes ?? new Uint8Array(), 'kept');
    expect(metrics.map(({ update }) => update)).toEqual([1, 2, 3, 4]);
  });

  it('anew where it went back', async () => {
    const { studio, state, page } = open();
    steps(studio, 3);
    page.leave();
    await done(() => state().savedUpdate === 3);
    const id = state().savedId ?? '';
    studio.store.setState({ savedUpdate: 9 });
    page.leave();
    await done(() => state().savedUpdate === 3);
    expect((await readRun(id))?.segments.map(({ first, last }) => [first, last])).toEqual([[0, 3]]);
  });

  it('not where another run has begun meanwhile', async () => {
    const { studio, trainer, state } = open();
    steps(studio, 1);
    const { runId } = state();
    const bytes = new ArrayBuffer(4);
    startRun(studio, configForPreset('search-r1'), 'shipped');
    studio.client.send({ type: 'step' });
    // As if it had been on its way.
    trainer.emit({ type: 'checkpoint', runId, update: 1, bytes, weightsHash: 'h' });
    trainer.emit({ type: 'checkpoint', runId: runId + 1, update: 1, bytes, weightsHash: 'h' });
    await done(() => state().savedUpdate === 1);
    expect(await listRuns()).toMatchObject([{ config: { preset: 'search-r1' } }]);
  });

  it('not a second time, and not before its first update', async () => {
    const { trainer, studio, state, page } = open();
    const at = (update: number) => {
      trainer.emit({ type: 'checkpoint', runId: 1, update, bytes: new ArrayBuffer(4), weightsHash: String(update) });
    };
    at(0);
    steps(studio, 1);
    at(1);
    at(1);
    await done(() => state().savedUpdate === 1);
    const [saved] = await listRuns();
    steps(studio, 1);
    page.leave();
    await done(() => state().savedUpdate === 2);
    expect(await listRuns()).toHaveLength(1);
    expect(saved?.update).toBe(1);
  });

  it('but not what a person let go of meanwhile: that run has an id no more', async () => {
    const { studio, state, page } = open();
    steps(studio, 1);
    page.leave();
    await done(() => state().savedUpdate === 1);
    const first = state().savedId;
    studio.store.setState({ savedId: null, savedUpdate: null });
    steps(studio, 1);
    page.leave();
    await done(() => state().savedUpdate === 2);
    expect(state().savedId).not.toBe(first);
  });

  it('not by two tabs at once', async () => {
    const page = handPage();
    const { studio, state } = open({}, [], page);
    let refused = 0;
    page.locks.request = (_, __, work) => {
      refused += 1;
      return Promise.resolve(work(null));
    };
    steps(studio, 1);
    page.leave();
    await done(() => refused === 1);
    expect(await listRuns()).toEqual([]);
    expect(state()).toMatchObject({ savedId: null, savedUpdate: null });
  });

  it.each<[what: string, leave: (studio: Studio) => void]>([
    ['another run', (studio) => startRun(studio, configForPreset('search-r1'), 'shipped')],
    ['a reset', (studio) => RESET.perform(studio)],
  ])('though %s comes in between, which is then another one', async (_, leave) => {
    const { studio, state, page } = open();
    steps(studio, 2);
    const request = page.locks.request.bind(page.locks);
    page.locks.request = (...asked) => {
      leave(studio);
      return request(...asked);
    };
    page.leave();
    await done(async () => (await listRuns()).length === 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await listRuns()).toMatchObject([{ update: 2, config: { preset: 'search-r2' } }]);
    expect(state()).toMatchObject({ savedId: null, savedUpdate: null });
  });

  it('with trajectories that came after their update was saved', async () => {
    const { studio, trainer, state } = open();
    steps(studio, 1);
    const numbers = (update: number) => trainer.emit({ type: 'metrics', runId: 1, update, metrics: {}, updateMs: 1 });
    const trajectories = (update: number) => {
      trainer.emit({ type: 'trajectories', runId: 1, batch: numbersBatch([{}], { update }) });
    };
    const asked = (update: number) => {
      trainer.emit({ type: 'checkpoint', runId: 1, update, bytes: new ArrayBuffer(4), weightsHash: 'h' });
    };
    numbers(2);
    asked(2);
    await done(() => state().savedUpdate === 2);
    trajectories(2);
    numbers(3);
    trajectories(3);
    asked(3);
    await done(() => state().savedUpdate === 3);
    const segments = (await readRun(state().savedId ?? ''))?.segments ?? [];
    const parts = await Promise.all(segments.map(({ bytes }) => decodeCapsule(bytes, 'f')));
    expect(parts.map(({ batches }) => batches.map(({ batch }) => batch.update))).toEqual([[1], [2, 3]]);
    expect(parts.map(({ metrics }) => metrics.map(({ update }) => update))).toEqual([[1, 2], [3]]);
  });

  it('not where a person wants none saved, though they ask for its state', async () => {
    const { studio, trainer } = open();
    steps(studio, 1);
    studio.store.setState({ saveEvery: 0 });
    trainer.emit({ type: 'checkpoint', runId: 1, update: 1, bytes: new ArrayBuffer(4), weightsHash: 'h' });
    studio.store.setState({ saveEvery: 10 });
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(await listRuns()).toEqual([]);
  });

  it('and says once why it cannot be', async () => {
    const { studio, state, page } = open();
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('', 'QuotaExceededError');
    });
    steps(studio, 1);
    page.leave();
    await done(() => state().saveProblem !== null);
    expect(state().saveProblem?.message).toBe('This browser has no room left to save the run.');
    studio.store.setState({ saveProblem: null });
    steps(studio, 1);
    page.leave();
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    vi.restoreAllMocks();
    expect(state()).toMatchObject({ saveProblem: null, savedUpdate: null });
    steps(studio, 1);
    page.leave();
    await done(() => state().savedUpdate === 3);
    expect(state().toldSaveProblem).toBeNull();
  });

  it('in place of the oldest of more than thirty that nobody named and no tab has', async () => {
    const bytes = Uint8Array.of(1);
    const old = Array.from({ length: 33 }, (_, k) => `old-${k}`);
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const [k, id] of old.entries()) {
      vi.setSystemTime(new Date(2020, 0, 1, 0, k));
      const run = { id, update: 1, config: configForPreset('search-r2'), worldTitle: 'w', factsHash: null };
      await saveRun(run, { update: 1, weightsHash: 'h', bytes }, { first: 0, last: 1, bytes });
    }
    vi.useRealTimers();
    await renameRun('old-0', 'mine');
    vi.useFakeTimers({ toFake: [...clock.toFake] });
    const { studio, state, page } = open();
    page.locks.held.add('cutpoint-run-old-1');
    steps(studio, 1);
    page.leave();
    await done(async () => (await listRuns()).length === 32);
    const ids = (await listRuns()).map(({ id }) => id);
    // 34 in all: of the four oldest one has a name and one is open.
    expect(ids).toEqual([state().savedId, ...old.slice(4).toReversed(), 'old-1', 'old-0']);
  });
});
