import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../../lib/assert';
import { readRolloutFiles } from '../../../rollouts/file/read-file';
import type { ReadProgress, RolloutFile } from '../../../rollouts/file/read-file';
import { encodeCapsule } from '../../../recordings/capsule/capsule';
import { makeFakeRecording } from '../../../testing/page/fake-recording';
import { playedStudio } from '../../../testing/page/open-studio';
import { STEP } from '../../run/actions';
import { showMoment } from '../../run/replay';
import { EMPTY_LAB } from '../../state/lab-state';
import { showRecording } from '../../run/show-recording';
import type { SniffedFile } from '../../state/file-types';
import { NO_ROLLOUTS } from '../../state/rollouts-state';
import type { WantedRollouts } from '../../state/rollouts-state';
import { WHOLE_LIST } from '../../state/row-list';
import { select } from '../../view/view-actions';
import { compareSets } from '../../view/compare-actions';
import { showExample } from './load-recording';
import {
  cancelReading,
  chooseRolloutStep,
  closeRollouts,
  dismissWanted,
  openOtherRollouts,
  openRollouts,
  showWanted,
} from './open-rollouts';

/** Readings that are under way, in place of the worker that reads. */
const readings: {
  files: readonly File[];
  progress: (progress: ReadProgress) => void;
  end: (file: RolloutFile | null) => void;
  fail: (error: Error) => void;
  cancelled: boolean;
}[] = [];
vi.mock('../../../rollouts/open-file', () => ({
  openRolloutFiles: (files: readonly File[], progress: (progress: ReadProgress) => void) => {
    let cancel = (): void => undefined;
    const done = new Promise<RolloutFile | null>((resolve, reject) => {
      const reading = { files, progress, end: resolve, fail: reject, cancelled: false };
      readings.push(reading);
      cancel = () => {
        reading.cancelled = true;
        resolve(null);
      };
    });
    return { done, cancel };
  },
}));
beforeEach(() => readings.splice(0));

const line = (question: string, step: number) => {
  return JSON.stringify({ question, completion: '<answer>a</answer>', gold: 'a', step });
};
const TEXT = [line('q', 1), line('r', 2), '{}'].join('\n');
const file = (name = 'f.jsonl'): SniffedFile => ({ file: new File([TEXT], name), head: new Uint8Array(0), text: TEXT });
const read = () => {
  const blob = new Blob([TEXT]);
  return readRolloutFiles([{ name: 'f.jsonl', size: blob.size, stream: () => blob.stream() }]);
};
const opened = async () => {
  const played = playedStudio();
  STEP.perform(played.studio);
  const opening = openRollouts(played.studio, [file()]);
  readings[0]?.end(await read());
  await opening;
  return played;
};
const LOOK = { list: { ...WHOLE_LIST, find: 'x' }, lab: { ...EMPTY_LAB, key: 'k' }, shownPin: 1 };

describe('opening trajectories', () => {
  it('tells how far the reading is, then shows them beside the run', async () => {
    const { studio, state } = playedStudio();
    STEP.perform(studio);
    showMoment(studio, [{ phase: 'rollout', steps: 0 }], 0);
    select(studio, { row: 3, side: 'draft', step: 1 });
    showMoment(studio, [{ phase: 'rollout', steps: 0 }], 0);
    studio.store.setState(LOOK);
    const opening = openRollouts(studio, [file()]);
    expect(state().rollouts).toEqual({
      ...{
        file: null,
        other: null,
        following: null,
        wanted: null,
        reading: { name: 'f.jsonl', size: TEXT.length, read: 0, rows: 0, skipped: 0 },
      },
    });
    readings[0]?.progress({ read: 9, rows: 1, skipped: 0 });
    expect(state().rollouts.reading).toEqual({ name: 'f.jsonl', size: TEXT.length, read: 9, rows: 1, skipped: 0 });
    expect(state()).toMatchObject({ ...LOOK, selection: { row: 3 } });
    readings[0]?.end(await read());
    await opening;
    expect(state()).toMatchObject({
      ...{ selection: null, list: WHOLE_LIST, lab: EMPTY_LAB, shownPin: null, replay: null, update: 1 },
      ...{ rollouts: { reading: null, file: { name: 'f.jsonl', rows: 2, step: null, skipped: 1 } } },
      announcement: '2 trajectories of f.jsonl',
    });
    expect(studio.rollouts.shelf?.shown.rows).toEqual([0, 1]);
    expect(studio.rollouts.cancel).toBeNull();
  });

  it('counts several files as one', async () => {
    const { studio, state } = playedStudio();
    const opening = openRollouts(studio, [file('a'), file('b')]);
    expect(state().rollouts.reading).toMatchObject({ name: '2 files', size: 2 * TEXT.length });
    expect(readings[0]?.files.map(({ name }) => name)).toEqual(['a', 'b']);
    readings[0]?.end(await read());
    await opening;
    expect(state().announcement).toBe('2 trajectories of 2 files');
  });

  it('gives up the reading before, and what is on screen stays until this one is read', async () => {
    const { studio, state } = await opened();
    const shelf = studio.rollouts.shelf;
    const second = openRollouts(studio, [file('second')]);
    const third = openRollouts(studio, [file('third')]);
    expect(readings.map(({ cancelled }) => cancelled)).toEqual([false, true, false]);
    await second;
    expect(state().rollouts).toMatchObject({ reading: { name: 'third' }, file: { name: 'f.jsonl' } });
    expect(studio.rollouts.shelf).toBe(shelf);
    cancelReading(studio);
    await third;
    expect(state().rollouts).toMatchObject({ reading: null, file: { name: 'f.jsonl' } });
    expect(studio.rollouts.cancel).toBeNull();
    cancelReading(studio);
  });

  it('is refused where there is none, and changes nothing', async () => {
    const { studio, state } = playedStudio();
    const opening = openRollouts(studio, [file()]);
    readings[0]?.fail(new UserError('No trajectory found'));
    await expect(opening).rejects.toThrow('No trajectory found');
    expect(state()).toMatchObject({ rollouts: { reading: null, file: null }, announcement: '' });
    expect(studio.rollouts).toEqual({ shelf: null, other: null, cancel: null, stopFollowing: null });
  });
});

