import { describe, expect, it } from 'vitest';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import type { FakeTrainerOptions } from '../../testing/page/fake-trainer';
import { HAND_WORLD } from '../../testing/page/hand-batch';
import { HAND_LAB, handBranch, LAB_BATCH } from '../../testing/page/hand-lab';
import { idleStudio, playedStudio } from '../../testing/page/open-studio';
import type { CutSweep } from '../../trainer/protocol/protocol';
import { STEP } from '../run/actions';
import type { LabBranch, LabState } from '../state/lab-state';
import type { StudioState } from '../state/studio-state';
import { currentView } from '../view/current-view';
import type { CurrentView } from '../view/current-view';
import { select } from '../view/view-actions';
import { addBranch, wantedWeights } from './lab-events';
import {
  cutHere,
  dropBranch,
  enterLab,
  firstStep,
  labDraft,
  labRefusal,
  moveScissors,
  neighbourRow,
  putOnBench,
  runSweep,
  setLabWeights,
  showBranch,
} from './cut-lab';

const SHOWN = { recording: makeFakeRecording(1), source: 'file', title: 't', playedTo: 1, playing: false } as const;

/** With update 1 on screen. */
function open(options: FakeTrainerOptions = {}) {
  const { studio, trainer, state } = playedStudio(options);
  STEP.perform(studio);
  const view = (): CurrentView => {
    const found = currentView(studio);
    if (!found) throw new Error('nothing is on screen');
    return found;
  };
  return { studio, trainer, view, lab: () => state().lab };
}

/** Of three steps, one replicate each. */
const sweepOf = (update: number, firstReplicate: number): CutSweep => {
  return { update, firstReplicate, replicates: 1, rewards: Float32Array.of(1, 0, 2), em: Uint8Array.of(1, 0, 1) };
};

