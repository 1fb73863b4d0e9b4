import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { HAND_WORLD, handBatch, numbersBatch } from '../../testing/page/hand-batch';
import type { HandRow } from '../../testing/page/hand-batch';
import { idleStudio } from '../../testing/page/open-studio';
import type { TrajectoryBatch } from '../../trainer/protocol/protocol';
import type { RecordedMetrics } from '../../recordings/metric-history';
import { storeBatch } from '../../recordings/stored-batch';
import type { TimelineMark } from '../../recordings/timeline-mark';
import type { OtherTrajectory } from '../state/other-trajectory';
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

describe('candidates, by hand', () => {
  const ask = (update: number, questions: readonly string[], rows = 2) => {
    const made = numbersBatch(Array<object>(questions.length * rows).fill({}), { update, groupSize: rows });
    return { ...made, questions };
  };
  function bare(...batches: TrajectoryBatch[]) {
    const { studio, state } = idleStudio();
    studio.store.setState({ world: HAND_WORLD });
    for (const batch of batches) studio.batches.add(batch, true);
    const at = (update: number, row: number) => {
      studio.store.setState({ selection: { row, side: 'final', step: 1 }, heldUpdate: update });
      studio.batches.hold(update);
      const found = currentView(studio);
      if (!found) throw new Error('nothing is on screen');
      return found;
    };
    const ids = (view: CurrentView) => candidates(studio, view).map(({ id }) => id);
    return { studio, state, at, ids };
  }

  it('are those of the same question, named by where they are from', () => {
    const { studio, at, ids, state } = bare(ask(1, ['a', 'b']), ask(2, ['b', 'c']), ask(3, ['c', 'a', 'b']));
    expect(ids(at(3, 5))).toEqual(['update 3 4', 'run 1 2', 'run 1 3', 'run 2 0', 'run 2 1']);
    expect(ids(at(2, 2))).toEqual(['update 2 3', 'run 3 0', 'run 3 1']);
    const [first] = candidates(studio, at(3, 5));
    expect(first).toMatchObject({
      source: 'update',
      other: { run: null, config: state().config, world: HAND_WORLD, place: 4 },
    });
  });

  it('are none of a file, and none without a world', () => {
    const { studio, at, ids } = bare(ask(1, ['a']));
    const view = at(1, 0);
    expect(ids({ ...view, engine: null })).toEqual([]);
    studio.store.setState({ world: null });
    expect(ids(view)).toEqual([]);
  });

  it('of a pinned question are those of its answer alone', () => {
    const { studio, at, ids } = bare(ask(1, ['a']), ask(2, ['a']));
    studio.store.setState({ shownPin: 1 });
    studio.pins.add(1, 'a', 1, 0);
    studio.pins.record(1, ask(2, ['a']), true, HAND_WORLD);
    expect(ids(at(2, 0))).toEqual(['update 2 1']);
  });

  it('are the newest forty of other updates', () => {
    const { at, ids } = bare(...Array.from({ length: 25 }, (_, k) => ask(k + 1, ['a'])));
    const found = ids(at(25, 0));
    // 48 rows of 24 updates.
    expect(found.slice(0, 2)).toEqual(['update 25 1', 'run 5 0']);
    expect(found.at(-1)).toBe('run 24 1');
    expect(found).toHaveLength(41);
  });

  it('are those of the run behind, or of the run before where none lies behind', () => {
    const { studio, at, ids, state } = bare(ask(1, ['a']));
    const { config } = state();
    const run = (title: string, updates: number[]): RecordedMetrics => ({
      ...{ title, config: { ...config, runSeed: 9 }, metrics: [] },
      trajectories: { batches: updates.map((update) => storeBatch(ask(update, ['b', 'a']), true)), world: HAND_WORLD },
    });
    studio.store.setState({ lastRun: run('last', [7]) });
    expect(ids(at(1, 0))).toEqual(['update 1 1', 'behind 7 2', 'behind 7 3']);
    studio.store.setState({ ghost: run('ghost', [8]) });
    expect(ids(at(1, 0))).toEqual(['update 1 1', 'behind 8 2', 'behind 8 3']);
    expect(candidates(studio, at(1, 0))[1]?.other).toMatchObject({
      run: 'ghost',
      config: { runSeed: 9 },
      world: HAND_WORLD,
      place: 2,
    });
    studio.store.setState({
      ghost: run(
        'many',
        Array.from({ length: 30 }, (_, k) => k + 1),
      ),
    });
    expect(ids(at(1, 0)).slice(0, 2)).toEqual(['update 1 1', 'behind 11 2']);
    studio.store.setState({ ghost: { ...run('numbers alone', []), trajectories: null } });
    expect(ids(at(1, 0))).toEqual(['update 1 1']);
  });

  it('begin with what was set aside: of a run by its seed, of a recording by its title', () => {
    const { studio, at, ids, state } = bare(ask(1, ['a']));
    const view = at(1, 1);
    setAside(studio, { ...view, engine: null });
    studio.store.setState({ world: null });
    setAside(studio, view);
    expect(state().setAside).toBeNull();
    studio.store.setState({ world: HAND_WORLD });
    setAside(studio, view);
    expect(state().setAside).toMatchObject({ run: 'search-r2, seed 1', place: 0, stored: { rows: [1] } });
    expect(ids(at(1, 0))).toEqual(['aside 1 1', 'update 1 1']);
    const recording = {
      recording: makeFakeRecording(1),
      source: 'file',
      title: 'theirs',
      playedTo: 1,
      playing: false,
    } as const;
    studio.store.setState({ recording });
    setAside(studio, view);
    expect(state().setAside).toMatchObject({ run: 'theirs', config: recording.recording.config });
  });
});

