import { describe, expect, it } from 'vitest';
import { numbersBatch } from '../testing/page/hand-batch';
import { makeFakeRecording } from '../testing/page/fake-recording';
import { idleStudio, playedStudio } from '../testing/page/open-studio';
import type { RunState, TrainerEvent } from '../trainer/protocol/protocol';
import { showRecording } from './run/show-recording';
import type { StudioState } from './state/studio-state';

const told = (state: RunState, update = 1, part: object = {}): TrainerEvent => {
  return { ...{ type: 'state', runId: 1, state, update, phase: null, note: null }, ...part };
};
function after(event: TrainerEvent, part: Partial<StudioState> = {}) {
  const played = playedStudio();
  played.studio.store.setState({ marks: [], evaluations: [], ...part });
  played.trainer.commands.splice(0);
  played.trainer.emit(event);
  const now = played.state();
  played.trainer.terminate();
  return { ...played, now };
}

describe('the state of the engine', () => {
  it('is told as it is', () => {
    const { now } = after(told('running', 3, { phase: 'review', note: 'n' }), {
      breakReason: 'b',
      resetPending: false,
    });
    expect(now).toMatchObject({
      ...{ runState: 'running', update: 3, phase: 'review', stateNote: 'n', breakReason: null, playing: true },
    });
  });

  it.each<[what: string, event: TrainerEvent, before: Partial<StudioState>, wanted: Partial<StudioState>]>([
    ['the update stays while it loads', told('loading', 0), { update: 7 }, { update: 7 }],
    ['a breakpoint is told while it rests', told('paused'), { breakReason: 'b' }, { breakReason: 'b' }],
    ['it still plays while it evaluates in between', told('evaluating'), { playing: true }, { playing: true }],
    ['it does not while it evaluates by itself', told('evaluating'), { playing: false }, { playing: false }],
    ['it plays no more at rest', told('paused'), { playing: true }, { playing: false }],
    ['what was wanted is forgotten when it fails', told('failed'), { playWanted: true }, { playWanted: false }],
    ['what was wanted is kept while it loads', told('loading'), { playWanted: true }, { playWanted: true }],
    ['what was wanted is kept while it warms up', told('warmStart'), { playWanted: true }, { playWanted: true }],
    ['a warm start is marked', told('warmStart', 2), {}, { marks: [{ kind: 'warmStart', update: 2 }] }],
    ['a rest is not', told('paused', 2), {}, { marks: [] }],
    [
      'a warm start is marked once',
      told('warmStart', 2),
      { marks: [{ kind: 'warmStart', update: 2, note: 'first' }] },
      { marks: [{ kind: 'warmStart', update: 2, note: 'first' }] },
    ],
    [
      'a target that is reached ends',
      told('paused', 5),
      { target: 5 },
      { target: null, announcement: 'Update 5 is reached' },
    ],
    ['a target that is passed on the way stays', told('running', 5), { target: 5 }, { target: 5 }],
  ])('so that %s', (_, event, before, wanted) => {
    expect(after(event, before).now).toMatchObject(wanted);
  });

  it('keeps the promise to play as soon as it rests, once', () => {
    const { sent, now } = after(told('paused', 0), { playWanted: true, target: 4 });
    expect(sent()).toEqual(['play']);
    expect(now).toMatchObject({ playWanted: false, playing: true, target: 4 });
    expect(after(told('paused', 0)).sent()).toEqual([]);
    expect(after(told('evaluating', 0), { playWanted: true }).sent()).toEqual([]);
  });

  it('leaves the update of a recording on screen', () => {
    const { studio, trainer, state } = playedStudio();
    showRecording(studio, { recording: makeFakeRecording(4), source: 'file', title: 't' });
    trainer.emit(told('paused', 9));
    expect(state()).toMatchObject({ update: 4, runState: 'paused' });
  });
});

