/** Opens files of trajectories beside the run, which they do not touch. */
import { openRolloutFiles } from '../../../rollouts/open-file';
import { announce } from '../../state/announce';
import type { SniffedFile } from '../../state/file-types';
import { EMPTY_LAB } from '../../state/lab-state';
import { firstRow, newestStep } from '../../state/rollouts-state';
import type { RolloutsState } from '../../state/rollouts-state';
import { reportRefusal } from '../../state/problems';
import { stopReplay } from '../../run/replay';
import { closeExample, pauseRecording, playRecording } from '../../run/show-recording';
import { WHOLE_LIST } from '../../state/row-list';
import { changeCompared } from '../../view/compare-actions';
import { closeLines, leaveRollouts } from '../../view/leave-rollouts';
import { shelve } from '../../view/rollout-views';
import type { OnLines } from '../../view/rollout-views';
import { select } from '../../view/view-actions';
import { showExample } from './load-recording';
import type { Studio } from '../../state/studio-state';

function change({ store }: Studio, part: Partial<RolloutsState>): void {
  store.setState((state) => ({ rollouts: { ...state.rollouts, ...part } }));
}

/** What was looked at in other rows means nothing in these. */
const FRESH_LOOK = { selection: null, lab: EMPTY_LAB };
const NOTHING_COMPARED = { compared: [], picking: null };

/**
 * Reads files and shows their trajectories; a reading that is under way is given up, what is on screen stays until this is read.
 * @throws UserError where there is none to show
 */
export async function openRollouts(studio: Studio, sniffed: readonly SniffedFile[]): Promise<void> {
  const { store, rollouts } = studio;
  await readFiles(
    studio,
    sniffed.map(({ file }) => file),
    ({ shelf, about }, name) => {
      stopReplay(studio);
      stopFollowing(studio);
      closeExample(studio);
      closeLines(studio);
      rollouts.shelf = shelf;
      rollouts.other = null;
      store.setState({ ...FRESH_LOOK, list: WHOLE_LIST, ...NOTHING_COMPARED, shownPin: null });
      change(studio, { reading: null, file: about, other: null });
      announce(studio, `${about.rows} ${about.rows === 1 ? 'trajectory' : 'trajectories'} of ${name}`);
      showWanted(studio);
    },
  );
}

/** Reads files to compare the one on screen with; never rejects, what cannot be read is told on the page. */
export async function openOtherRollouts(studio: Studio, files: readonly File[]): Promise<void> {
  const { rollouts } = studio;
  try {
    await readFiles(studio, files, ({ shelf, about }) => {
      if (rollouts.shelf === null) return;
      rollouts.other?.file.lines.close();
      rollouts.other = shelf;
      change(studio, { reading: null, other: about });
      changeCompared(studio, {
        kind: 'sets',
        refs: [
          { file: 'shown', step: null },
          { file: 'other', step: null },
        ],
      });
    });
  } catch (error) {
    reportRefusal(studio, error);
  }
}

/** Who draws rows draws them again, as with a new batch of the engine. */
function linesOf(studio: Studio): OnLines {
  return {
    come: () => studio.store.setState(({ batchVersion }) => ({ batchVersion: batchVersion + 1 })),
    fail: (error) => reportRefusal(studio, error),
  };
}

async function readFiles(
  studio: Studio,
  files: readonly File[],
  show: (read: ReturnType<typeof shelve>, name: string) => void,
): Promise<void> {
  cancelReading(studio);
  const { rollouts } = studio;
  const name = files.length === 1 ? (files[0]?.name ?? '') : `${files.length} files`;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  change(studio, { reading: { name, size, read: 0, rows: 0, skipped: 0 } });
  const resume = pauseExample(studio);
  const reading = openRolloutFiles(files, (progress) => change(studio, { reading: { name, size, ...progress } }));
  rollouts.cancel = reading.cancel;
  try {
    const read = await reading.done;
    // Each in a task of its own, so that none of them is long.
    await nextTask();
    const shelved = read && shelve(read, linesOf(studio));
    await shelved?.firstLines();
    await nextTask();
    if (shelved === null) return;
    // Given up meanwhile.
    if (rollouts.cancel !== reading.cancel) shelved.shelf.file.lines.close();
    else show(shelved, name);
  } finally {
    if (rollouts.cancel === reading.cancel) {
      rollouts.cancel = null;
      change(studio, { reading: null });
    }
    resume();
  }
}

/** What it draws would take from the reading. @returns lets it go on, if it is still there */
function pauseExample(studio: Studio): () => void {
  const { recording } = studio.store.getState();
  if (recording?.source !== 'example' || !recording.playing) return () => undefined;
  pauseRecording(studio);
  return () => {
    const now = studio.store.getState().recording;
    if (now?.recording === recording.recording && !now.playing) playRecording(studio);
  };
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

export function cancelReading(studio: Studio): void {
  studio.rollouts.cancel?.();
  studio.rollouts.cancel = null;
  change(studio, { reading: null });
}

/** Lists one training step of the file, null all; what it is filtered by stays. */
export function chooseRolloutStep(studio: Studio, step: number | null): void {
  const { store, rollouts } = studio;
  const { file } = store.getState().rollouts;
  if (!rollouts.shelf || !file) return;
  rollouts.shelf = { ...rollouts.shelf, ...rollouts.shelf.choose(step) };
  const { following, ...rest } = store.getState().rollouts;
  const newest = following && { ...following, newest: step === newestStep(file) };
  store.setState({ ...FRESH_LOOK, rollouts: { ...rest, file: { ...file, step }, following: newest } });
}

/** What was read stays on screen. */
export function stopFollowing(studio: Studio): void {
  studio.rollouts.stopFollowing?.();
  studio.rollouts.stopFollowing = null;
  change(studio, { following: null });
}

/** Shows what a link names of the file on screen, where that is the link's file; another one stays asked for. */
export function showWanted(studio: Studio): void {
  const { store } = studio;
  const { file, wanted } = store.getState().rollouts;
  if (file === null || wanted?.hash !== file.hash) return;
  const { trainingStep, selection, list } = wanted;
  const isThere = trainingStep === null || file.steps.some(({ step }) => step === trainingStep);
  chooseRolloutStep(studio, isThere ? trainingStep : null);
  store.setState({ list });
  change(studio, { wanted: null });
  const opened = store.getState().rollouts.file;
  const row = (selection?.row ?? -1) - (opened ? firstRow(opened) : 0);
  if (selection === null || studio.rollouts.shelf?.shown.rows[row] === undefined) return;
  select(studio, { ...selection, row });
  announce(studio, `The row of the link is on screen`);
}

/** Goes without the file that a link asks for. */
export function dismissWanted(studio: Studio): void {
  change(studio, { wanted: null });
}

/**
 * Back to the run, which went on or waits as it was. Where none can be, the example comes back: there is nothing else to look at.
 */
export function closeRollouts(studio: Studio): void {
  leaveRollouts(studio);
  const { recording, support } = studio.store.getState();
  const noRun = support.status === 'missing' || support.status === 'noAdapter';
  if (recording === null && noRun) void showExample(studio);
}
