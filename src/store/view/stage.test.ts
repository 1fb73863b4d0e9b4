import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handBatch, HAND_WORLD, numbersBatch } from '../../testing/page/hand-batch';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { idleStudio } from '../../testing/page/open-studio';
import { shelvedLines } from '../../testing/page/opened-rollouts';
import type { StudioState } from '../state/studio-state';
import { currentView } from './current-view';
import {
  goOnStage,
  holdStage,
  leavePresent,
  neighbourOf,
  openPresent,
  stageMoments,
  startStage,
  stepStage,
  toNeighbour,
  toNeighbourUpdate,
} from './stage';
import { goToUpdate, select } from './view-actions';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const SEARCH =
  '<search> born_in Ada_Moreau </search> <information> Almanac Ada_Moreau born_in Aldermoor </information>';
const ANSWER = '<think> Aldermoor </think> <answer> Aldermoor </answer> <eos>';

/** Two questions of two trajectories; the one that tells most is row 1, cut at its second step. */
function staged(part: Partial<StudioState> = {}, updates: readonly number[] = [1]) {
  const played = idleStudio();
  const row = { draft: { steps: [ANSWER] } };
  const cut = { draft: { steps: [SEARCH, ANSWER] }, final: { steps: [SEARCH, ANSWER], em: 1 }, cut: 2 };
  for (const update of updates)
    played.studio.batches.add(handBatch([row, cut, row, row], { update, groupSize: 2 }), true);
  played.studio.store.setState({ world: HAND_WORLD, pace: 'slow', ...part });
  const at = () => {
    const { replay } = played.state();
    return replay === null ? null : `${replay.phase} ${replay.steps}`;
  };
  const view = () => {
    const current = currentView(played.studio);
    if (current === null) throw new Error('Something is on screen.');
    return current;
  };
  return { ...played, at, view };
}

describe('the stage', () => {
  it('shows each moment of the trajectory by itself, the last of them for good', () => {
    const { studio, at, view } = staged();
    startStage(studio);
    const seen = [at()];
    for (let ms = 0; ms < 60_000; ms += 100) {
      vi.advanceTimersByTime(100);
      if (seen.at(-1) !== at()) seen.push(at());
    }
    expect(seen).toEqual(stageMoments(studio, view()).map(({ phase, steps }) => `${phase} ${steps}`));
    expect(seen.at(-1)).toBe('update 0');
    expect(seen).toContain('regenerate 1');
  });

  it('is stepped by hand, not beyond its ends, and waits while it is held', () => {
    const { studio, at, state } = staged();
    startStage(studio);
    holdStage(studio);
    stepStage(studio, -1);
    expect(at()).toBe('rollout 0');
    stepStage(studio, 1);
    expect(at()).toBe('rollout 1');
    vi.advanceTimersByTime(60_000);
    expect(at()).toBe('rollout 1');
    expect(state()).toMatchObject({ stageHeld: true, heldUpdate: 1 });
    for (let k = 0; k < 20; k += 1) stepStage(studio, 1);
    expect(at()).toBe('update 0');
    stepStage(studio, -1);
    expect(at()).toBe('advantage 0');
  });

  it('goes on where it was held, and follows the run again unless something was chosen', () => {
    const { studio, at, state } = staged();
    startStage(studio);
    stepStage(studio, 1);
    holdStage(studio);
    goOnStage(studio);
    expect(state()).toMatchObject({ stageHeld: false, heldUpdate: null });
    expect(at()).toBe('rollout 1');
    vi.advanceTimersByTime(2000);
    expect(at()).toBe('rollout 2');
    select(studio, { row: 2, side: 'final', step: 1 });
    holdStage(studio);
    goOnStage(studio);
    expect(state().heldUpdate).toBe(1);
  });

  it('keeps its update while a newer one is there, or where nothing follows by itself', () => {
    const { studio, state } = staged({}, [1, 2]);
    goToUpdate(studio, 1);
    holdStage(studio);
    goOnStage(studio);
    expect(state().heldUpdate).toBe(1);
    const full = staged({ pace: 'full' });
    holdStage(full.studio);
    goOnStage(full.studio);
    expect(full.state().heldUpdate).toBe(1);
    const recording = {
      recording: makeFakeRecording(2),
      source: 'file',
      title: 't',
      playedTo: 2,
      playing: false,
    } as const;
    const recorded = staged({ recording });
    startStage(recorded.studio);
    goOnStage(recorded.studio);
    expect(recorded.state().heldUpdate).toBe(1);
  });

  it('shows nothing before there is anything, and does not hold the run behind a file', async () => {
    const { studio, state } = idleStudio();
    startStage(studio);
    expect(state().replay).toBeNull();
    const { studio: filed, state: filedState } = staged();
    filed.rollouts.shelf = (await shelvedLines([{ question: 'Why?', completion: '<answer>x</answer>' }])).shelf;
    filed.batches.add(numbersBatch([{}], { update: 2 }), true);
    toNeighbourUpdate(filed, -1);
    expect(filedState().heldUpdate).toBeNull();
    filed.store.setState({ stageHeld: true });
    startStage(filed);
    expect(filedState().heldUpdate).toBeNull();
  });

  it('leaves out of a pinned question what training makes of it', () => {
    const { studio, view } = staged();
    const phases = () => [...new Set(stageMoments(studio, view()).map(({ phase }) => phase))];
    expect(phases()).toEqual(['rollout', 'review', 'regenerate', 'reward', 'advantage', 'update']);
    const shown = view();
    studio.store.setState({ shownPin: 1 });
    expect(stageMoments(studio, shown).at(-1)?.phase).toBe('reward');
  });
});

