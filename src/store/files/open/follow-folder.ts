/** Follows the folder of a training: what a trainer writes comes on screen, beside the run. */
import type { FolderNews, FollowProgress, FreshRows } from '../../../rollouts/follow/follower';
import type { RolloutFile } from '../../../rollouts/file/read-file';
import { KeptLines } from '../../../rollouts/follow/kept-lines';
import { openFolder } from '../../../rollouts/open-folder';
import type { FollowSource } from '../../../rollouts/open-folder';
import { stopReplay } from '../../run/replay';
import { closeExample } from '../../run/show-recording';
import { announce } from '../../state/announce';
import { EMPTY_LAB } from '../../state/lab-state';
import { reportRefusal } from '../../state/problems';
import { firstRow, newestStep } from '../../state/rollouts-state';
import type { RolloutsState } from '../../state/rollouts-state';
import { WHOLE_LIST } from '../../state/row-list';
import type { Studio } from '../../state/studio-state';
import { leaveRollouts } from '../../view/leave-rollouts';
import { movedCompared, movedRef, movedRows } from '../../view/moved-rows';
import { shelve } from '../../view/rollout-views';
import { cancelReading, chooseRolloutStep, stopFollowing } from './open-rollouts';

/** Between two looks at the folder. */
const LOOK_MS = 1000;
/** To show many rows takes long: at most this part of the time goes into it. */
const SHARE = 0.1;

/** What of the document is asked. */
type Sight = Pick<Document, 'hidden' | 'addEventListener'>;

function change({ store }: Studio, part: Partial<RolloutsState>): void {
  store.setState((state) => ({ rollouts: { ...state.rollouts, ...part } }));
}

/** Goes on until it is stopped, or the file is closed; never rejects. A page out of sight does not look. */
export async function followFolder(studio: Studio, source: FollowSource, page: Sight): Promise<void> {
  cancelReading(studio);
  leaveRollouts(studio);
  stopReplay(studio);
  const { rollouts } = studio;
  const name = 'handle' in source ? source.handle.name : source.name;
  const folder = openFolder(source);
  const kept = new KeptLines();
  const stopped = new AbortController();
  const stop = (): void => {
    stopped.abort();
    folder.stop();
    if (rollouts.cancel === cancel) {
      rollouts.cancel = null;
      change(studio, { reading: null });
    }
  };
  const cancel = (): void => stopFollowing(studio);
  rollouts.stopFollowing = stop;
  change(studio, { following: { name, files: 0, newest: true, remarks: [] } });
  const onProgress = ({ size, ...progress }: FollowProgress): void => {
    if (stopped.signal.aborted || studio.store.getState().rollouts.file !== null) return;
    rollouts.cancel = cancel;
    change(studio, { reading: { name, size, ...progress } });
  };
  try {
    while (!stopped.signal.aborted) {
      const news = await Promise.race([folder.look(onProgress), aborted(stopped.signal)]);
      if (news === null) return;
      if (rollouts.cancel === cancel) {
        rollouts.cancel = null;
        change(studio, { reading: null });
      }
      const from = performance.now();
      take(studio, news, (fresh) => kept.take(name, fresh, folder.lines), name);
      await pause(Math.max(LOOK_MS, (performance.now() - from) / SHARE), page, stopped.signal);
    }
  } catch (error) {
    if (stopped.signal.aborted) return;
    stopFollowing(studio);
    reportRefusal(studio, error);
  }
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
}

/** For a while, and then until the page is in sight. */
async function pause(ms: number, page: Sight, signal: AbortSignal): Promise<void> {
  await Promise.race([new Promise((resolve) => setTimeout(resolve, ms)), aborted(signal)]);
  if (!page.hidden || signal.aborted) return;
  await Promise.race([
    new Promise((resolve) => page.addEventListener('visibilitychange', resolve, { once: true })),
    aborted(signal),
  ]);
}

type TakeRows = (fresh: FreshRows) => RolloutFile;

function take(studio: Studio, { files, remarks, fresh }: FolderNews, rows: TakeRows, name: string): void {
  const { following } = studio.store.getState().rollouts;
  if (following === null) return;
  const before = following.remarks.join(' ');
  const told = remarks.join(' ');
  if (told !== before) announce(studio, told);
  if (told !== before || files !== following.files) change(studio, { following: { ...following, files, remarks } });
  if (fresh !== null) show(studio, fresh, rows, name);
  goOn(studio);
}

/** The rows in place of those before: what is listed, selected and compared stays. */
function show(studio: Studio, fresh: FreshRows, rows: TakeRows, name: string): void {
  const { store, rollouts } = studio;
  const { file: before } = store.getState().rollouts;
  const old = rollouts.shelf;
  const { shelf, about } = shelve(rows(fresh));
  if (about.rows === 0) return;
  if (old === null || before === null) {
    const step = newestStep(about);
    closeExample(studio);
    rollouts.shelf = { ...shelf, ...shelf.choose(step) };
    const empty = { selection: null, lab: EMPTY_LAB, list: WHOLE_LIST, compared: [], picking: null, shownPin: null };
    store.setState(empty);
    change(studio, { reading: null, file: { ...about, step }, other: null });
    announce(studio, `Following ${name}: ${about.rows} trajectories`);
    return;
  }
  const file = { ...about, step: about.steps.some(({ step }) => step === before.step) ? before.step : null };
  const moved = movedRows(old.file.table, shelf.file.table, fresh.moves);
  rollouts.shelf = { ...shelf, ...shelf.choose(file.step) };
  store.setState(({ selection, compared, picking, rollouts: now }) => {
    const row = selection && moved(firstRow(before) + selection.row);
    return {
      selection: selection === null || row === null ? null : { ...selection, row: row - firstRow(file) },
      compared: compared.flatMap((one) => movedCompared(one, moved) ?? []),
      picking: picking && movedRef(picking, moved),
      rollouts: { ...now, file },
    };
  });
}

/** To the newest step, unless a person looks at something. */
function goOn(studio: Studio): void {
  const { rollouts, selection, compared } = studio.store.getState();
  const { file, following } = rollouts;
  if (file === null || following === null || !following.newest || selection !== null || compared.length > 0) return;
  const newest = newestStep(file);
  if (newest === file.step) return;
  chooseRolloutStep(studio, newest);
  announce(studio, `Step ${newest ?? ''} is there`);
}
