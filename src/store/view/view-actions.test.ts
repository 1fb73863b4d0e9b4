import { describe, expect, it } from 'vitest';
import { emptyRollouts } from '../../testing/page/empty-rollouts';
import { HAND_WORLD, handBatch, numbersBatch } from '../../testing/page/hand-batch';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { idleStudio, playedStudio } from '../../testing/page/open-studio';
import { decodeTrajectory } from '../../recordings/decode-trajectory';
import { storeBatch } from '../../recordings/stored-batch';
import { STEP } from '../run/actions';
import { showMoment } from '../run/replay';
import { showRecording } from '../run/show-recording';
import type { RolloutShelf } from '../state/rollouts-state';
import { WHOLE_LIST } from '../state/row-list';
import {
  clearList,
  editList,
  goLive,
  goToNeighbour,
  goToUpdate,
  inspectTokens,
  pinQuestion,
  select,
  showPin,
  unpinQuestion,
} from './view-actions';

const selection = { row: 3, side: 'final', step: 1 } as const;
const kept = (...updates: number[]) => {
  const played = idleStudio();
  for (const update of updates)
    played.studio.batches.add(numbersBatch([{}, {}, {}, {}], { update, groupSize: 2 }), true);
  return played;
};

describe('looking', () => {
  it('holds the update that is looked at, and ends slow motion', () => {
    const { studio, state } = kept(1, 2);
    showMoment(studio, [{ phase: 'rollout', steps: 0 }], 0);
    select(studio, selection);
    expect(state()).toMatchObject({ selection, heldUpdate: 2, replay: null });
    studio.batches.add(numbersBatch([{}], { update: 3 }), true);
    expect(studio.batches.shown?.batch.update).toBe(2);
    goLive(studio);
    expect(state()).toMatchObject({ selection: null, heldUpdate: null });
    expect(studio.batches.shown?.batch.update).toBe(3);
  });

  it('holds nothing of the run while a file is on screen, or before there is anything', () => {
    const { studio, state } = kept(1);
    const none = (): never => {
      throw new Error('not asked');
    };
    const shown = storeBatch(numbersBatch([{}]), true);
    const views = { at: none, textOf: none, answerOf: none, tokensOf: none };
    const whole = { shown, views };
    const shelf: RolloutShelf = { file: emptyRollouts(), whole, shown, views, choose: none, statistics: none };
    studio.rollouts.shelf = shelf;
    select(studio, selection);
    expect(state()).toMatchObject({ selection, heldUpdate: null });
    studio.batches.add(numbersBatch([{}], { update: 2 }), true);
    expect(studio.batches.shown?.batch.update).toBe(2);
    const empty = idleStudio();
    select(empty.studio, selection);
    expect(empty.state()).toMatchObject({ selection, heldUpdate: null });
  });

  it('at another update lets go of what was selected, at the same one it stays', () => {
    const { studio, state } = kept(1, 3, 7);
    select(studio, selection);
    goToUpdate(studio, 7);
    expect(state()).toMatchObject({ selection, heldUpdate: 7 });
    goToNeighbour(studio, 1);
    expect(state()).toMatchObject({ selection, heldUpdate: 7 });
    showMoment(studio, [{ phase: 'rollout', steps: 0 }], 0);
    goToUpdate(studio, 4);
    expect(state()).toMatchObject({ selection: null, heldUpdate: 3, replay: null });
    goToNeighbour(studio, -1);
    expect(state().heldUpdate).toBe(1);
    goToNeighbour(studio, -1);
    expect(state().heldUpdate).toBe(1);
    goToNeighbour(studio, 1);
    expect(state().heldUpdate).toBe(3);
    const empty = idleStudio();
    goToUpdate(empty.studio, 4);
    expect(empty.state().heldUpdate).toBeNull();
  });

  it('changes the list, and clears it but for its order', () => {
    const { studio, state } = idleStudio();
    editList(studio, { find: 'x', sort: 'worst' });
    editList(studio, { filter: 'saved', bin: 3 });
    expect(state().list).toEqual({ ...WHOLE_LIST, find: 'x', sort: 'worst', filter: 'saved', bin: 3 });
    clearList(studio);
    expect(state().list).toEqual({ ...WHOLE_LIST, sort: 'worst' });
  });
});

