import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../../lib/assert';
import { decodeCapsule } from '../../../recordings/capsule/capsule';
import { makeFakeRecording } from '../../../testing/page/fake-recording';
import { idleStudio, playedStudio } from '../../../testing/page/open-studio';
import { STEP } from '../../run/actions';
import { showRecording } from '../../run/show-recording';
import type { SaveKind } from '../../state/file-types';
import type { StudioState } from '../../state/studio-state';
import { saveCapsule } from './save-capsule';
import { saveCheckpoint } from './save-checkpoint';
import { CAPSULE, saveFile } from './save-file';
import { SAVE_KINDS } from './save-kinds';

vi.mock('./download', () => ({ download: vi.fn() }));
const { download } = await import('./download');
beforeEach(() => vi.stubGlobal('window', {}));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.mocked(download).mockClear();
});
const kind = (make: Awaited<ReturnType<SaveKind['load']>>): SaveKind => ({
  ...{ name: 'Thing', help: '', enabled: () => true, load: () => Promise.resolve(make) },
});

const FILE = {
  hash: '0123456789abcdef',
  ...{ name: 'f', rows: 1, groups: 1, steps: [], step: null, skipped: 0, skips: [], cutOff: null },
  ...{ unknownNumbers: 0, unknownEm: 0, unknownRewards: 0, computedRewards: 0, rules: {} },
};

describe('what can be saved', () => {
  const { state } = playedStudio();
  const names = (part: Partial<StudioState>) =>
    SAVE_KINDS.filter(({ shown, enabled }) => {
      const now = { ...state(), ...part };
      return (shown?.(now) ?? true) && enabled(now);
    }).map(({ name }) => name);
  const trajectories = ['JSONL', 'JSONL, gzip', 'CSV', 'Parquet', 'Inspect log', 'ATIF'].map(
    (kind) => `Trajectories (${kind})`,
  );
  const recording = {
    recording: makeFakeRecording(1),
    source: 'file',
    title: 't',
    playedTo: 1,
    playing: false,
  } as const;

  it.each<[what: string, part: Partial<StudioState>, wanted: string[]]>([
    ['before an update', { update: 0, batchVersion: 0 }, ['Checkpoint']],
    ['after one', { update: 1, batchVersion: 1 }, ['Checkpoint', 'Recorded run', ...trajectories]],
    ['with numbers alone', { update: 1, batchVersion: 0 }, ['Checkpoint', 'Recorded run']],
    ['after a reset', { update: 0, batchVersion: 3 }, ['Checkpoint']],
    ['while it runs', { runState: 'running', update: 0 }, ['Checkpoint']],
    ['while it evaluates', { runState: 'evaluating', update: 0 }, ['Checkpoint']],
    ['while it loads', { runState: 'loading', update: 0 }, []],
    ['after a failure', { runState: 'failed', update: 2, batchVersion: 1 }, ['Recorded run', ...trajectories]],
    ['of a recording', { runState: null, update: 0, recording }, ['Recorded run']],
    [
      'of an opened file',
      { update: 0, rollouts: { reading: null, file: FILE, other: null, following: null, wanted: null } },
      trajectories,
    ],
    ['without a world', { runState: null, world: null, recording, update: 3, batchVersion: 0 }, []],
  ])('%s', (_, part, wanted) => {
    expect(names(part)).toEqual(wanted);
  });

  it('is made by the code that it names', async () => {
    expect(await CAPSULE.load()).toBe(saveCapsule);
    const made = await Promise.all(SAVE_KINDS.map(({ load }) => load()));
    expect(made.map(({ name }) => name)).toEqual([
      ...[
        'saveCheckpoint',
        'saveCapsule',
        'saveTrajectories',
        'saveZippedTrajectories',
        'saveCsv',
        'saveParquet',
        'saveInspect',
        'saveAtif',
      ],
    ]);
  });
});

describe('saving', () => {
  it('downloads a file that is there as a whole, and says so', async () => {
    const { studio, state } = idleStudio();
    const blob = new Blob(['x']);
    await saveFile(
      studio,
      kind(() => Promise.resolve({ name: 'a.txt', blob })),
    );
    expect(download).toHaveBeenCalledWith('a.txt', blob);
    expect(state().announcement).toBe('Thing saved as a.txt');
  });

  const pieces = async function* () {
    yield await Promise.resolve(Uint8Array.of(1, 2));
  };
  it('makes a file of pieces, and says nothing where the person chose no place', async () => {
    const { studio, state } = idleStudio();
    const file = (about: number) => kind(() => Promise.resolve({ name: 'b', about, pieces: pieces() }));
    await saveFile(studio, file(2));
    expect(vi.mocked(download).mock.lastCall?.[1].size).toBe(2);
    expect(state().announcement).toBe('Thing saved as b');
    studio.store.setState({ announcement: '' });
    const showSaveFilePicker = () => Promise.reject(new DOMException('', 'AbortError'));
    vi.stubGlobal('window', { showSaveFilePicker });
    await saveFile(studio, file(2 ** 30));
    expect(download).toHaveBeenCalledTimes(1);
    expect(state().announcement).toBe('');
  });

  it('says why there is nothing to save', async () => {
    const { studio, state } = idleStudio();
    await saveFile(
      studio,
      kind(() => Promise.reject(new UserError('not yet', 'wait'))),
    );
    expect(state()).toMatchObject({ problems: [{ message: 'not yet', hint: 'wait' }], announcement: '' });
    await saveFile(studio, CAPSULE);
    expect(state().problems[1]).toMatchObject({
      ...{ message: 'There is no run to save yet.', hint: 'Press Play, or Step for one update.' },
    });
  });
});

describe('a saved capsule', () => {
  const read = async (blob: Blob) => decodeCapsule(new Uint8Array(await blob.arrayBuffer()), 'f');

  it('has the run with its newest state', async () => {
    const { studio } = playedStudio({ checkpoint: Uint8Array.of(1, 2, 3, 4).buffer });
    STEP.perform(studio);
    STEP.perform(studio);
    const { name, blob } = await saveCapsule(studio);
    expect(name).toBe('cutpoint-search-r2-microwiki-update-2.capsule');
    expect(await read(blob)).toMatchObject({
      ...{ update: 2, metrics: [{ update: 1 }, { update: 2 }], adapter: 'Apple M2' },
      checkpoints: [{ update: 2, weightsHash: '0', bytes: Uint8Array.of(1, 2, 3, 4) }],
    });
  });

  it('has what was trained where the engine is dead and has no state to give', async () => {
    const { studio, trainer, sent } = playedStudio();
    STEP.perform(studio);
    trainer.crash('gone');
    expect(await read((await saveCapsule(studio)).blob)).toMatchObject({ update: 1, checkpoints: [] });
    expect(sent()).not.toContain('checkpoint');
  });

  it('is the recording that is shown, whole', async () => {
    const { studio, sent } = playedStudio();
    const recording = makeFakeRecording(4);
    showRecording(studio, { recording, source: 'file', title: 't', playedTo: 2 });
    const { name, blob } = await saveCapsule(studio);
    expect(name).toBe('cutpoint-search-r2-microwiki-update-4.capsule');
    expect(await read(blob)).toEqual(recording);
    expect(sent()).not.toContain('checkpoint');
  });

  it('takes a world to be there, as a checkpoint does', async () => {
    const { studio } = idleStudio();
    studio.store.setState({ runState: 'failed' });
    await expect(saveCapsule(studio)).rejects.toThrow('There is no run to save yet.');
    await expect(saveCheckpoint(studio)).rejects.toThrow('There is no run yet whose checkpoint could be saved.');
  });
});