describe('trajectories on screen', () => {
  it('are those of one step, or all', async () => {
    const { studio, state } = await opened();
    studio.store.setState({ ...LOOK, selection: { row: 1, side: 'final', step: 1 } });
    chooseRolloutStep(studio, 2);
    expect(state()).toMatchObject({
      selection: null,
      // What it is filtered by stays.
      list: LOOK.list,
      lab: EMPTY_LAB,
      rollouts: { file: { step: 2, rows: 2 } },
    });
    expect(studio.rollouts.shelf?.shown.batch.questions).toEqual(['r']);
    chooseRolloutStep(studio, null);
    expect(studio.rollouts.shelf?.shown.batch.questions).toEqual(['q (step 1)', 'r (step 2)']);
    expect(state().rollouts.file?.step).toBeNull();
  });

  it('are none to choose from where none are open', () => {
    const { studio, state } = playedStudio();
    const before = state();
    chooseRolloutStep(studio, 2);
    expect(state()).toBe(before);
  });

  it('make way for the run, at its newest update', async () => {
    const { studio, state } = await opened();
    studio.store.setState(LOOK);
    studio.batches.hold(1);
    studio.store.setState({ heldUpdate: 1 });
    STEP.perform(studio);
    closeRollouts(studio);
    expect(state()).toMatchObject({
      selection: null,
      list: WHOLE_LIST,
      lab: EMPTY_LAB,
      heldUpdate: null,
      rollouts: { file: null },
    });
    expect(studio.rollouts.shelf).toBeNull();
    expect(studio.batches.shown?.batch.update).toBe(2);
  });
});

describe('the example', () => {
  const example = { recording: makeFakeRecording(4), source: 'example', title: 'Example' } as const;

  it('makes way for a file, so that it leads back to the run; another recording stays', async () => {
    const { studio, state } = playedStudio();
    showRecording(studio, example);
    expect(state().update).toBe(4);
    const opening = openRollouts(studio, [file()]);
    expect(state().recording).not.toBeNull();
    readings[0]?.end(await read());
    await opening;
    expect(state()).toMatchObject({ recording: null, rollouts: { file: { rows: 2 } } });
    closeRollouts(studio);
    expect(state()).toMatchObject({ recording: null, update: 0, rollouts: { file: null } });

    showRecording(studio, { ...example, source: 'saved' });
    const again = openRollouts(studio, [file()]);
    readings[1]?.end(await read());
    await again;
    expect(state().recording?.source).toBe('saved');
  });

  it('takes the place of a file when it is opened again, and when no run can be gone back to', async () => {
    const { studio, state } = await opened();
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => {
      return new Response(await encodeCapsule(example.recording));
    });
    await showExample(studio);
    expect(state()).toMatchObject({ recording: { source: 'example' }, rollouts: { file: null } });
    expect(studio.rollouts.shelf).toBeNull();

    const opening = openRollouts(studio, [file()]);
    readings[1]?.end(await read());
    await opening;
    studio.store.setState({ support: { status: 'noAdapter' } });
    closeRollouts(studio);
    await vi.waitFor(() => expect(state().recording?.source).toBe('example'));
    fetched.mockRestore();
  });
});

