import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { decodeCapsule, encodeCapsule } from '../../../recordings/capsule/capsule';
import { makeFakeRecording } from '../../../testing/page/fake-recording';
import { handPage, isLockManager } from '../../../testing/page/hand-page';
import type { HandPage } from '../../../testing/page/hand-page';
import { idleStudio, playedStudio } from '../../../testing/page/open-studio';
import type { Studio } from '../../state/studio-state';
import { STEP } from '../../run/actions';
import { showRecording } from '../../run/show-recording';
import {
  deleteSaved,
  dismissOffer,
  dismissSaveProblem,
  offerNewest,
  openSaved,
  packSaved,
  refreshRuns,
  renameSaved,
  setSaveEvery,
  showSavedBehind,
  toggleRuns,
} from './runs-actions';
import { deleteRun, listRuns, renameRun, saveRun } from './saved-runs';

const recording = makeFakeRecording(3);
async function save(id: string, damaged = false) {
  const bytes = await encodeCapsule({ ...recording, checkpoints: [] });
  const run = { id, update: 3, config: recording.config, worldTitle: 'Microwiki', factsHash: null };
  const checkpoint = { update: 3, weightsHash: 'h', bytes: Uint8Array.of(1, 2, 3) };
  await saveRun(run, checkpoint, { first: 0, last: 3, bytes });
  if (damaged) await saveRun(run, checkpoint, { first: 4, last: 4, bytes: Uint8Array.of(1) });
}
const locksOf = ({ locks }: HandPage): LockManager => {
  if (!isLockManager(locks)) throw new Error('It has what is asked for.');
  return locks;
};
afterEach(async () => {
  vi.restoreAllMocks();
  for (const { id } of await listRuns()) await deleteRun(id);
});
const can = (studio: Studio) => studio.store.setState({ support: { status: 'ok', software: false } });
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the list of saved runs', () => {
  it('is read when it is opened, in place of the settings', async () => {
    await save('list-a');
    const { studio, state } = idleStudio();
    studio.store.setState({ settingsOpen: true });
    toggleRuns(studio);
    expect(state()).toMatchObject({ runsOpen: true, settingsOpen: false, savedRuns: null });
    await vi.waitFor(() => expect(state().savedRuns?.map(({ id }) => id)).toEqual(['list-a']));
    await save('list-b');
    toggleRuns(studio);
    await settled();
    expect(state().runsOpen).toBe(false);
    expect(state().savedRuns).toHaveLength(1);
    await refreshRuns(studio);
    expect(state().savedRuns).toHaveLength(2);
  });

  it('says where it cannot be read', async () => {
    const { studio, state } = idleStudio();
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('', 'InvalidStateError');
    });
    await refreshRuns(studio);
    expect(state()).toMatchObject({ savedRuns: null, problems: [{ fatal: false }] });
    expect(state().problems[0]?.message).toMatch(/^This browser does not let the page save runs/);
  });

  it('takes a name of eighty letters, without blanks around it', async () => {
    await save('name-a');
    const { studio, state } = idleStudio();
    await renameSaved(studio, 'name-a', `  ${'n'.repeat(90)} `);
    expect(state().savedRuns?.[0]?.name).toBe('n'.repeat(80));
    await renameSaved(studio, 'name-a', '   ');
    expect(state().savedRuns?.[0]?.name).toBeNull();
  });

  it('lets go of a run; one that goes on is saved again, as a new one', async () => {
    await save('del-a');
    await save('del-b');
    const { studio, state } = idleStudio();
    await refreshRuns(studio);
    const offer = state().savedRuns?.find(({ id }) => id === 'del-a') ?? null;
    studio.store.setState({ savedId: 'del-b', savedUpdate: 3, offer });
    await deleteSaved(studio, 'del-a', undefined);
    expect(state()).toMatchObject({ savedId: 'del-b', savedUpdate: 3, offer: null });
    expect(state().savedRuns?.map(({ id }) => id)).toEqual(['del-b']);
    studio.store.setState({ offer });
    await deleteSaved(studio, 'del-b', undefined);
    expect(state()).toMatchObject({ savedId: null, savedUpdate: null, savedRuns: [], offer });
  });
});

describe('a run that another tab has open', () => {
  it('is not deleted', async () => {
    await save('held');
    const page = handPage();
    const { studio, state } = idleStudio();
    await new Promise<void>((resolve) => {
      void locksOf(page).request('cutpoint-run-held', { ifAvailable: true }, () => {
        resolve();
        return new Promise(() => undefined);
      });
    });
    await deleteSaved(studio, 'held', locksOf(page));
    expect(state().problems.at(-1)?.message).toBe('This run is open in another tab.');
    expect((await listRuns()).map(({ id }) => id)).toEqual(['held']);
  });
});

describe('the run of an earlier visit', () => {
  it('is offered where no tab has it, the newest first', async () => {
    await save('offer-a');
    await new Promise((resolve) => setTimeout(resolve, 2));
    await save('offer-b');
    const { studio, state } = idleStudio();
    const page = handPage();
    await offerNewest(studio, page.page);
    expect(state().offer?.id).toBe('offer-b');
    page.locks.held.add('cutpoint-run-offer-b');
    await offerNewest(studio, page.page);
    expect(state().offer?.id).toBe('offer-a');
    page.locks.held.add('cutpoint-run-offer-a');
    await offerNewest(studio, page.page);
    expect(state().offer).toBeNull();
  });

  it('is not offered to whoever has begun something, but beside a recording', async () => {
    await save('busy-a');
    const { studio, state } = playedStudio();
    STEP.perform(studio);
    await offerNewest(studio, handPage().page);
    expect(state().offer).toBeNull();
    showRecording(studio, { recording, source: 'example', title: 'Example' });
    await offerNewest(studio, handPage().page);
    expect(state().offer?.id).toBe('busy-a');
    dismissOffer(studio);
    expect(state().offer).toBeNull();
    studio.store.setState({ savedId: 'x', update: 0 });
    await offerNewest(studio, handPage().page);
    expect(state().offer).toBeNull();
  });

  it('is no matter where nothing can be read', async () => {
    const { studio, state } = idleStudio();
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('', 'InvalidStateError');
    });
    await offerNewest(studio, handPage().page);
    expect(state()).toMatchObject({ offer: null, problems: [] });
  });
});