describe('two trajectories by hand', () => {
  const passage = (source: string, subject: string) => `${source} ${subject} capital Aldermoor`;
  const search = (...found: string[]) => `<search> Norland </search> <information> ${found.join(' ')} </information>`;
  const [one, two, three] = [
    passage('Almanac', 'Norland'),
    passage('Gazette', 'Sudria'),
    passage('Register', 'Ostmark'),
  ];
  const THOUGHT = '<think> Norland </think>';
  const rows: HandRow[] = [
    { draft: { steps: [THOUGHT, search(one, two), '<answer> Norland </answer>'], passages: [1, 2] } },
    { draft: { steps: [THOUGHT, search(one, three), '<answer> Sudria </answer>'], passages: [1, 3] } },
    { draft: { steps: [search(one, two), THOUGHT], passages: [1, 2] } },
    { draft: { steps: [THOUGHT, search(one), '<answer> Norland </answer>', THOUGHT], passages: [1] } },
  ];
  const stored = storeBatch(handBatch(rows, { update: 4 }), true);
  const compared = (row: number, marks: TimelineMark[] = [], other: Partial<OtherTrajectory> = {}) => {
    const { studio, state } = idleStudio();
    studio.store.setState({ world: HAND_WORLD, marks, selection: { row: 0, side: 'final', step: 1 } });
    studio.batches.addStored(stored);
    const view = currentView(studio);
    if (!view) throw new Error('nothing is on screen');
    const { config } = state();
    return besideView(state(), view, { run: null, config, world: HAND_WORLD, stored, place: row, ...other });
  };
  const same = (row: number) => {
    const { here, there } = compared(row);
    return [here, there].map(({ steps }) => steps.map((step) => step.same));
  };

  it('are the same step for step where they say and found the same', () => {
    expect(same(0)).toEqual([
      [true, true, true],
      [true, true, true],
    ]);
    // The second search found something else, and the answer is another.
    expect(same(1)).toEqual([
      [true, false, false],
      [true, false, false],
    ]);
    expect(same(2)).toEqual([
      [false, false, false],
      [false, false],
    ]);
    expect(same(3)).toEqual([
      [true, false, true],
      [true, false, true, false],
    ]);
  });

  it('say what only one has found', () => {
    const { here, there } = compared(1);
    const sentences = (list: readonly { sentence: string }[]) => list.map(({ sentence }) => sentence);
    expect(sentences(here.found)).toEqual(['The capital of Sudria is Aldermoor.']);
    expect(sentences(there.found)).toEqual(['The capital of Ostmark is Aldermoor.']);
  });

  it('are told with question, answer and update', () => {
    const { here, there } = compared(1);
    const said = { update: 4, question: 'question 0', rightAnswer: 'Ada Moreau' };
    expect(here).toMatchObject({ ...said, title: 'On screen', view: { row: 0 } });
    expect(there).toMatchObject({ ...said, title: 'The other', view: { row: 1 } });
    const { config } = idleStudio().state();
    const run = compared(1, [], { run: 'theirs', config: { ...config, klBeta: 0.75 } });
    expect(run.there.title).toBe('theirs');
    expect(run.changes).toEqual([{ key: 'klBeta', from: 0.75, to: config.klBeta }]);
  });

  it('tell settings that were changed between their updates, of the same run alone', () => {
    const marks: TimelineMark[] = [3, 4, 6, 7].map((update) => ({ kind: 'settings', update, note: `at ${update}` }));
    const later = { ...stored, batch: { ...stored.batch, update: 7 } };
    const all: TimelineMark[] = [...marks, { kind: 'evaluation', update: 5 }, { kind: 'settings', update: 5 }];
    expect(compared(1, all, { stored: later }).changedBetween).toEqual(['at 4', 'at 6', '']);
    const earlier = { ...stored, batch: { ...stored.batch, update: 3 } };
    expect(compared(1, all, { stored: earlier }).changedBetween).toEqual(['at 3']);
    expect(compared(1, all).changedBetween).toEqual([]);
    expect(compared(1, all, { stored: later, run: 'theirs' }).changedBetween).toEqual([]);
  });
});