describe('a file that a link asks for', () => {
  const openWith = async (wanted: Partial<WantedRollouts>) => {
    const played = playedStudio();
    const hash = (await read()).hash ?? '';
    const list = { ...WHOLE_LIST, find: 'q' };
    const whole = { name: 'f.jsonl', hash, trainingStep: null, selection: null, list, ...wanted };
    played.studio.store.setState({ rollouts: { ...NO_ROLLOUTS, wanted: whole } });
    const opening = openRollouts(played.studio, [file()]);
    readings.at(-1)?.end(await read());
    await opening;
    return { ...played, whole };
  };

  it('is shown as the link says: step, list and row', async () => {
    const { state } = await openWith({ trainingStep: 2, selection: { row: 1, side: 'final', step: 1 } });
    expect(state()).toMatchObject({
      selection: { row: 0, side: 'final', step: 1 },
      list: { find: 'q' },
      rollouts: { wanted: null, file: { step: 2 } },
    });
  });

  it('has no row or step that it has not', async () => {
    const { state } = await openWith({ trainingStep: 9, selection: { row: 7, side: 'final', step: 1 } });
    expect(state()).toMatchObject({ selection: null, rollouts: { wanted: null, file: { step: null } } });
  });

  it('is still asked for where another one is opened, until it comes', async () => {
    const selection = { row: 1, side: 'final', step: 1 } as const;
    const { studio, state, whole } = await openWith({ hash: '0123456789abcdef', selection });
    expect(state()).toMatchObject({
      selection: null,
      list: WHOLE_LIST,
      rollouts: { wanted: whole, file: { rows: 2 } },
    });
    const hash = (await read()).hash ?? '';
    studio.store.setState(({ rollouts }) => ({ rollouts: { ...rollouts, wanted: { ...whole, hash } } }));
    showWanted(studio);
    expect(state()).toMatchObject({ selection, rollouts: { wanted: null } });
  });

  it('can be gone without', async () => {
    const { studio, state } = await openWith({ hash: '0123456789abcdef' });
    dismissWanted(studio);
    expect(state().rollouts).toMatchObject({ wanted: null, file: { rows: 2 } });
    const again = await openWith({ hash: '0123456789abcdef' });
    closeRollouts(again.studio);
    expect(again.state().rollouts).toEqual(NO_ROLLOUTS);
  });
});

describe('a second file', () => {
  const second = [file('second').file];

  it('stands beside the first, and is compared with it', async () => {
    const { studio, state } = await opened();
    const { shelf } = studio.rollouts;
    compareSets(studio);
    const opening = openOtherRollouts(studio, second);
    expect(state().rollouts).toMatchObject({ reading: { name: 'second' }, other: null });
    readings[1]?.end(await read());
    await opening;
    const sets = ['shown', 'other'].map((which) => ({ file: which, step: null }));
    expect(state()).toMatchObject({
      ...{ compared: [{ kind: 'sets', refs: sets }], rollouts: { reading: null, other: { rows: 2 } } },
    });
    expect(studio.rollouts.shelf).toBe(shelf);
    expect(studio.rollouts.other?.file.table.steps).toEqual(Int32Array.of(1, 2));
    closeRollouts(studio);
    expect(state()).toMatchObject({ compared: [], picking: null, rollouts: { file: null, other: null } });
    expect(studio.rollouts.other).toBeNull();
  });

  it('gives way when another first one is opened', async () => {
    const { studio, state } = await opened();
    compareSets(studio);
    const other = openOtherRollouts(studio, second);
    readings[1]?.end(await read());
    await other;
    const next = openRollouts(studio, [file()]);
    readings[2]?.end(await read());
    await next;
    expect(state()).toMatchObject({ compared: [], rollouts: { other: null } });
    expect(studio.rollouts.other).toBeNull();
  });

  it('is told where it cannot be read, and nothing else changes', async () => {
    const { studio, state } = await opened();
    compareSets(studio);
    const { compared } = state();
    const opening = openOtherRollouts(studio, second);
    readings[1]?.fail(new UserError('No trajectory found in second', 'Look.'));
    await opening;
    expect(state()).toMatchObject({
      ...{ compared, rollouts: { reading: null, other: null } },
      problems: [{ hint: 'Look.' }],
    });
  });

  it('is let go of where the first was closed meanwhile', async () => {
    const { studio, state } = await opened();
    const opening = openOtherRollouts(studio, second);
    closeRollouts(studio);
    readings[1]?.end(await read());
    await opening;
    expect(state().rollouts).toEqual(NO_ROLLOUTS);
  });
});
