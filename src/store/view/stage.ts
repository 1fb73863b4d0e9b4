/** The stage: one trajectory, whose phases are stepped or run by the clock, and the way from it to another. */
import { momentsOf, placeOfMoment } from '../../recordings/stage/stage-moments';
import type { StageMoment } from '../../recordings/stage/stage-moments';
import { announce } from '../state/announce';
import { accessTo } from '../state/page-options';
import type { Studio } from '../state/studio-state';
import { showMoment, stopReplay } from '../run/replay';
import { isStaged } from '../run/status';
import { currentView } from './current-view';
import type { CurrentView } from './current-view';
import { goToNeighbour, select } from './view-actions';

export type Direction = -1 | 1;

/** The moments of what is on screen. A pinned question is never trained on, and of a file nothing is known but its rows. */
export function stageMoments({ store }: Studio, { trajectory, stored, engine }: CurrentView): StageMoment[] {
  const compared = store.getState().shownPin === null;
  return momentsOf(trajectory, { hasRefiner: stored.hasRefiner, compared, learnt: compared && engine !== null });
}

/** Begins with the question alone. A recording and a stage that is held keep their update meanwhile. */
export function startStage(studio: Studio): void {
  const { recording, stageHeld } = studio.store.getState();
  if (recording !== null || stageHeld) holdUpdate(studio);
  showAt(studio, () => 0);
}

/** The moment before or after the one on screen. */
export function stepStage(studio: Studio, direction: Direction): void {
  showAt(studio, (at) => at + direction);
}

/** Waits for a person; the update stays on screen while the run goes on behind it. */
export function holdStage(studio: Studio): void {
  studio.store.setState({ stageHeld: true });
  holdUpdate(studio);
  showAt(studio, (at) => at);
}

/** By the clock again; slow motion then follows the run, unless something was chosen by hand. */
export function goOnStage(studio: Studio): void {
  const { store, batches } = studio;
  const { pace, recording, selection } = store.getState();
  store.setState({ stageHeld: false });
  const newest = batches.shown === batches.newest;
  if (pace === 'slow' && recording === null && selection === null && newest) {
    batches.release();
    store.setState({ heldUpdate: null });
  }
  showAt(studio, (at) => at);
}

/** Full size, held at a trajectory, with the keyboard. */
export function openPresent({ store }: Studio): void {
  store.setState(({ page }) => ({ page: { ...page, present: true } }));
}

export function leavePresent(studio: Studio): void {
  const { page } = studio.store.getState();
  if (accessTo(page, 'present') !== 'free') {
    announce(studio, 'Leaving is locked by the link of this page');
    return;
  }
  studio.store.setState({ page: { ...page, present: false } });
  if (!isStaged(studio.store.getState())) stopReplay(studio);
}

/**
 * To the next or the previous listed trajectory, or to the first one of the next or previous question.
 *
 * @param listed places of the rows that are listed
 */
export function toNeighbour(
  studio: Studio,
  { stored, trajectory }: CurrentView,
  listed: readonly number[],
  by: 'trajectory' | 'question',
  direction: Direction,
): void {
  const place = neighbourOf(trajectory.place, listed, stored.groups, by, direction);
  if (place !== null) select(studio, { row: stored.rows[place] ?? 0, side: 'final', step: 1 });
}

export function toNeighbourUpdate(studio: Studio, direction: Direction): void {
  if (studio.rollouts.shelf === null) goToNeighbour(studio, direction);
}

/** Ascending by row: the order of the list would tell how they end. null at either end. */
export function neighbourOf(
  place: number,
  listed: readonly number[],
  groups: ArrayLike<number>,
  by: 'trajectory' | 'question',
  direction: Direction,
): number | null {
  const ahead = listed.filter((other) => (other - place) * direction > 0).sort((a, b) => (a - b) * direction);
  if (by === 'trajectory') return ahead[0] ?? null;
  const next = ahead.find((other) => groups[other] !== groups[place]);
  if (next === undefined) return null;
  // The first one of its question, from whichever end one comes.
  return Math.min(...listed.filter((other) => groups[other] === groups[next]));
}

function holdUpdate({ store, batches, rollouts }: Studio): void {
  // A file stands still by itself.
  if (rollouts.shelf === null) store.setState({ heldUpdate: batches.hold()?.batch.update ?? null });
}

function showAt(studio: Studio, choose: (at: number) => number): void {
  const view = currentView(studio);
  if (view === null) return;
  const moments = stageMoments(studio, view);
  const at = choose(placeOfMoment(moments, studio.store.getState().replay));
  if (at >= 0 && at < moments.length) showMoment(studio, moments, at);
}
