import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { HAND_WORLD } from '../../testing/page/hand-batch';
import { HAND_LAB, handBranch, LAB_BATCH } from '../../testing/page/hand-lab';
import { idleStudio } from '../../testing/page/open-studio';
import { expectSchema } from '../../testing/schemas/expect-schema';
import { jsonLines } from '../../testing/schemas/read-headers';
import { createTrainerClient } from '../../trainer/client';
import { startRun, STEP } from '../run/actions';
import { branchLines, caseLines } from './branch-jsonl';
import { CaseShelf } from './case-shelf';
import { currentView } from '../view/current-view';
import { cutHere, enterLab, putOnBench } from './cut-lab';
import { createStudio } from '../studio-store';
import { ownCases } from './own-cases';
import { CASE_FORMAT, isTestCase, linkOf } from './test-case';

function open(text: string | null = null, room = true) {
  let stored = text;
  const storage = {
    load: () => stored,
    save: (next: string) => {
      if (!room) throw new Error('QuotaExceededError');
      stored = next;
    },
  };
  const trainer = new FakeTrainer();
  const studio = createStudio({ client: createTrainerClient(trainer), baseUrl: 'http://localhost/' });
  startRun(studio, configForPreset('search-r2'), 'shipped');
  STEP.perform(studio);
  const view = currentView(studio);
  if (!view) throw new Error('nothing is on screen');
  enterLab(studio, view);
  cutHere(studio);
  const { branch } = studio.store.getState().lab;
  if (!branch) throw new Error('no branch');
  return { studio, trainer, shelf: new CaseShelf(ownCases(studio), storage), branch, stored: () => stored, storage };
}

/** The matcher's type is any. */
const containing = (text: string): unknown => expect.stringContaining(text);

describe('CaseShelf', () => {
  it('keeps a branch over a reload, and says what it is with later weights', async () => {
    const { studio, shelf, branch, storage, stored, trainer } = open();
    shelf.keep(branch, '  my case ');
    const [kept] = shelf.store.getState().cases;
    expect(kept).toMatchObject({ name: 'my case', step: branch.step, replicate: 0 });
    expect(kept?.results).toHaveLength(1);
    STEP.perform(studio);
    await shelf.run(kept?.id ?? 0);
    const [asked] = trainer.commands.slice(-1);
    expect(asked).toMatchObject({ type: 'cut', step: branch.step, replicate: 0 });
    if (asked?.type === 'cut') {
      const { batch } = studio.store.getState().lab.draft ?? {};
      expect(asked.draft.tokens).toEqual(batch?.draft.tokens);
      expect(asked).not.toHaveProperty('weights');
    }
    const after = shelf.store.getState();
    expect(after).toMatchObject({ running: null, problem: null });
    expect(after.cases[0]?.results.map(({ update }) => update)).toEqual([1, 2]);
    expectSchema('kept-cases', [JSON.parse(stored() ?? '')]);
    const again = new CaseShelf(ownCases(studio), storage);
    expect(again.store.getState().cases).toEqual(after.cases);
    again.rename(1, 'other');
    again.remove(99);
    expect(again.store.getState().cases[0]?.name).toBe('other');
    again.remove(1);
    expect(new CaseShelf(ownCases(studio), storage).store.getState().cases).toEqual([]);
  });

  it('refuses a run that asks other questions, and tells what it could not read or keep', async () => {
    const { studio, shelf, branch } = open();
    shelf.keep(branch, '');
    expect(shelf.store.getState().cases[0]?.name).toContain('cut at');
    studio.store.setState((state) => ({ config: { ...state.config, worldSeed: 77 } }));
    await shelf.run(1);
    expect(shelf.store.getState()).toMatchObject({ problem: containing('worldSeed') });
    expect(shelf.store.getState().cases[0]?.results).toHaveLength(1);
    for (const text of ['{', '[{}]', '3']) {
      const state = open(text).shelf.store.getState();
      expect(state.cases).toEqual([]);
      expect(state.problem).toMatch(/read/);
    }
    const full = open(null, false);
    full.shelf.keep(full.branch, 'a');
    expect(full.shelf.store.getState()).toMatchObject({ problem: containing('keeps nothing') });
    expect(full.shelf.store.getState().cases).toHaveLength(1);
  });
});