describe('the bench, by hand', () => {
  function bench(lab: Partial<LabState> = {}) {
    const played = idleStudio({ silentLab: true });
    played.studio.store.setState({ world: HAND_WORLD, lab: { ...HAND_LAB, ...lab } });
    return { ...played, lab: () => played.state().lab, last: () => played.trainer.commands.at(-1) };
  }
  const { view, side } = handBranch(1);

  it.each<[what: string, state: Partial<StudioState>, steps: number, told: RegExp | null]>([
    ['can be used', { runState: 'paused' }, 1, null],
    ['takes no recording', { recording: SHOWN }, 1, /^This trajectory is recorded/],
    ['takes a draft with a step', {}, 0, /^This draft has no step/],
    ['takes an engine', { runState: 'failed' }, 1, /^The engine has stopped/],
  ])('%s', (_, state, steps, told) => {
    const { studio, view: now } = open();
    const trajectory = { ...view, draft: { ...view.draft, steps: view.draft.steps.slice(0, steps) } };
    const refusal = labRefusal({ ...studio.store.getState(), ...state }, { ...now(), trajectory });
    if (told === null) expect(refusal).toBeNull();
    else expect(refusal).toMatch(told);
  });

  it.each([
    [2, [0.5, 0.25, 0.25], 2],
    [0, [0.5, 0.2, 0.3], 2],
    [0, [0.9, 0.06, 0.04], 1],
    [0, [1], 1],
    [0, null, 1],
  ])('puts the scissors at the cut or the likeliest one: %i, %j', (cut, review, step) => {
    expect(firstStep({ ...view, cut, review })).toBe(step);
  });

  it('is laid only with what the engine can cut, once, where the link says', () => {
    const { studio, trainer, view: now, lab } = open({ silentLab: true });
    const found = now();
    enterLab(studio, { ...found, engine: null });
    studio.store.setState({ runState: 'failed' });
    enterLab(studio, found);
    expect(lab().draft).toBeNull();
    studio.store.setState({ runState: 'paused', linkedCut: 99, lab: { ...lab(), weights: 'present' } });
    enterLab(studio, now());
    const steps = found.trajectory.draft.steps.length;
    expect(lab()).toMatchObject({
      key: `batch 1 ${found.trajectory.row}`,
      step: steps,
      weights: 'present',
      pin: null,
      at: null,
    });
    expect(lab().root).toBe(lab().draft);
    expect(lab().root?.rows).toEqual([found.trajectory.row]);
    expect(studio.store.getState()).toMatchObject({ linkedCut: null, selection: { row: found.trajectory.row } });
    expect(trainer.commands.at(-1)).not.toHaveProperty('weights');
    const before = lab();
    enterLab(studio, now());
    expect(lab()).toBe(before);
  });

  it('leaves what a person chose as it was chosen', () => {
    const { studio, view: now } = open();
    const { trajectory } = now();
    const chosen = { row: trajectory.row, side: 'draft', step: 1 } as const;
    select(studio, chosen);
    enterLab(studio, now());
    expect(studio.store.getState().selection).toBe(chosen);
  });

  it('knows the row before and after', () => {
    const { view: now } = open();
    const found = now();
    const at = (place: number) => ({ ...found, trajectory: { ...found.trajectory, place } });
    expect([neighbourRow(at(0), -1), neighbourRow(at(0), 1), neighbourRow(at(191), 1)]).toEqual([null, 1, null]);
  });

  it('keeps the scissors within the draft', () => {
    const { studio, lab } = bench();
    const at = [-1, 0, 1, 3, 4].map((step) => {
      moveScissors(studio, step);
      return lab().step;
    });
    expect(at).toEqual([1, 1, 1, 3, 3]);
    expect(lab().key).toBe(HAND_LAB.key);
  });

  it('is asked for sweeps one after the other, each with numbers of its own', () => {
    const { studio, trainer, lab, last } = bench();
    runSweep(studio);
    const id = lab().sweepAsked;
    expect(last()).toMatchObject({ type: 'sweep', id, firstReplicate: 0, replicates: 16, weights: 4 });
    runSweep(studio);
    expect(trainer.commands).toHaveLength(1);
    const { commands } = trainer;
    trainer.emit({ type: 'swept', runId: 0, id: (id ?? 0) + 1, sweep: sweepOf(4, 0) });
    expect(lab().sweep).toBeNull();
    trainer.emit({ type: 'swept', runId: 0, id: id ?? 0, sweep: sweepOf(4, 0) });
    expect(lab()).toMatchObject({ sweepAsked: null, sweep: { firstReplicate: 0, replicates: 1 } });
    runSweep(studio);
    expect(commands.at(-1)).toMatchObject({ firstReplicate: 1 });
    const empty = bench({ draft: null });
    runSweep(empty.studio);
    cutHere(empty.studio);
    expect(empty.trainer.commands).toEqual([]);
  });

  it('cuts where the scissors are, again with other numbers, by whose weights are wanted', () => {
    const { studio, lab, last } = bench({ refusal: { message: 'm', hint: 'h' } });
    cutHere(studio);
    expect(last()).toMatchObject({ type: 'cut', id: lab().cutAsked, step: 2, replicate: 0, weights: 4 });
    expect(lab().refusal).toBeNull();
    cutHere(studio, true);
    expect(last()).toMatchObject({ replicate: 0 });
    studio.store.setState({ lab: { ...lab(), branch: handBranch(1, { replicate: 3 }), weights: 'present' } });
    cutHere(studio);
    expect(last()).toMatchObject({ replicate: 3 });
    cutHere(studio, true);
    expect(last()).toMatchObject({ replicate: 4 });
    expect(last()).not.toHaveProperty('weights');
    expect([wantedWeights(HAND_LAB), wantedWeights({ ...HAND_LAB, weights: 'present' })]).toEqual([4, null]);
    expect(wantedWeights({ ...HAND_LAB, root: null })).toBeNull();
  });

  it('takes the answer to a cut as a branch of what lies there, once', () => {
    const { studio, trainer, lab } = bench();
    const answer = (update: number) => {
      cutHere(studio);
      const branch = { update, step: 2, replicate: 0, side };
      trainer.emit({ type: 'branch', runId: 0, id: lab().cutAsked ?? 0, branch });
    };
    answer(4);
    const [first] = lab().branches;
    expect(first).toMatchObject({ parent: null, step: 2, replicate: 0, forced: null, update: 4, wanted: 4, side });
    expect(first?.view).toMatchObject({
      row: 3,
      cut: 2,
      verdict: 'wasted',
      draft: { reward: 0.5 },
      final: { answer: 'Sudria' },
    });
    expect(lab().cutAsked).toBeNull();
    answer(4);
    expect(lab()).toMatchObject({ branches: [first], branch: first });
    answer(5);
    expect(lab().branches.map(({ update }) => update)).toEqual([4, 5]);
    expect(lab().branch?.update).toBe(5);
  });

  it.each<[what: string, other: Partial<LabBranch>, known: boolean]>([
    ['the same cut', { wanted: null }, true],
    ['another parent', { parent: 1 }, false],
    ['another step', { step: 2 }, false],
    ['another replicate', { replicate: 1 }, false],
    ['other weights', { update: 5 }, false],
    ['tokens that were put there', { forced: { position: 1, tokens: [1] } }, false],
  ])('keeps a branch unless it is there: %s', (_, other, known) => {
    const { studio, lab } = bench();
    const first = handBranch(1);
    addBranch(studio, first);
    addBranch(studio, handBranch(2, other));
    expect(lab().branches.map(({ id }) => id)).toEqual(known ? [1] : [1, 2]);
    expect(lab().branch?.id).toBe(known ? 1 : 2);
  });

  it.each([
    [{ position: 1, tokens: [1, 2] }, true],
    [{ position: 2, tokens: [1, 2] }, false],
    [{ position: 1, tokens: [1, 3] }, false],
  ])('knows tokens that were put there by what and where: %j', (forced, known) => {
    const { studio, lab } = bench();
    addBranch(studio, handBranch(1, { forced: { position: 1, tokens: [1, 2] } }));
    addBranch(studio, handBranch(2, { forced }));
    expect(lab().branches).toHaveLength(known ? 1 : 2);
  });

  it('keeps 24 branches: of more the oldest goes that nobody cut', () => {
    const { studio, lab } = bench();
    addBranch(studio, handBranch(1));
    addBranch(studio, handBranch(2, { parent: 1 }));
    for (let id = 3; id <= 24; id += 1) addBranch(studio, handBranch(id, { replicate: id }));
    expect(lab().branches).toHaveLength(24);
    // 1 was cut, and 2 is about to be.
    addBranch(studio, handBranch(25, { parent: 2 }));
    expect(
      lab()
        .branches.map(({ id }) => id)
        .slice(0, 4),
    ).toEqual([1, 2, 4, 5]);
    addBranch(studio, handBranch(26, { replicate: 26 }));
    expect(
      lab()
        .branches.map(({ id }) => id)
        .slice(0, 3),
    ).toEqual([1, 2, 5]);
    expect(lab().branches).toHaveLength(24);
  });

  it('takes a branch to be cut itself, with the scissors where it was cut', () => {
    const { studio, lab, last } = bench({
      branches: [handBranch(7, { step: 3 })],
      ...{ sweep: sweepOf(4, 0), branch: handBranch(7), cutAsked: 9, refusal: { message: 'm', hint: 'h' } },
    });
    putOnBench(studio, 99);
    expect(lab().at).toBeNull();
    putOnBench(studio, 7);
    // The branch has one step.
    expect(lab()).toMatchObject({ at: 7, branch: null, sweep: null, cutAsked: null, refusal: null, step: 1 });
    expect(lab().draft?.batch.draft).toEqual(side);
    expect(last()).toMatchObject({ type: 'sweep', draft: { revision: 2, steps: 1, update: 4, row: 3 } });
    studio.store.setState({ lab: { ...lab(), step: 3, sweepAsked: null } });
    putOnBench(studio, null);
    expect(lab()).toMatchObject({ at: null, step: 3, draft: HAND_LAB.draft });
    expect(last()).toMatchObject({ draft: { revision: 1, steps: 3 } });
    for (const part of [{ world: null }, { lab: { ...HAND_LAB, root: null } }]) {
      const other = bench();
      other.studio.store.setState(part);
      putOnBench(other.studio, null);
      expect(other.trainer.commands).toEqual([]);
    }
  });

  it('shows a branch beside what it was cut from, without another sweep where that lies there', () => {
    const [first, second] = [handBranch(1, { step: 2 }), handBranch(2, { parent: 1 })];
    const { studio, lab, trainer } = bench({ branches: [first, second] });
    showBranch(studio, first);
    expect(lab()).toMatchObject({ at: null, branch: first, step: 2 });
    expect(trainer.commands).toEqual([]);
    showBranch(studio, second);
    expect(lab()).toMatchObject({ at: 1, branch: second, step: 1 });
    expect(trainer.commands).toHaveLength(1);
  });

  it('drops a branch with all that hangs on it, and lays the draft out where it lay there', () => {
    const branches = [handBranch(1), handBranch(2, { parent: 1 }), handBranch(3, { parent: 2 }), handBranch(4)];
    const shown = bench({ branches, branch: handBranch(4) });
    dropBranch(shown.studio, 1);
    expect(shown.lab().branches.map(({ id }) => id)).toEqual([4]);
    expect(shown.lab()).toMatchObject({ branch: { id: 4 }, at: null });
    expect(shown.trainer.commands).toEqual([]);
    dropBranch(shown.studio, 4);
    expect(shown.lab()).toMatchObject({ branch: null, branches: [] });
    const lying = bench({ branches });
    putOnBench(lying.studio, 3);
    dropBranch(lying.studio, 4);
    expect(lying.lab().at).toBe(3);
    dropBranch(lying.studio, 2);
    expect(lying.lab()).toMatchObject({ at: null, draft: HAND_LAB.draft, branches: [{ id: 1 }] });
  });

  it('sweeps anew with other weights', () => {
    const { studio, lab, last } = bench({ sweep: sweepOf(4, 0), sweepAsked: 5 });
    setLabWeights(studio, 'present');
    expect(lab()).toMatchObject({ weights: 'present', sweep: null });
    expect(last()).toMatchObject({ type: 'sweep', firstReplicate: 0 });
    expect(last()).not.toHaveProperty('weights');
  });

  it('tells why something was refused, and what else was asked is still asked', () => {
    const { studio, trainer, lab } = bench({ sweepAsked: 5, cutAsked: 6 });
    const refused = (id: number) => trainer.emit({ type: 'refused', runId: 0, id, message: `no ${id}`, hint: 'h' });
    refused(7);
    expect(lab()).toMatchObject({ sweepAsked: 5, cutAsked: 6, refusal: null });
    refused(6);
    expect(lab()).toMatchObject({ sweepAsked: 5, cutAsked: null, refusal: { message: 'no 6', hint: 'h' } });
    refused(5);
    expect(lab()).toMatchObject({ sweepAsked: null, cutAsked: null, refusal: { message: 'no 5' } });
    studio.store.setState({ lab: { ...lab(), sweepAsked: 8, refusal: null, draft: null } });
    refused(8);
    expect(lab()).toMatchObject({ sweepAsked: 8, refusal: null });
    studio.store.setState({ world: null, lab: { ...HAND_LAB, sweepAsked: 8 } });
    refused(8);
    expect(lab().sweepAsked).toBe(8);
  });

  it('hands the draft to the engine as the batch had it, or as its pinned question was asked', () => {
    const { studio, state } = bench();
    const { draft } = LAB_BATCH;
    const from = 3 * LAB_BATCH.positions;
    expect(labDraft(studio)).toEqual({
      ...{ update: 4, row: 3, revision: 1, steps: 3, tokens: draft.tokens.slice(from) },
      ...{ logProbs: draft.logProbs.slice(from), entropies: draft.entropies.slice(from) },
      ...{ stepStarts: draft.stepStarts.slice(15), passages: draft.passages.slice(36) },
    });
    const { groupSize } = state().config;
    studio.store.setState({ lab: { ...HAND_LAB, pin: { update: 2, group: 5 } } });
    expect(labDraft(studio)).toMatchObject({ update: 2, row: 5 * groupSize + 3, pinned: true, revision: 1 });
    studio.store.setState({ lab: { ...HAND_LAB, draft: null } });
    expect(() => labDraft(studio)).toThrow('nothing lies on the bench');
  });
});
