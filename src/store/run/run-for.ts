/** Runs a set number of updates. Loaded with the form that asks for it. */
import { goOn, PAUSE, PLAY } from './actions';
import { sendPlay } from './send-play';
import type { Studio } from '../state/studio-state';

/** Far beyond any run. */
export const MOST_UPDATES = 100_000;
/** So many more, or up to an update by its number. */
export type TargetKind = 'more' | 'to';

/**
 * @param update at which the run is
 * @returns the update to stop at, or what is wrong with the text
 */
export function readTarget(text: string, kind: TargetKind, update: number): number | { problem: string } {
  const most = MOST_UPDATES.toLocaleString('en-US');
  const digits = text.trim().replaceAll(/[,\s]/g, '');
  const number = /^\d+$/.test(digits) ? Number(digits) : NaN;
  if (!(number >= 1 && number <= MOST_UPDATES)) {
    return { problem: `Write a whole number from 1 to ${most}.` };
  }
  if (kind === 'to' && number <= update) {
    return { problem: `The run is at update ${update.toLocaleString('en-US')}: name a later one.` };
  }
  return kind === 'to' ? number : update + number;
}

/** Plays and stops at the target; null plays until paused. @returns what is wrong, null where it runs */
export function runFor(studio: Studio, text: string, kind: TargetKind): string | null {
  const { store } = studio;
  const state = store.getState();
  if (!PLAY.enabled(state) && !PAUSE.enabled(state)) return 'The engine is not ready: the status line says why.';
  // What is wrong with the text itself is told before anything on screen changes.
  const refused = readTarget(text, kind, state.recording === null ? state.update : 0);
  if (typeof refused === 'object') return refused.problem;
  goOn(studio);
  const target = readTarget(text, kind, store.getState().update);
  if (typeof target === 'object') return target.problem;
  store.setState({ target });
  play(studio);
  return null;
}

/** Without a target from here on; what runs goes on. */
export function runOn(studio: Studio): void {
  studio.store.setState({ target: null });
  if (studio.store.getState().playing) sendPlay(studio);
}

function play(studio: Studio): void {
  if (studio.store.getState().runState === 'running') sendPlay(studio);
  else if (PLAY.enabled(studio.store.getState())) PLAY.perform(studio);
  else if (studio.store.getState().playing) sendPlay(studio);
}
