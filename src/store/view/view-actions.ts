/** What a person can do with the picture: select, hold, list, pin. None of it changes the run. */
import type { LessonId } from '../../lessons/ids';
import { MAX_PINS } from '../../trainer/protocol/protocol';
import { announce } from '../state/announce';
import { nextId } from '../run/ask-engine';
import type { SideName, TrajectoryView } from '../../recordings/decode-trajectory';
import type { StoredBatch } from '../../recordings/stored-batch';
import { stopReplay } from '../run/replay';
import { WHOLE_LIST } from '../state/row-list';
import type { ListQuery } from '../state/row-list';
import type { Selection, Studio } from '../state/studio-state';

/** Looking at something holds its update on screen. */
export function select(studio: Studio, selection: Selection): void {
  const { store, batches } = studio;
  stopReplay(studio);
  // A file stands still by itself; the run goes on behind it as it did.
  if (studio.rollouts.shelf !== null) {
    store.setState({ selection });
    return;
  }
  const held = batches.hold();
  store.setState({ selection, heldUpdate: held?.batch.update ?? null });
}

/** Holds an update, or the kept one nearest to it. */
export function goToUpdate(studio: Studio, update: number): void {
  const { store, batches } = studio;
  stopReplay(studio);
  const { heldUpdate, selection } = store.getState();
  const held = batches.hold(update)?.batch.update ?? null;
  // Another update has other questions: what was selected in the old one means nothing in it.
  store.setState({ heldUpdate: held, selection: held === heldUpdate ? selection : null });
}

/** The kept update before or after the one on screen, if there is one. */
export function goToNeighbour(studio: Studio, direction: -1 | 1): void {
  const update = studio.batches.neighbour(direction);
  if (update !== null) goToUpdate(studio, update);
}

/** Back to the newest update and its most telling row. */
export function goLive({ store, batches }: Studio): void {
  batches.release();
  store.setState({ selection: null, heldUpdate: null });
}

/** Goes to a lesson, which loads itself; the run waits meanwhile. */
export function readLesson({ store }: Studio, lesson: LessonId): void {
  store.setState(({ lessons }) => ({ view: 'lessons', lessons: { ...lessons, at: { lesson, step: 0 }, open: null } }));
}

export function editList({ store }: Studio, change: Partial<ListQuery>): void {
  store.setState((state) => ({ list: { ...state.list, ...change } }));
}

export function clearList({ store }: Studio): void {
  store.setState((state) => ({ list: { ...WHOLE_LIST, sort: state.list.sort } }));
}

/** Asks the engine what base and present weights make of a trajectory; the answer carries the returned id. */
export function inspectTokens(
  { client, store }: Studio,
  { batch }: StoredBatch,
  trajectory: TrajectoryView,
  side: SideName,
): number {
  const start = trajectory.place * batch.positions;
  const data = batch[side];
  const id = nextId();
  // What is held is compared with the weights that its update led to, while they are kept.
  const { heldUpdate } = store.getState();
  client.send({
    ...{ type: 'inspect', id, tokens: data.tokens.slice(start, start + (data.lengths[trajectory.place] ?? 0)) },
    ...(heldUpdate === null ? {} : { weights: batch.update }),
  });
  return id;
}

/** Follows a question of the batch on screen over the updates to come. */
export function pinQuestion(studio: Studio, group: number): void {
  const { store, client, batches, pins } = studio;
  const batch = batches.shown?.batch;
  if (!batch || pins.find(batch.update, group)) return;
  if (store.getState().recording !== null) {
    announce(studio, 'A recorded question cannot be asked again: go on with the run first');
    return;
  }
  if (pins.all.length >= MAX_PINS) {
    announce(studio, `At most ${MAX_PINS} questions can be pinned: unpin one first`);
    return;
  }
  const id = 1 + Math.max(0, ...pins.all.map((pin) => pin.id));
  pins.add(id, batch.questions[group] ?? '', batch.update, group);
  store.setState((state) => ({ pinsVersion: state.pinsVersion + 1 }));
  client.send({ type: 'pin', id, update: batch.update, group });
}

export function unpinQuestion({ store, client, pins }: Studio, id: number): void {
  pins.remove(id);
  store.setState((state) => ({
    pinsVersion: state.pinsVersion + 1,
    shownPin: state.shownPin === id ? null : state.shownPin,
    selection: state.shownPin === id ? null : state.selection,
  }));
  client.send({ type: 'unpin', id });
}

/** Lists the trajectories of a pinned question; null goes back to the batch. */
export function showPin({ store }: Studio, shownPin: number | null): void {
  store.setState({ shownPin, selection: null, list: WHOLE_LIST });
}
