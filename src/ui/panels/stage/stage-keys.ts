/** The keys of the stage: right and left go along a trajectory as in the list, down and up to another one. */
import { goOnStage, holdStage, stepStage, toNeighbour, toNeighbourUpdate } from '../../../store/view/stage';
import type { Direction } from '../../../store/view/stage';
import type { CurrentView } from '../../../store/view/current-view';
import type { Studio } from '../../../store/state/studio-state';

export interface Pressed {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** What stands on screen about them. */
export const KEY_HINTS: readonly { keys: string; what: string }[] = [
  { keys: '← →', what: 'phase' },
  { keys: '↑ ↓', what: 'trajectory' },
  { keys: 'Shift ↑ ↓', what: 'question' },
  { keys: 'Shift ← →', what: 'update' },
  { keys: 'H', what: 'hold or go on' },
];

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  PageDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
  PageUp: -1,
};

/**
 * Page up and down, which the clickers of speakers send, go along the trajectory too.
 *
 * @param listed places of the rows that are listed
 * @returns whether the key was the stage's
 */
export function pressOnStage(
  studio: Studio,
  { view, listed }: { view: CurrentView; listed: readonly number[] },
  { key, shiftKey, ctrlKey, metaKey, altKey }: Pressed,
): boolean {
  if (ctrlKey || metaKey || altKey) return false;
  if (key.toLowerCase() === 'h') {
    if (studio.store.getState().stageHeld) goOnStage(studio);
    else holdStage(studio);
    return true;
  }
  const direction = DIRECTIONS[key];
  if (direction === undefined) return false;
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    toNeighbour(studio, view, listed, shiftKey ? 'question' : 'trajectory', direction);
  } else if (shiftKey && key.startsWith('Arrow')) toNeighbourUpdate(studio, direction);
  else stepStage(studio, direction);
  return true;
}