describe('opening a saved run', () => {
  it('goes on exactly where it was, in this tab alone', async () => {
    await save('open-a');
    const { studio, state, trainer } = playedStudio();
    can(studio);
    studio.store.setState({ runsOpen: true, offer: (await listRuns())[0] ?? null });
    const page = handPage();
    await openSaved(studio, 'open-a', locksOf(page));
    expect(trainer.commands.findLast(({ type }) => type === 'start')).toMatchObject({
      ...{ runId: 2, config: recording.config, initial: { kind: 'checkpoint', name: 'search-r2 on Microwiki' } },
    });
    expect(state()).toMatchObject({
      ...{
        recording: null,
        savedId: 'open-a',
        savedUpdate: 3,
        firstUpdate: 3,
        offer: null,
        runsOpen: false,
        problems: [],
      },
    });
    expect([...page.locks.held]).toEqual(['cutpoint-run-open-a']);
  });

  it('is refused where another tab has it, and changes nothing', async () => {
    await save('lock-a');
    const { studio, state } = playedStudio();
    can(studio);
    studio.store.setState({ runsOpen: true });
    const page = handPage();
    page.locks.held.add('cutpoint-run-lock-a');
    await openSaved(studio, 'lock-a', locksOf(page));
    expect(state()).toMatchObject({ recording: null, runId: 1, savedId: null, runsOpen: true });
    expect(state().problems).toMatchObject([
      {
        message: '“search-r2 on Microwiki” is open in another tab.',
        hint: 'Go on with it there, or close that tab first.',
      },
    ]);
  });

  it('is shown as a recording without WebGPU, whoever has it', async () => {
    await save('show-a');
    const { studio, state } = idleStudio();
    const page = handPage();
    page.locks.held.add('cutpoint-run-show-a');
    await openSaved(studio, 'show-a', locksOf(page));
    expect(state()).toMatchObject({
      recording: { source: 'saved', title: 'search-r2 on Microwiki' },
      savedId: null,
      runId: 0,
    });
  });

  it('says what of its history is damaged, and where it is gone', async () => {
    await save('broken-a', true);
    const { studio, state } = idleStudio();
    await openSaved(studio, 'broken-a', undefined);
    expect(state().recording?.recording.update).toBe(3);
    expect(state().problems).toMatchObject([
      {
        message: 'A part of the history of “search-r2 on Microwiki” is damaged and was left out.',
        ...{ hint: 'Its weights are whole.', fatal: false },
      },
    ]);
    await openSaved(studio, 'nowhere', undefined);
    expect(state().problems.at(-1)?.message).toBe('That run is not there any more.');
  });

  it('gives it as a file, with its weights', async () => {
    await save('pack-a');
    const { studio, state } = idleStudio();
    const file = await packSaved(studio, 'pack-a');
    const back = await decodeCapsule(new Uint8Array((await file?.arrayBuffer()) ?? new ArrayBuffer(0)), 'f');
    expect(back).toMatchObject({ update: 3, checkpoints: [{ update: 3, bytes: Uint8Array.of(1, 2, 3) }] });
    expect(await packSaved(studio, 'nowhere')).toBeNull();
    expect(state().problems).toHaveLength(1);
  });

  it('lays its curves behind those on screen', async () => {
    await save('ghost-a');
    await renameRun('ghost-a', 'mine');
    const { studio, state } = idleStudio();
    await showSavedBehind(studio, 'ghost-a');
    expect(state().ghost).toMatchObject({
      ...{
        title: 'mine',
        config: recording.config,
        metrics: recording.metrics,
        trajectories: { world: recording.world },
      },
    });
    expect(state().ghost?.trajectories?.batches).toHaveLength(3);
    expect(state().announcement).toBe('The curves of mine lie behind');
  });
});

describe('how often a run is saved', () => {
  it('is one of a few choices, kept for the next visit', () => {
    const { studio, state } = idleStudio();
    const page = handPage();
    setSaveEvery(studio, 25, page.page);
    expect([state().saveEvery, page.stored.get('cutpoint-save-every')]).toEqual([25, '25']);
    setSaveEvery(studio, 7, page.page);
    expect([state().saveEvery, page.stored.get('cutpoint-save-every')]).toEqual([25, '25']);
    setSaveEvery(studio, 0, page.page);
    expect([state().saveEvery, page.stored.get('cutpoint-save-every')]).toEqual([0, '0']);
    setSaveEvery(studio, 5, handPage({ blocked: true }).page);
    expect(state().saveEvery).toBe(5);
  });

  it('is no matter to a problem that was read', () => {
    const { studio, state } = idleStudio();
    studio.store.setState({ saveProblem: { message: 'm', hint: 'h' } });
    dismissSaveProblem(studio);
    expect(state().saveProblem).toBeNull();
  });
});
