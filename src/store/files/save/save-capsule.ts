import { UserError } from '../../../lib/assert';
import { encodeCapsule } from '../../../recordings/capsule/capsule';
import type { WholeFile } from '../../state/file-types';
import { recordRun, untilMeasured } from '../../run/record-run';
import { requestCheckpoint } from '../../run/request-checkpoint';
import type { Studio } from '../../state/studio-state';

/** The run on screen with all that is kept of it, and a checkpoint of now where there is an engine to ask. */
export async function saveCapsule(studio: Studio): Promise<WholeFile> {
  const { recording: shown, runState } = studio.store.getState();
  const recording = shown?.recording ?? recordRun(studio, runState === 'failed' ? null : await present(studio));
  if (recording === null) throw new UserError('There is no run to save yet.', 'Press Play, or Step for one update.');
  const { config, update } = recording;
  const name = `cutpoint-${config.preset}-${config.world}-update-${update}.capsule`;
  return { name, blob: new Blob([await encodeCapsule(recording)]) };
}

async function present(studio: Studio): Promise<Parameters<typeof recordRun>[1]> {
  const { update, weightsHash, bytes } = await requestCheckpoint(studio);
  await untilMeasured(studio, update);
  return { update, weightsHash, bytes: new Uint8Array(bytes) };
}
