/** The moment that a link names: waited for, and held on screen once the run gets there. */
import { announce } from '../state/announce';
import type { Moment, Studio } from '../state/studio-state';
import { goToUpdate, select } from './view-actions';

/** Holds the moment as soon as its trajectories are there, which may be now. */
export function awaitMoment(studio: Studio, awaited: Moment | null): void {
  studio.store.setState({ awaited });
  if (awaited === null || reachMoment(studio)) return;
  studio.client.send({ type: 'await', update: awaited.update });
}

/** @returns whether the moment that was waited for is on screen now */
export function reachMoment(studio: Studio): boolean {
  const { awaited, recording } = studio.store.getState();
  // A recording on screen has updates of its own.
  if (recording !== null) return false;
  const stored = awaited && studio.batches.nearest(awaited.update);
  if (!awaited || stored?.batch.update !== awaited.update) return false;
  const { update, selection, cut } = awaited;
  goToUpdate(studio, update);
  if (selection !== null && stored.rows.includes(selection.row)) select(studio, selection);
  studio.store.setState({ awaited: null, linkedCut: cut });
  announce(studio, `Update ${update} of the link is on screen`);
  return true;
}
