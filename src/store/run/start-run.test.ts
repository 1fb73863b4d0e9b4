import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { HAND_WORLD, numbersBatch } from '../../testing/page/hand-batch';
import { idleStudio, playedStudio } from '../../testing/page/open-studio';
import { NO_BREAKPOINTS } from '../../trainer/protocol/protocol';
import type { OpenedWeights, Studio } from '../state/studio-state';
import { EMPTY_LAB } from '../state/lab-state';
import { WHOLE_LIST } from '../state/row-list';
import { STEP } from './actions';
import { startFrom, startRun } from './start-run';

const OWN_WORLD = { name: 'mine', text: 'a,b,c', hash: '0123456789abcdef' };
const tiny = configForPreset('search-r2', { size: 'tiny' });
const opened = (more: Partial<OpenedWeights> = {}): OpenedWeights => ({
  kind: 'checkpoint',
  name: '“it”',
  bytes: Uint8Array.of(1, 2, 3).buffer,
  config: tiny,
  update: 7,
  ownWorld: null,
  ...more,
});

describe('a run begins', () => {
  it('with nothing of the run before, but for what was set for all runs', () => {
    const { studio, state, trainer } = playedStudio();
    STEP.perform(studio);
    studio.pins.add(1, 'q', 1, 0);
    studio.aside.park(state());
    studio.quietCheckpoints = 2;
    const breakpoints = { ...NO_BREAKPOINTS, entropyBelow: 0.5 };
    studio.store.setState({ pace: 'cap30', breakpoints });
    const selection = { row: 1, side: 'draft', step: 1 } as const;
    const { metricsVersion, batchVersion, pinsVersion } = state();
    studio.store.setState({
      ...{ savedId: 'x', savedUpdate: 1, phase: 'update', stateNote: 'n', playWanted: true, playing: true, target: 3 },
      ...{
        resetPending: true,
        warmStart: { batch: 1, batches: 2, loss: 3, since: null, secondsLeft: null },
        breakReason: 'b',
        selection,
      },
      ...{ heldUpdate: 1, shownPin: 1, awaited: { update: 4, selection: null, cut: null }, linkedCut: 2 },
      ...{ lab: { ...EMPTY_LAB, key: 'k' }, list: { ...WHOLE_LIST, find: 'x' } },
      problems: [{ id: 1, message: 'm', hint: 'h', fatal: false }],
    });
    const seen: unknown[] = [];
    const stop = studio.store.subscribe((now) => seen.push(now));
    startRun(studio, tiny, 'warmStart', OWN_WORLD);
    stop();
    expect(seen[0]).toMatchObject({
      ...{ config: tiny, draft: tiny, initial: 'warmStart', draftInitial: 'warmStart', runId: 2, recording: null },
      ...{ ownWorld: OWN_WORLD, draftOwnWorld: OWN_WORLD, savedId: null, savedUpdate: null, world: null },
      ...{ runState: 'loading', update: 0, firstUpdate: 0, phase: null, stateNote: null, playWanted: false },
      ...{ playing: false, target: null, resetPending: false, warmStart: null, evaluations: [], problems: [] },
      ...{ marks: [{ kind: 'start', update: 0 }], breakReason: null, selection: null, heldUpdate: null },
      ...{ shownPin: null, awaited: null, linkedCut: null, lab: EMPTY_LAB, list: WHOLE_LIST },
      ...{ pinsVersion: pinsVersion + 1, metricsVersion: metricsVersion + 1, batchVersion: batchVersion + 1 },
    });
    expect([studio.history.length, studio.batches.all, studio.pins.all]).toEqual([0, [], []]);
    expect([studio.aside.picture, studio.quietCheckpoints]).toEqual([null, 0]);
    expect(state().lastRun?.metrics).toHaveLength(1);
    expect(trainer.commands.slice(-3)).toEqual([
      {
        ...{ type: 'start', runId: 2, config: tiny, initial: { kind: 'warmStart' }, baseUrl: 'http://localhost/' },
        triples: { name: 'mine', text: 'a,b,c' },
      },
      { type: 'breakpoints', breakpoints },
      { type: 'pace', updatesPerMinute: 30 },
    ]);
  });

  it('on the world that is there, unless it is told another', () => {
    const { studio, state } = idleStudio();
    studio.store.setState({ ownWorld: OWN_WORLD });
    startRun(studio, tiny, 'shipped');
    expect(state().ownWorld).toBe(OWN_WORLD);
    startRun(studio, tiny, 'shipped', null);
    expect(state().ownWorld).toBeNull();
  });

  it('where opened weights stood, again and again', () => {
    const { studio, state, trainer } = idleStudio();
    const weights = opened();
    startFrom(studio, weights);
    for (const runId of [1, 2]) {
      const start = trainer.commands.findLast(({ type }) => type === 'start');
      expect(start).toMatchObject({ initial: { kind: 'checkpoint', name: '“it”', bytes: weights.bytes } });
      // The engine takes them away: each run gets a copy of its own.
      expect(start?.type === 'start' && 'bytes' in start.initial && start.initial.bytes).not.toBe(weights.bytes);
      expect(state()).toMatchObject({ initial: 'opened', firstUpdate: 7, runId });
      expect(state().marks[0]).toEqual({ kind: 'start', update: 7 });
      startRun(studio, { ...tiny, runSeed: 3 }, 'opened');
    }
  });

  it.each<[what: string, weights: OpenedWeights | null, start: (studio: Studio) => void, fits: boolean]>([
    ['nothing was opened', null, (studio) => startRun(studio, tiny, 'opened'), false],
    ['the size is another', opened(), (studio) => startRun(studio, { ...tiny, size: 'small' }, 'opened'), false],
    ['the world is another', opened(), (studio) => startRun(studio, { ...tiny, world: 'atlas' }, 'opened'), false],
    ['the facts are somebody’s own', opened(), (studio) => startRun(studio, tiny, 'opened', OWN_WORLD), false],
    [
      'the facts are others',
      opened({ ownWorld: { ...OWN_WORLD, hash: 'f'.repeat(16) } }),
      (studio) => startRun(studio, tiny, 'opened', OWN_WORLD),
      false,
    ],
    [
      'the facts are the same, whatever the settings call the world',
      opened({ ownWorld: OWN_WORLD }),
      (studio) => startRun(studio, { ...tiny, world: 'atlas' }, 'opened', { ...OWN_WORLD, name: 'renamed' }),
      true,
    ],
    ['world and size are the same', opened(), (studio) => startRun(studio, { ...tiny, runSeed: 9 }, 'opened'), true],
  ])('from opened weights or without them where %s', (_, weights, start, fits) => {
    const { studio, state, trainer } = idleStudio();
    studio.opened = weights;
    start(studio);
    const [command] = trainer.commands;
    expect(command).toMatchObject({ type: 'start', initial: { kind: fits ? 'checkpoint' : 'shipped' } });
    expect(state()).toMatchObject({ initial: fits ? 'opened' : 'shipped', firstUpdate: fits ? 7 : 0 });
  });

  it('from the shipped weights where those are wanted, whatever was opened', () => {
    const { studio, state } = idleStudio();
    studio.opened = opened();
    startRun(studio, tiny, 'shipped');
    expect(state()).toMatchObject({ initial: 'shipped', firstUpdate: 0 });
    // Nothing was trained: there is no run to compare with.
    expect(state().lastRun).toBeNull();
    studio.store.setState({ world: HAND_WORLD });
    studio.batches.add(numbersBatch([{}]), true);
    startRun(studio, tiny, 'shipped');
    expect(state().lastRun).toBeNull();
  });
});
