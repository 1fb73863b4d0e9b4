import { describe, expect, it } from 'vitest';
import { ANSWER_STEP, HAND_WORLD, handBatch } from '../../testing/page/hand-batch';
import { idleStudio } from '../../testing/page/open-studio';
import { emptyRollouts } from '../../testing/page/empty-rollouts';
import { storeBatch } from '../../recordings/stored-batch';
import { BatchViews } from '../../recordings/batch-views';
import type { Selection } from '../state/studio-state';
import { currentView, shownRows, sideOf } from './current-view';

const THOUGHT = '<think> Norland </think>';
const batchOf = (update: number) =>
  handBatch(
    [
      { draft: { steps: [THOUGHT, ANSWER_STEP] } },
      // The one that tells most.
      { draft: { steps: [THOUGHT, THOUGHT, THOUGHT] }, final: { steps: [THOUGHT, ANSWER_STEP], em: 1 }, cut: 2 },
      { draft: { steps: [] }, final: { steps: [] } },
    ],
    { update },
  );
const open = (...updates: number[]) => {
  const played = idleStudio();
  played.studio.store.setState({ world: HAND_WORLD });
  for (const update of updates) played.studio.batches.add(batchOf(update), true);
  const look = (selection: Selection | null) => {
    played.studio.store.setState({ selection });
    const view = currentView(played.studio);
    return view && { row: view.trajectory.row, side: view.side, step: view.step.number, chosen: view.chosen };
  };
  return { ...played, look };
};

describe('what is on screen', () => {
  it('is nothing before there are rows and a world to explain them', () => {
    expect(currentView(open().studio)).toBeNull();
    const { studio } = open(1);
    studio.store.setState({ world: null });
    expect(currentView(studio)).toBeNull();
  });

  it('is the most telling row at its cut, unless one is chosen', () => {
    const { look } = open(1);
    expect(look(null)).toEqual({ row: 1, side: 'final', step: 2, chosen: false });
    expect(look({ row: 1, side: 'draft', step: 3 })).toEqual({ row: 1, side: 'draft', step: 3, chosen: true });
    // The final trajectory has two steps.
    expect(look({ row: 1, side: 'final', step: 3 })).toEqual({ row: 1, side: 'final', step: 2, chosen: true });
    // An accepted draft has no other side, and a row that is not there is the nearest one.
    expect(look({ row: -4, side: 'draft', step: 1 })).toEqual({ row: 0, side: 'final', step: 1, chosen: true });
    expect(look({ row: 2, side: 'final', step: 1 })).toBeNull();
  });

  it('looks at the first step of a row that nobody cut', () => {
    const { studio } = open();
    studio.batches.add(handBatch([{ draft: { steps: [THOUGHT, ANSWER_STEP] } }]), true);
    expect(currentView(studio)).toMatchObject({ side: 'final', step: { number: 1 }, chosen: false, group: 0 });
  });

  it('is behind where a newer update is there than the one that is held', () => {
    const { studio } = open(1, 2);
    const behind = (heldUpdate: number | null) => {
      studio.store.setState({ heldUpdate });
      return currentView(studio)?.behind;
    };
    expect([null, 1, 2].map(behind)).toEqual([false, true, false]);
    const view = currentView(studio);
    expect(view?.engine).toBe(studio.batches.newest);
    expect(view?.batch).toBe(view?.stored.batch);
  });

  it('is the answer to a pinned question at the update that is held, and nothing where there is none', () => {
    const { studio } = open(1, 2);
    studio.pins.add(7, 'q', 1, 0);
    studio.store.setState({ shownPin: 7 });
    expect(shownRows(studio)).toBeNull();
    for (const update of [1, 2]) studio.pins.record(7, batchOf(update), true, HAND_WORLD);
    expect(shownRows(studio)?.batch.update).toBe(2);
    studio.store.setState({ heldUpdate: 1 });
    expect(shownRows(studio)).toBe(studio.pins.get(7)?.answers[0]?.stored);
  });

  it('is an opened file in place of the run, never behind it', () => {
    const { studio } = open(1, 2);
    const stored = storeBatch(batchOf(9), true);
    const { update, prompts, questions, draft, final, cuts, reviewLogProbs, advantages } = stored.batch;
    const shown = {
      ...stored,
      batch: { update, prompts, questions, draft, final, cuts, reviewLogProbs, advantages },
    };
    const views = new BatchViews(stored, HAND_WORLD);
    const rest = { choose: () => ({ shown, views }), statistics: () => [] };
    studio.rollouts.shelf = { file: emptyRollouts(), whole: { shown, views }, shown, views, ...rest };
    studio.store.setState({ heldUpdate: 1, shownPin: 3, world: null });
    expect(shownRows(studio)).toBe(shown);
    expect(currentView(studio)).toMatchObject({ engine: null, behind: false, batch: { update: 9 } });
    expect(currentView(studio)?.views).toBe(views);
  });

  it('tells the sides of a trajectory apart', () => {
    const view = new BatchViews(storeBatch(batchOf(1), true), HAND_WORLD).at(1);
    expect(sideOf(view, 'draft')).toBe(view.draft);
    expect(sideOf(view, 'final')).toBe(view.final);
  });
});
