/** What can be saved from the page: the menu is this table, which is loaded with it. */
import type { SaveKind } from '../../state/file-types';
import type { StudioState } from '../../state/studio-state';
import { CAPSULE, isRun } from './save-file';

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
  {
    name: 'Trajectories (Inspect log)',
    help: 'For the viewer and the package of Inspect AI: an .eval in which cuts are branches',
    enabled: hasTrajectories,
    load: async () => (await import('./save-interop')).saveInspect,
  },
  {
    name: 'Trajectories (ATIF)',
    help: 'For Harbor and other tools of agents: one trajectory a line, calls and results as steps',
    enabled: hasTrajectories,
    load: async () => (await import('./save-interop')).saveAtif,
  },
];

function hasTrajectories({ batchVersion, update, rollouts }: StudioState): boolean {
  return rollouts.file !== null || (batchVersion > 0 && update > 0);
}

/** Whether Save takes the listed rows alone. */
export function onlyListed({ onlyListed: told, rollouts }: StudioState): boolean {
  return told ?? rollouts.file !== null;
}
