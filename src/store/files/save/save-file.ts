/** Saving from the page, and the run as a file, which is offered in several places. */
import type { SaveKind } from '../../state/file-types';
import { download } from './download';
import { reportRefusal } from '../../state/problems';
import type { Studio, StudioState } from '../../state/studio-state';

/** The run on screen as a file to play back, to pass on and to go on from. */
export const CAPSULE: SaveKind = {
  name: 'Recorded run',
  help: 'A capsule: settings, numbers, kept trajectories and weights in one file that plays back anywhere',
  shown: isRun,
  enabled: ({ recording, update, world }) => world !== null && (recording !== null || update > 0),
  load: async () => (await import('./save-capsule')).saveCapsule,
};

export function isRun({ rollouts }: StudioState): boolean {
  return rollouts.file === null;
}

/** Never rejects: what cannot be saved is told on the page. */
export async function saveFile(studio: Studio, kind: SaveKind): Promise<void> {
  try {
    const make = await kind.load();
    const file = await make(studio);
    if ('blob' in file) download(file.name, file.blob);
    else if (!(await (await import('./save-pieces')).savePieces(file, window))) return;
    studio.store.setState({ announcement: `${kind.name} saved as ${file.name}` });
  } catch (error) {
    reportRefusal(studio, error);
  }
}
