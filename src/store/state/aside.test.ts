import { describe, expect, it } from 'vitest';
import type { TrainerEvent } from '../../trainer/protocol/protocol';
import { HAND_WORLD, numbersBatch } from '../../testing/page/hand-batch';
import { Aside } from './aside';

const metrics = (update: number): TrainerEvent => ({ type: 'metrics', runId: 1, update, metrics: {}, updateMs: 1 });
const state = (update: number): TrainerEvent => {
  return { type: 'state', runId: 1, state: 'running', update, phase: null, note: null };
};

describe('what waits behind a recording', () => {
  it('is nothing while the live run is on screen', () => {
    const aside = new Aside<{ update: number }>();
    expect(aside.keep(metrics(1))).toBe(false);
    expect(aside.takeWaiting()).toEqual([]);
  });

  it('is what the engine says of the run, in order and handed on once', () => {
    const aside = new Aside<{ update: number }>();
    aside.park({ update: 3 });
    const batch = numbersBatch([{}]);
    const events: TrainerEvent[] = [metrics(4), { type: 'trajectories', runId: 1, batch }, metrics(5)];
    expect(events.map((event) => aside.keep(event))).toEqual([true, true, true]);
    expect(aside.takeWaiting()).toEqual(events);
    expect(aside.takeWaiting()).toEqual([]);
  });

  it.each<TrainerEvent>([
    { type: 'adapter', adapter: { vendor: '', architecture: '', device: '', description: '', software: false } },
    state(4),
    { type: 'warmStart', runId: 1, batch: 1, batches: 2, loss: 0.5 },
    { type: 'error', runId: 1, message: 'm', hint: 'h', fatal: false },
    { type: 'triplesRead', id: 1, reading: { problems: [], problemCount: 0, world: null } },
  ])('is not what the engine says of itself: $type', (event) => {
    const aside = new Aside<{ update: number }>();
    aside.park({ update: 3 });
    expect(aside.keep(event)).toBe(false);
    expect(aside.takeWaiting()).toEqual([]);
  });

  it('knows how far the live run is by its state alone', () => {
    const aside = new Aside<{ update: number; other: string }>();
    aside.park({ update: 3, other: 'stays' });
    aside.keep(metrics(9));
    expect(aside.picture).toEqual({ update: 3, other: 'stays' });
    aside.keep(state(4));
    expect(aside.picture).toEqual({ update: 4, other: 'stays' });
  });

  it('goes with the run', () => {
    const aside = new Aside<{ update: number }>();
    aside.park({ update: 3 });
    aside.keep(metrics(4));
    aside.history.push({ update: 1, updateMs: 1, metrics: {} });
    aside.batches.add(numbersBatch([{}]), true);
    aside.pins.add(1, 'q', 1, 0);
    aside.pins.record(1, numbersBatch([{}]), true, HAND_WORLD);
    aside.clear();
    expect([aside.history.length, aside.batches.all.length, aside.pins.all.length]).toEqual([0, 0, 0]);
    expect([aside.picture, aside.takeWaiting()]).toEqual([null, []]);
  });
});