describe('inspecting tokens', () => {
  const batch = handBatch(
    [
      { draft: { steps: ['<think> Norland </think>'] } },
      {
        draft: { steps: ['<answer> Sudria </answer>'] },
        final: { steps: ['<answer> Norland </answer> <eos>'] },
        cut: 1,
      },
    ],
    { update: 5 },
  );
  const stored = storeBatch(batch, true);
  const trajectory = decodeTrajectory(batch, HAND_WORLD, 1, true);

  it('asks for those of one side, with the weights of an update that is held', () => {
    const { studio, trainer, state } = playedStudio();
    const id = inspectTokens(studio, stored, trajectory, 'final');
    const tokens = batch.final.tokens.slice(batch.positions, batch.positions + 7);
    expect(trainer.commands.at(-1)).toEqual({ type: 'inspect', id, tokens });
    expect(state().inspection).toMatchObject({ id });
    studio.store.setState({ heldUpdate: 5 });
    const next = inspectTokens(studio, stored, trajectory, 'draft');
    expect(next).toBe(id + 1);
    expect(trainer.commands.at(-1)).toEqual({
      ...{ type: 'inspect', id: next, weights: 5 },
      tokens: batch.draft.tokens.slice(batch.positions, batch.positions + 6),
    });
  });
});

describe('pinned questions', () => {
  it('are at most four, each once, and named by where they were asked', () => {
    const { studio, trainer, state } = playedStudio();
    pinQuestion(studio, 0);
    expect(studio.pins.all).toEqual([]);
    STEP.perform(studio);
    const { pinsVersion } = state();
    for (const group of [2, 0, 2, 1, 5, 6]) pinQuestion(studio, group);
    expect(studio.pins.all.map(({ id, update, group }) => [id, update, group])).toEqual([
      [1, 1, 2],
      [2, 1, 0],
      [3, 1, 1],
      [4, 1, 5],
    ]);
    expect(studio.pins.get(2)?.question).toBe(studio.batches.shown?.batch.questions[0]);
    expect(trainer.commands.findLast(({ type }) => type === 'pin')).toEqual({
      type: 'pin',
      id: 4,
      update: 1,
      group: 5,
    });
    expect(state().announcement).toBe('At most 4 questions can be pinned: unpin one first');
    // One for each pin, one for each answer.
    expect(state().pinsVersion).toBe(pinsVersion + 8);
    unpinQuestion(studio, 2);
    pinQuestion(studio, 6);
    expect(studio.pins.all.map(({ id }) => id)).toEqual([1, 3, 4, 5]);
  });

  it('cannot be asked in a recording', () => {
    const { studio, state, sent } = playedStudio();
    showRecording(studio, { recording: makeFakeRecording(2), source: 'file', title: 't' });
    pinQuestion(studio, 0);
    expect(studio.pins.all).toEqual([]);
    expect(sent()).not.toContain('pin');
    expect(state().announcement).toMatch(/^A recorded question cannot be asked again/);
  });

  it('are listed whole, and no more once they are unpinned', () => {
    const { studio, state, trainer } = playedStudio();
    STEP.perform(studio);
    pinQuestion(studio, 0);
    pinQuestion(studio, 1);
    studio.store.setState({ selection, list: { ...WHOLE_LIST, find: 'x' } });
    showPin(studio, 1);
    expect(state()).toMatchObject({ shownPin: 1, selection: null, list: WHOLE_LIST });
    studio.store.setState({ selection });
    unpinQuestion(studio, 2);
    expect(state()).toMatchObject({ shownPin: 1, selection });
    const { pinsVersion } = state();
    unpinQuestion(studio, 1);
    expect(state()).toMatchObject({ shownPin: null, selection: null, pinsVersion: pinsVersion + 1 });
    expect(trainer.commands.at(-1)).toEqual({ type: 'unpin', id: 1 });
  });
});