describe('the way from one trajectory to another', () => {
  const groups = [0, 0, 0, 1, 1, 2];

  it('goes along the listed rows in the order of the batch, whatever the order of the list', () => {
    expect(neighbourOf(0, [5, 2, 0], groups, 'trajectory', 1)).toBe(2);
    expect(neighbourOf(2, [5, 2, 0], groups, 'trajectory', 1)).toBe(5);
    expect(neighbourOf(5, [5, 2, 0], groups, 'trajectory', -1)).toBe(2);
    expect(neighbourOf(5, [5, 2, 0], groups, 'trajectory', 1)).toBeNull();
    // The one on screen need not be listed.
    expect(neighbourOf(1, [5, 2, 0], groups, 'trajectory', -1)).toBe(0);
  });

  it('goes to the first of the next question, and to the first of the one before', () => {
    const all = [0, 1, 2, 3, 4, 5];
    expect(neighbourOf(1, all, groups, 'question', 1)).toBe(3);
    expect(neighbourOf(4, all, groups, 'question', -1)).toBe(0);
    expect(neighbourOf(5, all, groups, 'question', -1)).toBe(3);
    expect(neighbourOf(4, [4, 3, 1], groups, 'question', -1)).toBe(1);
    expect(neighbourOf(0, all, groups, 'question', -1)).toBeNull();
    expect(neighbourOf(5, all, groups, 'question', 1)).toBeNull();
  });

  it('selects it, which begins it anew', () => {
    const { studio, state, view } = staged();
    startStage(studio);
    toNeighbour(studio, view(), [0, 1, 2, 3], 'trajectory', 1);
    expect(state()).toMatchObject({ selection: { row: 2 }, replay: null });
    toNeighbour(studio, view(), [0, 1, 2, 3], 'question', -1);
    expect(state().selection?.row).toBe(0);
    toNeighbour(studio, view(), [0, 1, 2, 3], 'question', -1);
    expect(state().selection?.row).toBe(0);
  });

  it('goes to the update before and after', () => {
    const { studio, state } = staged({}, [1, 2, 4]);
    toNeighbourUpdate(studio, -1);
    expect(state().heldUpdate).toBe(2);
    toNeighbourUpdate(studio, 1);
    expect(state().heldUpdate).toBe(4);
  });
});

describe('present mode', () => {
  it('is part of the page’s options, and shows all again when it is left', () => {
    const { studio, state } = staged({ pace: 'full' });
    openPresent(studio);
    expect(state().page.present).toBe(true);
    startStage(studio);
    leavePresent(studio);
    expect(state().page.present).toBe(false);
    expect(state().replay).toBeNull();
  });

  it('leaves slow motion where it is, and stays where the link locks it', () => {
    const { studio, state } = staged();
    openPresent(studio);
    startStage(studio);
    leavePresent(studio);
    expect(state().replay).not.toBeNull();
    openPresent(studio);
    studio.store.setState(({ page }) => ({ page: { ...page, lock: ['present'] } }));
    leavePresent(studio);
    expect(state().page.present).toBe(true);
    expect(state().announcement).toContain('locked');
  });
});
