/** What a person does to see things side by side. Which things, in `Compared`; what they are, in src/store/lab. */
import { announce } from '../state/announce';
import type { Compared, RowRef, SetRef, TrajectoryRef } from '../state/compared';
import type { Selection, Studio } from '../state/studio-state';
import type { CurrentView } from './current-view';
import { select } from './view-actions';

/** The trajectory on screen. */
export function shownRef(studio: Studio, { batch, engine, trajectory }: CurrentView): TrajectoryRef {
  if (engine === null) return { file: 'shown', row: firstListed(studio) + trajectory.place };
  return { file: 'run', pin: studio.store.getState().shownPin, update: batch.update, row: trajectory.row };
}

/** Row of the file's table that is listed first. */
export function firstListed({ store }: Studio): number {
  const { file } = store.getState().rollouts;
  return file?.steps.find(({ step }) => step === file.step)?.from ?? 0;
}

export function openCompared({ store }: Studio, compared: Compared): void {
  store.setState((state) => ({ compared: [...state.compared, compared], picking: null }));
}

/** Another choice in the same place. */
export function changeCompared({ store }: Studio, compared: Compared): void {
  store.setState((state) => ({ compared: [...state.compared.slice(0, -1), compared] }));
}

export function backFromCompared({ store }: Studio): void {
  store.setState((state) => ({ compared: state.compared.slice(0, -1) }));
}

export function closeCompared({ store }: Studio): void {
  store.setState({ compared: [], picking: null });
}

/** The second file where there is one; else first and last training step, or the whole file until another is chosen. */
export function compareSets(studio: Studio): void {
  openCompared(studio, { kind: 'sets', refs: firstSets(studio) });
}

function firstSets({ store }: Studio): readonly [SetRef, SetRef | null] {
  const { file, other } = store.getState().rollouts;
  const whole: SetRef = { file: 'shown', step: null };
  if (other !== null) return [whole, { file: 'other', step: null }];
  const steps = (file?.steps ?? []).map(({ step }) => step).filter((step) => step >= 0);
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined || first === last) return [whole, null];
  return [
    { file: 'shown', step: first },
    { file: 'shown', step: last },
  ];
}

/** The next trajectory that is pressed in the list is put beside this one. */
export function startPicking(studio: Studio, picking: RowRef): void {
  studio.store.setState({ picking });
  // The list may be out of sight, on a phone for one.
  announce(studio, 'Press a step of the trajectory to compare with');
}

export function stopPicking({ store }: Studio): void {
  store.setState({ picking: null });
}

/** A press on a step of the list: looks at it, and where another trajectory waits for it, puts both side by side. */
export function pressStep(studio: Studio, selection: Selection): void {
  const { picking } = studio.store.getState();
  select(studio, selection);
  const row = firstListed(studio) + selection.row;
  if (picking === null || picking.row === row) return;
  openCompared(studio, { kind: 'pair', refs: [picking, { file: 'shown', row }] });
}
