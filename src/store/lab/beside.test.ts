import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { createTrainerClient } from '../../trainer/client';
import { startRun, STEP } from '../run/actions';
import { besideView, candidates, dropAside, setAside } from './beside';
import { currentView } from '../view/current-view';
import type { CurrentView } from '../view/current-view';
import { createStudio } from '../studio-store';
import { select } from '../view/view-actions';

function open() {
  const studio = createStudio({ client: createTrainerClient(new FakeTrainer()), baseUrl: 'http://localhost/' });
  startRun(studio, configForPreset('search-r2'), 'shipped');
  STEP.perform(studio);
  const view = (row: number): CurrentView => {
    select(studio, { row, side: 'final', step: 1 });
    const found = currentView(studio);
    if (!found) throw new Error('nothing is on screen');
    return found;
  };
  return { studio, view, state: () => studio.store.getState() };
}

describe('candidates', () => {
  it('offers the others of the question, those of other updates that asked it, and those of the run behind', () => {
    const { studio, view, state } = open();
    const { groupSize } = state().config;
    const here = view(1);
    const question = here.batch.questions[0] ?? '';
    const all = candidates(studio, here);
    const ofUpdate = all.filter(({ source }) => source === 'update');
    expect(ofUpdate.map(({ other }) => other.place)).toEqual(
      Array.from({ length: groupSize }, (_, k) => k).filter((row) => row !== 1),
    );
    const asked = studio.batches.all.flatMap(({ batch }) => batch.questions.filter((one) => one === question));
    expect(all).toHaveLength(asked.length * groupSize - 1);

    // The same seeds in another run: the same question in the same place.
    const { config } = state();
    startRun(studio, { ...config, learningRate: 0.004 }, 'shipped');
    STEP.perform(studio);
    const next = view(1);
    const behind = candidates(studio, next).filter(({ source }) => source === 'behind');
    expect(next.batch.questions[0]).toBe(question);
    expect(behind).toHaveLength(groupSize);
    for (const { other } of behind) expect(other).toMatchObject({ config, run: state().lastRun?.title });
  });

  it('keeps what is set aside over a new run and beside any question', () => {
    const { studio, view, state } = open();
    const first = view(0);
    setAside(studio, first);
    const { config } = state();
    startRun(studio, { ...config, runSeed: 7, klBeta: 0.5 }, 'shipped');
    STEP.perform(studio);
    const here = view(config.groupSize);
    const [aside] = candidates(studio, here);
    if (!aside) throw new Error('it is not offered');
    expect(aside).toMatchObject({ source: 'aside', other: { run: 'search-r2, seed 1', place: 0 } });
    const beside = besideView(state(), here, aside.other);
    expect(beside.there.view).toEqual({ ...first.trajectory, place: 0 });
    expect(beside.there.question).toBe(first.batch.questions[0]);
    expect(beside.here.view).toBe(here.trajectory);
    expect(beside.changes.map(({ key, from, to }) => [key, from, to])).toEqual(
      expect.arrayContaining([
        ['klBeta', config.klBeta, 0.5],
        ['runSeed', 1, 7],
      ]),
    );
    dropAside(studio);
    expect(candidates(studio, here).every(({ source }) => source !== 'aside')).toBe(true);
  });
});

describe('besideView', () => {
  it('marks steps that are the same in both and lists what only one has found', () => {
    const { studio, view, state } = open();
    const here = view(0);
    for (const { other } of candidates(studio, here)) {
      const beside = besideView(state(), here, other);
      for (const [own, twin] of [
        [beside.here, beside.there],
        [beside.there, beside.here],
      ] as const) {
        const sentences = twin.view.final.steps.flatMap(({ passages }) => passages.map(({ sentence }) => sentence));
        expect(own.found.every(({ sentence }) => !sentences.includes(sentence))).toBe(true);
        own.steps.forEach(({ step, same }, k) => {
          const facing = twin.view.final.steps[k];
          const says = (one: typeof step | undefined) => [
            one?.text,
            ...(one?.passages ?? []).map(({ sentence }) => sentence),
          ];
          expect(same).toBe(JSON.stringify(says(facing)) === JSON.stringify(says(step)));
        });
      }
      expect(beside.changes).toEqual([]);
    }
    setAside(studio, here);
    const [itself] = candidates(studio, here);
    if (!itself) throw new Error('it is not offered');
    const same = besideView(state(), here, itself.other);
    expect(same.here.steps.every((step) => step.same)).toBe(true);
    expect(same.here.found).toEqual([]);
  });
});
