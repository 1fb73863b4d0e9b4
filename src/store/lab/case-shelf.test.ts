import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { createTrainerClient } from '../../trainer/client';
import { startRun, STEP } from '../run/actions';
import { branchLines, caseLines } from './branch-jsonl';
import { CaseShelf } from './case-shelf';
import { currentView } from '../view/current-view';
import { cutHere, enterLab, putOnBench } from './cut-lab';
import { createStudio } from '../studio-store';
import { compareResults, isTestCase } from './test-case';

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
  return { studio, trainer, shelf: new CaseShelf(studio, storage), branch, stored: () => stored, storage };
}

/** The matcher's type is any. */
const containing = (text: string): unknown => expect.stringContaining(text);

describe('CaseShelf', () => {
  it('keeps a branch over a reload, and says what it is with later weights', async () => {
    const { studio, shelf, branch, storage, trainer } = open();
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
    const again = new CaseShelf(studio, storage);
    expect(again.store.getState().cases).toEqual(after.cases);
    again.rename(1, 'other');
    again.remove(99);
    expect(again.store.getState().cases[0]?.name).toBe('other');
    again.remove(1);
    expect(new CaseShelf(studio, storage).store.getState().cases).toEqual([]);
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
    const lines = branchLines(studio)
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([
      { format: 'cutpoint-branch/1', branch: 0, parent: null, update: 1 },
      { branch: branch.id, parent: 0, revision: 1, weights: 1, cut: branch.step },
      { parent: branch.id, revision: 2 },
    ]);
    shelf.keep(branch, 'a');
    const [line] = caseLines(shelf.store.getState().cases).trim().split('\n');
    expect(isTestCase(JSON.parse(line ?? ''))).toBe(true);
  });

  it('compares answers, then rewards, then words', () => {
    const first = { update: 1, answer: 'a', em: 1, reward: 1, tokens: [1, 2] };
    expect(compareResults(first, { ...first, update: 4 })).toMatch(/token for token/);
    expect(compareResults(first, { ...first, tokens: [1, 3] })).toMatch(/other words/);
    expect(compareResults(first, { ...first, reward: 2 })).toMatch(/another reward/);
    expect(compareResults(first, { ...first, answer: null })).toMatch(/another answer/);
  });
});
