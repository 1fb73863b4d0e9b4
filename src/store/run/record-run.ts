/** The live run as a recording, whole or what is new in it. */
import type { Recording, RecordedCheckpoint } from '../../recordings/recording';
import { adapterName } from './status';
import { sampleBatch } from '../../recordings/stored-batch';
import type { Studio } from '../state/studio-state';

/** What is on screen of the live run, up to the checkpoint; null while there is no world to explain it, or a recording is shown. */
export function recordRun(
  { store, history, batches }: Studio,
  checkpoint: RecordedCheckpoint | null,
): Recording | null {
  const { config, world, ownWorld, adapter, evaluations, marks, update, recording } = store.getState();
  if (world === null || recording !== null) return null;
  const last = checkpoint?.update ?? update;
  return {
    config,
    world,
    ownWorld,
    adapter: adapter ? adapterName(adapter) : '',
    update: last,
    metrics: history.all.filter((row) => row.update <= last),
    evaluations: evaluations.filter((evaluation) => evaluation.update <= last),
    marks: marks.filter((mark) => mark.update <= last),
    batches: batches.all.filter(({ batch }) => batch.update <= last),
    checkpoints: checkpoint === null ? [] : [checkpoint],
  };
}

/** A state of the engine is there before the numbers of its update: resolves with them, or when none will come any more. */
export function untilMeasured({ store, history }: Studio, update: number): Promise<void> {
  const { runId } = store.getState();
  const measured = (): boolean => {
    const state = store.getState();
    const over = state.runId !== runId || state.runState === 'failed' || state.resetPending;
    return over || update <= state.firstUpdate || (history.latest?.update ?? 0) >= update;
  };
  return new Promise((resolve) => {
    if (measured()) {
      resolve();
      return;
    }
    const stop = store.subscribe(() => {
      if (!measured()) return;
      stop();
      resolve();
    });
  });
}

/** What is saved already. Trajectories come after the numbers of their update, so they have a mark of their own. */
export interface SavedSoFar {
  update: number;
  batch: number;
}

/** What a recording has beyond that, small enough to save often: of all updates but the newest a few trajectories. */
export function newestPart(recording: Recording, { update, batch: saved }: SavedSoFar): Recording {
  const batches = recording.batches.filter(({ batch }) => batch.update > saved);
  return {
    ...recording,
    // Kept once, beside the checkpoint.
    ownWorld: null,
    metrics: recording.metrics.filter((row) => row.update > update),
    // An evaluation comes after the checkpoint of its update.
    evaluations: recording.evaluations.filter((evaluation) => evaluation.update >= update),
    marks: recording.marks.filter((mark) => mark.update >= update),
    batches: batches.map((stored, i) => (i === batches.length - 1 ? stored : sampleBatch(stored))),
    checkpoints: [],
  };
}
