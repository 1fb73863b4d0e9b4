/** What can be saved from the page: the menu is this table. */
import type { SaveKind } from '../state/file-types';
import { download } from './download';
import { reportRefusal } from '../state/problems';
import type { Studio, StudioState } from '../state/studio-state';

/** The run on screen as a file to play back, to pass on and to go on from. */
export const CAPSULE: SaveKind = {
  name: 'Recorded run',
  help: 'A capsule: settings, numbers, kept trajectories and weights in one file that plays back anywhere',
  shown: isRun,
  enabled: ({ recording, update, world }) => world !== null && (recording !== null || update > 0),
  load: async () => (await import('./save-capsule')).saveCapsule,
};

export const SAVE_KINDS: readonly SaveKind[] = [
  {
    name: 'Checkpoint',
    help: 'Weights, optimiser and position of the run, to go on from exactly',
    shown: isRun,
    enabled: ({ runState }) => runState === 'paused' || runState === 'running' || runState === 'evaluating',
    load: async () => (await import('./save-checkpoint')).saveCheckpoint,
  },
  CAPSULE,
  {
    name: 'Trajectories (JSONL)',
    help: 'One object a trajectory: messages, steps, evidence, log-probabilities; of a file its own lines',
    enabled: hasTrajectories,
    load: async () => (await import('./save-trajectories')).saveTrajectories,
  },
  {
    name: 'Trajectories (JSONL, gzip)',
    help: 'The same, packed, as npm run experiment writes it',
    enabled: hasTrajectories,
    load: async () => (await import('./save-trajectories')).saveZippedTrajectories,
  },
  {
    name: 'Trajectories (CSV)',
    help: 'A table for spreadsheets: question, answer, reward and other numbers of each',
    enabled: hasTrajectories,
    load: async () => (await import('./save-trajectories')).saveCsv,
  },
  {
    name: 'Trajectories (Parquet)',
    help: 'A table for notebooks: numbers as columns, messages and the whole line as JSON',
    enabled: hasTrajectories,
    load: async () => (await import('./save-trajectories')).saveParquet,
  },
];

function isRun({ rollouts }: StudioState): boolean {
  return rollouts.file === null;
}

function hasTrajectories({ batchVersion, update, rollouts }: StudioState): boolean {
  return rollouts.file !== null || (batchVersion > 0 && update > 0);
}

/** Whether Save takes the listed rows alone. */
export function onlyListed({ onlyListed: told, rollouts }: StudioState): boolean {
  return told ?? rollouts.file !== null;
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
