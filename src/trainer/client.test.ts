import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../config/schema';
import { FakeTrainer } from '../testing/page/fake-trainer';
import { createTrainerClient, isTrainerEvent } from './client';
import type { TrainerEvent } from './protocol/protocol';

const STATE = { type: 'state', runId: 1, state: 'paused', update: 0, phase: null, note: null } as const;

describe('isTrainerEvent', () => {
  it('takes what the protocol describes', () => {
    expect(isTrainerEvent(STATE)).toBe(true);
    expect(isTrainerEvent({ ...STATE, phase: 'rollout', note: 'x' })).toBe(true);
    expect(isTrainerEvent({ type: 'metrics', runId: 1, update: 2, metrics: {}, updateMs: 3 })).toBe(true);
  });

  it.each([
    null,
    7,
    'state',
    [],
    {},
    { type: 'unheardOf', runId: 1 },
    { type: 'toString' },
    { ...STATE, runId: '1' },
    { ...STATE, note: undefined },
    { type: 'metrics', runId: 1, update: 2, metrics: null, updateMs: 3 },
  ])('refuses %j', (value) => {
    expect(isTrainerEvent(value)).toBe(false);
  });
});

describe('createTrainerClient', () => {
  it('passes events of the newest run only', () => {
    const trainer = new FakeTrainer({ stuckIn: 'loading' });
    const client = createTrainerClient(trainer);
    const seen: TrainerEvent[] = [];
    const stop = client.subscribe((event) => seen.push(event));
    const start = { type: 'start', config: defaultConfig, initial: { kind: 'shipped' }, baseUrl: '' } as const;
    client.send({ ...start, runId: 1 });
    client.send({ ...start, runId: 2 });
    seen.length = 0;
    trainer.emit({ ...STATE, runId: 1 });
    trainer.emit({ ...STATE, runId: 2 });
    expect(seen).toEqual([{ ...STATE, runId: 2 }]);
    stop();
    trainer.emit({ ...STATE, runId: 2 });
    expect(seen).toHaveLength(1);
  });

  it('turns what it cannot read, and crashes, into errors for the page', () => {
    let deliver: (data: unknown) => void = () => undefined;
    let fail: (message: string) => void = () => undefined;
    const client = createTrainerClient({
      postMessage: () => undefined,
      onMessage: (listener) => (deliver = listener),
      onError: (listener) => (fail = listener),
      terminate: () => undefined,
    });
    const seen: TrainerEvent[] = [];
    client.subscribe((event) => seen.push(event));
    deliver({ type: 'surprise' });
    fail('lost');
    expect(seen).toMatchObject([
      { type: 'error', fatal: false },
      { type: 'error', fatal: true, message: 'The engine stopped: lost' },
    ]);
  });
});
