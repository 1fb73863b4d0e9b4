import { toFolder } from '../../../formats/checkpoint-folder';
import { zipFolder } from '../../../formats/checkpoint-zip';
import { UserError } from '../../../lib/assert';
import type { WholeFile } from '../../state/file-types';
import { requestCheckpoint } from '../../run/request-checkpoint';
import type { Studio } from '../../state/studio-state';

/** The state after the last whole update, as a zip of a folder that the transformers library loads. */
export async function saveCheckpoint(studio: Studio): Promise<WholeFile> {
  const { world, ownWorld } = studio.store.getState();
  if (world === null) throw new UserError('There is no run yet whose checkpoint could be saved.');
  const { bytes, update } = await requestCheckpoint(studio);
  const stem = `cutpoint-${world.id}-${studio.store.getState().config.size}-update-${update}`;
  const dictionary = { strings: world.tokenStrings, special: world.special, relationBase: world.relationBase };
  const files = toFolder(new Uint8Array(bytes), dictionary, world.id, stem, ownWorld?.text);
  return { name: `${stem}.zip`, blob: new Blob([zipFolder(files, stem)], { type: 'application/zip' }) };
}
