/** Opens a file of trajectories beside the run, which it does not touch. The code that reads is loaded with the first file. */
import { UserError } from '../lib/assert';
import { EMPTY_LAB } from './lab-state';
import type { RolloutsState } from './rollouts-state';
import { stopReplay } from './replay';
import { WHOLE_LIST } from './row-list';
import type { Studio } from './studio-state';

function change({ store }: Studio, part: Partial<RolloutsState>): void {
  store.setState((state) => ({ rollouts: { ...state.rollouts, ...part } }));
}

/** What was looked at in other rows means nothing in these. */
const FRESH_LOOK = { selection: null, list: WHOLE_LIST, lab: EMPTY_LAB };

/** Reads a file and shows it; a reading that is under way is given up, the file on screen stays until this one is read. */
export async function openRollouts(studio: Studio, files: readonly File[]): Promise<void> {
  cancelReading(studio);
  const { store, rollouts } = studio;
  const name = files.length === 1 ? (files[0]?.name ?? '') : `${files.length} files`;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  let cancelled = false;
  rollouts.cancel = () => (cancelled = true);
  change(studio, { reading: { name, size, read: 0, rows: 0, skipped: 0 } });
  try {
    const [{ openRolloutFiles }, { shelve }] = await Promise.all([
      import('../rollouts/open-file'),
      import('./rollout-views'),
    ]);
    if (cancelled) return;
    const reading = openRolloutFiles(files, (progress) => change(studio, { reading: { name, size, ...progress } }));
    rollouts.cancel = reading.cancel;
    const read = await reading.done;
    rollouts.cancel = null;
    const { shelf, about } = shelve(read);
    stopReplay(studio);
    rollouts.shelf = shelf;
    store.setState({
      ...FRESH_LOOK,
      rollouts: { reading: null, file: about },
      announcement: `${about.rows} trajectories of ${name}`,
    });
  } catch (error) {
    rollouts.cancel = null;
    change(studio, { reading: null });
    if (!(error instanceof UserError)) throw error;
    store.setState(({ problems }) => ({
      problems: [
        ...problems,
        {
          id: 1 + Math.max(0, ...problems.map(({ id }) => id)),
          message: error.message,
          hint: error.hint ?? '',
          fatal: false,
        },
      ],
    }));
  }
}

export function cancelReading(studio: Studio): void {
  studio.rollouts.cancel?.();
  studio.rollouts.cancel = null;
  change(studio, { reading: null });
}

/** Lists one training step of the file, null all. */
export function chooseRolloutStep(studio: Studio, step: number | null): void {
  const { store, rollouts } = studio;
  const { file } = store.getState().rollouts;
  if (!rollouts.shelf || !file) return;
  rollouts.shelf = { ...rollouts.shelf, ...rollouts.shelf.choose(step) };
  store.setState({ ...FRESH_LOOK, rollouts: { ...store.getState().rollouts, file: { ...file, step } } });
}

/** Back to the run, which went on or waits as it was. */
export function closeRollouts(studio: Studio): void {
  studio.rollouts.shelf = null;
  studio.batches.release();
  studio.store.setState({ ...FRESH_LOOK, heldUpdate: null });
  change(studio, { file: null });
}