describe('lines', () => {
  it('hold the draft, every branch with what it hangs on, and cases that can be read again', () => {
    const { studio, shelf, branch } = open();
    putOnBench(studio, branch.id);
    cutHere(studio);
    const lines = jsonLines(branchLines(studio));
    expectSchema('branch', lines);
    expect(lines).toMatchObject([
      { format: 'cutpoint-branch/1', branch: 0, parent: null, update: 1 },
      { branch: branch.id, parent: 0, revision: 1, weights: 1, cut: branch.step },
      { parent: branch.id, revision: 2 },
    ]);
    shelf.keep(branch, 'a');
    // As one that a person steered, of a pinned question.
    const forced = { position: 9, tokens: [7] };
    shelf.keep({ ...branch, forced }, 'b');
    const cases = jsonLines(caseLines(CASE_FORMAT, shelf.store.getState().cases));
    expect(cases.map((one) => isTestCase(one))).toEqual([true, true]);
    expectSchema('case', cases);
    studio.store.setState(({ lab }) => ({
      lab: { ...lab, pin: { update: 1, group: 0 }, branches: lab.branches.map((one) => ({ ...one, forced })) },
    }));
    expectSchema('branch', jsonLines(branchLines(studio)));
  });
});

describe('the shelf, case by case', () => {
  function bare(stored: string | null = null) {
    const { studio, trainer, state } = idleStudio({ silentLab: true });
    studio.store.setState({ world: HAND_WORLD, lab: HAND_LAB });
    let text = stored;
    const saved: string[] = [];
    const storage = {
      load: () => text,
      save: (next: string) => {
        saved.push(next);
        text = next;
      },
    };
    const shelf = new CaseShelf(ownCases(studio), storage);
    return { studio, trainer, state, shelf, cases: () => shelf.store.getState(), saved };
  }
  const side = handBranch(1).side;

  it('keeps a case with all that tells it, under a name of its own', () => {
    const { shelf, cases, saved, state } = bare();
    shelf.keep(handBranch(5, { step: 2, replicate: 3, update: 6 }), '   ');
    shelf.keep(handBranch(6, { forced: { position: 4, tokens: [7] } }), ' mine ');
    expect(cases().cases).toMatchObject([
      {
        ...{ id: 1, name: 'question 1 cut at 2', link: linkOf(state().config), question: 'question 1' },
        ...{ rightAnswer: 'Bruno Falk', step: 2, replicate: 3, forced: null },
        draft: { update: 4, row: 3, revision: 1, steps: 3 },
        results: [{ update: 6, answer: 'Sudria', em: 0, reward: 0.25 }],
      },
      { id: 2, name: 'mine', forced: { position: 4, tokens: [7] } },
    ]);
    expect(JSON.parse(saved.at(-1) ?? '')).toEqual({ format: 'cutpoint-case/1', cases: cases().cases });
    shelf.remove(1);
    shelf.keep(handBranch(7), 'third');
    expect(cases().cases.map(({ id }) => id)).toEqual([2, 3]);
  });

  it('keeps nothing where nothing lies on the bench, or no world explains it', () => {
    for (const part of [{ world: null }, { lab: { ...HAND_LAB, draft: null } }, { lab: { ...HAND_LAB, root: null } }]) {
      const { studio, shelf, cases, saved } = bare();
      studio.store.setState(part);
      shelf.keep(handBranch(5), 'x');
      expect([cases().cases, saved]).toEqual([[], []]);
    }
  });

  it('runs a case again with tokens that were put there, and keeps the first result with the newest', async () => {
    const { studio, trainer, shelf, cases } = bare();
    shelf.keep(handBranch(6, { replicate: 2, forced: { position: 4, tokens: [7] } }), 'x');
    await shelf.run(1);
    // No batch is there yet, so nobody knows how long trajectories are.
    expect(trainer.commands).toEqual([]);
    studio.batches.add(LAB_BATCH, true);
    await shelf.run(99);
    expect(trainer.commands).toEqual([]);
    for (let update = 5; update < 50; update += 1) {
      const running = shelf.run(1);
      expect(cases().running).toBe(1);
      await shelf.run(1);
      const command = trainer.commands.at(-1);
      if (command?.type !== 'continue') throw new Error('the engine is asked');
      expect(command).toMatchObject({ position: 4, forced: [7], replicate: 2, edits: [], draft: { row: 3 } });
      trainer.emit({ type: 'continued', runId: 0, id: command.id, update, side });
      await running;
    }
    expect(trainer.commands).toHaveLength(45);
    const updates = cases().cases[0]?.results.map(({ update }) => update);
    expect(updates).toEqual([4, ...Array.from({ length: 39 }, (_, k) => 11 + k)]);
    expect(cases()).toMatchObject({ running: null, problem: null });
    expect(cases().cases[0]?.results[1]).toMatchObject({ answer: 'Sudria', em: 0, reward: 0.25 });
  });

  it('tells why the engine refused, and can be run again', async () => {
    const { studio, trainer, shelf, cases } = bare();
    studio.batches.add(LAB_BATCH, true);
    shelf.keep(handBranch(6), 'x');
    const running = shelf.run(1);
    const command = trainer.commands.at(-1);
    trainer.emit({
      type: 'refused',
      runId: 0,
      id: command?.type === 'cut' ? command.id : 0,
      message: 'no',
      hint: 'why',
    });
    await running;
    expect(cases()).toMatchObject({ running: null, problem: 'no why' });
    const again = shelf.run(1);
    expect(cases()).toMatchObject({ running: 1, problem: null });
    const next = trainer.commands.at(-1);
    const branch = { update: 9, step: 1, replicate: 0, side };
    trainer.emit({ type: 'branch', runId: 0, id: next?.type === 'cut' ? next.id : 0, branch });
    await again;
    expect(cases().cases[0]?.results.map(({ update }) => update)).toEqual([4, 9]);
  });

  it('leaves the other cases as they are', async () => {
    const { studio, trainer, shelf, cases } = bare();
    studio.batches.add(LAB_BATCH, true);
    shelf.keep(handBranch(6), 'a');
    shelf.keep(handBranch(7), 'b');
    const [, other] = cases().cases;
    shelf.rename(1, 'c');
    const running = shelf.run(1);
    const command = trainer.commands.at(-1);
    const branch = { update: 9, step: 1, replicate: 0, side };
    trainer.emit({ type: 'branch', runId: 0, id: command?.type === 'cut' ? command.id : 0, branch });
    await running;
    expect(cases().cases.map(({ name, results }) => [name, results.length])).toEqual([
      ['c', 2],
      ['b', 1],
    ]);
    expect(cases().cases[1]).toBe(other);
  });

  it('takes no more cases than there is room for, but still lets go of some', () => {
    const { shelf, cases, saved } = bare();
    shelf.keep(handBranch(5), 'x'.repeat(1_000_000));
    expect(cases()).toMatchObject({
      cases: [],
      problem: 'This case is larger than all that may be kept, 1 million characters.',
    });
    expect(saved).toEqual([]);
    shelf.keep(handBranch(5), 'small');
    shelf.rename(1, 'x'.repeat(1_000_000));
    expect(cases()).toMatchObject({ problem: null });
    shelf.remove(1);
    expect(cases()).toMatchObject({ cases: [], problem: null });
  });

  it('reads what was kept: a list of before there were versions, or one with its format', () => {
    const { shelf, cases } = bare();
    shelf.keep(handBranch(5), 'x');
    const kept = cases().cases;
    const read = (stored: unknown) => bare(JSON.stringify(stored)).cases();
    expect(read(kept)).toMatchObject({ cases: kept, problem: null });
    expect(read({ format: 'cutpoint-case/1', cases: kept })).toMatchObject({ cases: kept, problem: null });
    expect(read([...kept, {}])).toMatchObject({
      cases: kept,
      problem: 'Some kept cases could not be read and are left out.',
    });
    const lost = 'Some kept cases could not be read and are left out.';
    expect(read({ format: 'cutpoint-case/1', cases: {} })).toMatchObject({ cases: [], problem: lost });
    for (const stored of [null, 3, 'x', {}]) expect(read(stored)).toEqual({ cases: [], running: null, problem: lost });
    expect(bare().cases()).toEqual({ cases: [], running: null, problem: null });
  });

  it('leaves cases of a newer version as they are, and keeps what is new as long as the page', () => {
    const newer = JSON.stringify({ format: `cutpoint-case/9${'x'.repeat(90)}`, cases: [1] });
    const { shelf, cases, saved } = bare(newer);
    const { problem } = cases();
    expect(problem).toMatch(/^The kept cases are of format cutpoint-case\/9x{25}; this page reads cutpoint-case\/1\. /);
    expect(cases().cases).toEqual([]);
    shelf.keep(handBranch(5), 'x');
    expect(cases()).toMatchObject({ cases: [{ name: 'x' }], problem });
    expect(saved).toEqual([]);
  });

  it('runs nothing without a world', async () => {
    const { studio, trainer, shelf } = bare();
    studio.batches.add(LAB_BATCH, true);
    shelf.keep(handBranch(6), 'x');
    studio.store.setState({ world: null });
    await shelf.run(1);
    expect(trainer.commands).toEqual([]);
  });
});
