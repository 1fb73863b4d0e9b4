import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import type { FakeTrainerOptions } from '../../testing/page/fake-trainer';
import { createTrainerClient } from '../../trainer/client';
import { RESET, startRun, STEP } from '../run/actions';
import { currentView } from '../view/current-view';
import type { CurrentView } from '../view/current-view';
import {
  cutHere,
  dropBranch,
  enterLab,
  labRefusal,
  moveScissors,
  neighbourRow,
  putOnBench,
  runSweep,
  setLabWeights,
  showBranch,
} from './cut-lab';
import { treeOrder } from './branch-tree';
import { createStudio } from '../studio-store';
import { pinQuestion, select, showPin } from '../view/view-actions';

function open(options: FakeTrainerOptions = {}) {
  const trainer = new FakeTrainer(options);
  const studio = createStudio({ client: createTrainerClient(trainer), baseUrl: 'http://localhost/' });
  startRun(studio, configForPreset('search-r2'), 'shipped');
  STEP.perform(studio);
  const view = (): CurrentView => {
    const found = currentView(studio);
    if (!found) throw new Error('nothing is on screen');
    return found;
  };
  const enter = (): CurrentView => {
    enterLab(studio, view());
    return view();
  };
  return { trainer, studio, view, enter, lab: () => studio.store.getState().lab };
}

describe('Cut Lab', () => {
  it('holds the draft, puts the scissors at the cut and sweeps it once', () => {
    const { trainer, studio, enter, lab } = open();
    const { trajectory } = enter();
    enter();
    expect(trajectory.cut).toBeGreaterThan(0);
    expect(studio.store.getState().heldUpdate).toBe(1);
    expect(lab().step).toBe(trajectory.cut);
    expect(trainer.commands.filter(({ type }) => type === 'sweep')).toHaveLength(1);
    expect(lab().sweep).toMatchObject({ update: 1, firstReplicate: 0, replicates: 16 });
    expect(lab().sweep?.rewards).toHaveLength(16 * trajectory.draft.steps.length);
  });

  it('regenerates where the scissors are: kept steps are the draft’s, and every cut has the same replicate', () => {
    const { studio, enter, lab, trainer } = open();
    const { trajectory } = enter();
    moveScissors(studio, 99);
    expect(lab().step).toBe(trajectory.draft.steps.length);
    moveScissors(studio, 2);
    cutHere(studio);
    expect(lab().branch).toMatchObject({ step: 2, replicate: 0, update: 1 });
    expect(lab().branch?.view.draft).toEqual(trajectory.draft);
    expect(lab().branch?.view.final.steps[0]).toEqual(trajectory.draft.steps[0]);
    moveScissors(studio, 1);
    cutHere(studio);
    expect(lab().branch).toMatchObject({ step: 1, replicate: 0 });
    cutHere(studio, true);
    expect(lab().branch).toMatchObject({ step: 1, replicate: 1 });
    expect(trainer.commands.filter(({ type }) => type === 'cut')).toHaveLength(3);
  });

  it('starts over with another draft and drops answers to the old one', () => {
    const { trainer, studio, view, enter, lab } = open({ silentLab: true });
    const before = enter();
    cutHere(studio);
    const old = lab().cutAsked ?? 0;
    const row = neighbourRow(before, 1) ?? neighbourRow(before, -1) ?? 0;
    select(studio, { row, side: 'final', step: 1 });
    enterLab(studio, view());
    expect(lab()).toMatchObject({ cutAsked: null, branch: null, sweep: null });
    const side = before.engine?.batch.final;
    if (!side) throw new Error('The engine sampled it');
    trainer.emit({ type: 'branch', runId: 1, id: old, branch: { update: 1, step: 1, replicate: 0, side } });
    trainer.emit({ type: 'refused', runId: 1, id: old, message: 'no', hint: '' });
    expect(lab()).toMatchObject({ branch: null, refusal: null });
    trainer.emit({ type: 'refused', runId: 1, id: lab().sweepAsked ?? 0, message: 'no', hint: 'why' });
    expect(lab()).toMatchObject({ sweepAsked: null, refusal: { message: 'no', hint: 'why' } });
    RESET.perform(studio);
    expect(lab().draft).toBeNull();
  });

  it('adds replicates while the weights are the same', () => {
    const { studio, enter, lab } = open();
    enter();
    runSweep(studio);
    expect(lab().sweep).toMatchObject({ firstReplicate: 0, replicates: 32 });
    STEP.perform(studio);
    runSweep(studio);
    expect(lab().sweep).toMatchObject({ update: 2, firstReplicate: 32, replicates: 16 });
  });

  it('cuts answers to pinned questions too, and refuses a stopped engine, with the reason', () => {
    const { studio, view, enter, trainer } = open();
    expect(labRefusal(studio.store.getState(), view())).toBeNull();
    pinQuestion(studio, 2);
    showPin(studio, 1);
    enter();
    const sweep = trainer.commands.findLast((command) => command.type === 'sweep');
    const row = 2 * studio.store.getState().config.groupSize + view().trajectory.row;
    expect(sweep).toMatchObject({ draft: { update: 1, row, pinned: true, revision: 1 }, weights: 1 });
    studio.store.setState({ runState: 'failed' });
    expect(labRefusal(studio.store.getState(), view())).toMatch(/Reset/);
  });

  it('grows a tree: branches are cut again with numbers of their own, shown, and dropped with what hangs on them', () => {
    const { studio, enter, lab, trainer } = open();
    enter();
    moveScissors(studio, 1);
    cutHere(studio);
    cutHere(studio);
    expect(lab().branches).toHaveLength(1);
    const [first] = lab().branches;
    putOnBench(studio, first?.id ?? 0);
    expect(lab()).toMatchObject({ at: first?.id, branch: null, step: 1 });
    expect(lab().draft?.batch.draft).toBe(first?.side);
    cutHere(studio);
    const [, second] = lab().branches;
    expect(second).toMatchObject({ parent: first?.id, step: 1, wanted: 1 });
    expect(trainer.commands.at(-1)).toMatchObject({ type: 'cut', draft: { revision: 2 }, weights: 1 });
    expect(treeOrder(lab().branches).map(({ depth }) => depth)).toEqual([1, 2]);
    if (first) showBranch(studio, first);
    expect(lab()).toMatchObject({ at: null, branch: first });
    setLabWeights(studio, 'present');
    cutHere(studio);
    expect(trainer.commands.at(-1)).not.toHaveProperty('weights');
    if (second) showBranch(studio, second);
    dropBranch(studio, first?.id ?? 0);
    expect(lab()).toMatchObject({ at: null, branches: [] });
  });
});
