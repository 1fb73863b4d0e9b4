/** A saved run put together again from its parts. */
import { UserError } from '../../../lib/assert';
import { BatchArchive } from '../../../recordings/capsule/archive';
import { decodeCapsule } from '../../../recordings/capsule/capsule';
import { joinRecordings, recordingUntil } from '../../../recordings/recording';
import type { OwnWorld, Recording } from '../../../recordings/recording';
import type { SavedRun } from '../../../recordings/saved-run';
import type { SavedState } from './saved-runs';

/** A saved run with its history; what of that is damaged is left out. @throws UserError where it cannot be gone on with */
export async function readSaved(id: string): Promise<{ recording: Recording; title: string; damaged: boolean }> {
  const found = await (await import('./saved-runs')).readRun(id);
  if (found === undefined) throw new UserError('That run is not there any more.', 'It was deleted in another tab.');
  const { run, checkpoint, segments } = found;
  const title = titleOf(run);
  const parts = await Promise.all(
    segments.map((segment) => decodeCapsule(segment.bytes, title).catch(ignoreUserError)),
  );
  const usable = parts.filter((part) => part !== null);
  const joined = joinRecordings(usable);
  if (joined === null || !isCheckpoint(checkpoint)) {
    throw new UserError(`The saved run “${title}” is damaged and cannot be opened.`, 'Delete it under Runs.');
  }
  const { ownWorld, ...state } = checkpoint;
  const { update } = state;
  const early = recordingUntil(joined, update);
  // As many trajectories as a page keeps of a run.
  const archive = new BatchArchive();
  for (const stored of early.batches) archive.addStored(stored);
  const recording = { ...early, ownWorld: ownWorld ?? null, update, batches: archive.all, checkpoints: [state] };
  return { recording, title, damaged: usable.length < parts.length };
}

function isCheckpoint(state: SavedState | undefined): state is SavedState {
  if (state === undefined || !(state.bytes instanceof Uint8Array) || !Number.isSafeInteger(state.update)) return false;
  return state.ownWorld === undefined || state.ownWorld === null || isOwnWorld(state.ownWorld);
}

function isOwnWorld({ name, text, hash }: OwnWorld): boolean {
  return [name, text, hash].every((part) => typeof part === 'string');
}

function ignoreUserError(error: unknown): null {
  if (error instanceof UserError) return null;
  throw error;
}

export function titleOf({ name, config, worldTitle }: Pick<SavedRun, 'name' | 'config' | 'worldTitle'>): string {
  return name ?? `${config.preset} on ${worldTitle}`;
}