describe('what the engine says', () => {
  it('is put where it belongs', () => {
    const adapter = { vendor: 'v', architecture: 'a', device: 'd', description: 'D', software: false };
    expect(after({ type: 'adapter', adapter }).now.adapter).toBe(adapter);
    expect(after({ type: 'warmStart', runId: 1, batch: 3, batches: 9, loss: 0.5 }).now.warmStart).toMatchObject({
      ...{ batch: 3, batches: 9, loss: 0.5 },
    });
    const inspection = { update: 1, current: new Float32Array(1), reference: new Float32Array(1) };
    expect(after({ type: 'inspection', runId: 1, id: 7, inspection }).now.inspection).toEqual({ ...inspection, id: 7 });
    const { now, studio } = after({ type: 'metrics', runId: 1, update: 3, metrics: { x: 1 }, updateMs: 5 });
    expect(now.update).toBe(3);
    expect(studio.history.all).toEqual([{ update: 3, metrics: { x: 1 }, updateMs: 5 }]);
  });

  it('of an evaluation replaces that of the same update, and marks it once', () => {
    const result = { update: 2, metrics: { a: 2 } };
    const earlier = [
      { update: 1, metrics: {} },
      { update: 2, metrics: { a: 1 } },
    ];
    const { now, trainer, state } = after({ type: 'evaluation', runId: 1, result }, { evaluations: earlier });
    expect(now.evaluations).toEqual([earlier[0], result]);
    trainer.emit({ type: 'evaluation', runId: 1, result });
    expect(state().marks).toEqual([{ kind: 'evaluation', update: 2 }]);
  });

  it('of trajectories knows whether they were reviewed', () => {
    for (const refiner of ['model', 'none'] as const) {
      const { config } = idleStudio().state();
      const { studio } = after(
        { type: 'trajectories', runId: 1, batch: numbersBatch([{}]) },
        { config: { ...config, refiner } },
      );
      expect(studio.batches.newest?.hasRefiner).toBe(refiner === 'model');
    }
  });

  it('of trajectories is shown in slow motion where that is wanted and nothing is held', () => {
    const batch = numbersBatch([{}]);
    const event = { type: 'trajectories', runId: 1, batch } as const;
    expect(after(event, { pace: 'slow' }).now.replay).toEqual({ phase: 'rollout', steps: 0 });
    expect(after(event, { pace: 'slow', heldUpdate: 1 }).now.replay).toBeNull();
    expect(after(event, { pace: 'cap10' }).now.replay).toBeNull();
    expect(after(event, { awaited: { update: 1, selection: null, cut: null } }).now).toMatchObject({
      heldUpdate: 1,
      awaited: null,
    });
  });

  it('to a pinned question is kept with it, where a world explains it', () => {
    const pinned = { type: 'pinned', runId: 1, id: 1, batch: numbersBatch([{}], { update: 2 }) } as const;
    const { studio, trainer, state } = playedStudio();
    studio.pins.add(1, 'q', 1, 0);
    const { pinsVersion } = state();
    trainer.emit(pinned);
    expect(studio.pins.get(1)?.answers).toMatchObject([{ update: 2, stored: { hasRefiner: true } }]);
    studio.store.setState({ world: null, config: { ...state().config, refiner: 'none' } });
    trainer.emit({ ...pinned, batch: numbersBatch([{}], { update: 3 }) });
    expect(studio.pins.get(1)?.answers).toHaveLength(1);
    expect(state().pinsVersion).toBe(pinsVersion + 2);
  });

  it('of a checkpoint is marked where a person asked for it', () => {
    const checkpoint = { type: 'checkpoint', runId: 1, update: 2, bytes: new ArrayBuffer(1), weightsHash: '' } as const;
    const { studio, trainer, state } = playedStudio();
    studio.store.setState({ marks: [] });
    studio.quietCheckpoints = 1;
    trainer.emit(checkpoint);
    expect([state().marks, studio.quietCheckpoints]).toEqual([[], 0]);
    trainer.emit(checkpoint);
    expect([state().marks, studio.quietCheckpoints]).toEqual([[{ kind: 'checkpoint', update: 2 }], 0]);
    // The same kind at another update, and another kind at the same one.
    trainer.emit({ ...checkpoint, update: 3 });
    trainer.emit({ type: 'breakpoint', runId: 1, update: 3, reason: 'r' });
    expect(state().marks).toEqual([
      { kind: 'checkpoint', update: 2 },
      { kind: 'checkpoint', update: 3 },
      { kind: 'breakpoint', update: 3, note: 'r' },
    ]);
    expect(state().breakReason).toBe('Breakpoint at update 3: r');
  });

  it('of new settings names those that changed', () => {
    const { config } = idleStudio().state();
    const changed = { ...config, learningRate: 0.5, klBeta: 0.25 };
    const { now } = after({ type: 'configured', runId: 1, update: 4, config: changed });
    expect(now.config).toBe(changed);
    expect(now.marks).toMatchObject([{ kind: 'settings', update: 4 }]);
    expect(now.marks[0]?.note?.split(', ')).toHaveLength(2);
  });

  it('of a failure is told, and ends the run where it is fatal', () => {
    const error = { type: 'error', runId: 1, message: 'm', hint: 'h', fatal: false } as const;
    expect(after(error, { phase: 'update' }).now).toMatchObject({
      ...{ runState: 'paused', phase: 'update', problems: [{ message: 'm', hint: 'h', fatal: false }] },
    });
    expect(after({ ...error, fatal: true }, { phase: 'update' }).now).toMatchObject({
      runState: 'failed',
      phase: null,
    });
  });

  it('changes nothing where somebody else hears it', () => {
    for (const event of [
      { type: 'vetted', id: 1, message: null, hint: '' },
      {
        type: 'facts',
        runId: 1,
        id: 1,
        facts: {
          facts: new Int32Array(0),
          single: new Uint8Array(0),
          passages: new Int32Array(0),
          rumours: new Uint8Array(0),
          maxHops: 1,
        },
      },
    ] satisfies TrainerEvent[]) {
      const { studio, state } = playedStudio();
      const before = state();
      studio.receive(event);
      expect(state()).toBe(before);
    }
  });
});
