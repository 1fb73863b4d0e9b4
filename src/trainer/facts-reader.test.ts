import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultConfig } from '../config/schema';
import { FakeTrainer } from '../testing/page/fake-trainer';
import { FakeWorker } from '../testing/page/fake-worker';
import { APART_FROM, createTrainerClient } from './client';
import type { TrainerEvent } from './protocol/protocol';

let workers: FakeWorker[] = [];
vi.mock('../lib/module-worker', () => ({
  startModuleWorker: () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  },
}));

const asked = (id: number, length = APART_FROM) =>
  ({ type: 'readTriples', id, triples: { name: 'large', text: ' '.repeat(length) } }) as const;
const reading = { problems: [], problemCount: 0, world: null };

describe('facts that take more than a moment', () => {
  let seen: TrainerEvent[] = [];
  const open = () => {
    const trainer = new FakeTrainer({ stuckIn: 'loading' });
    const client = createTrainerClient(trainer);
    client.subscribe((event) => seen.push(event));
    return { trainer, client };
  };
  beforeEach(() => {
    vi.useFakeTimers();
    workers = [];
    seen = [];
  });
  afterEach(() => void vi.useRealTimers());

  it('are read by a worker of their own, shorter ones by the engine', async () => {
    const { trainer, client } = open();
    client.send({ type: 'start', runId: 1, config: defaultConfig, initial: { kind: 'shipped' }, baseUrl: '' });
    client.send(asked(1, APART_FROM - 1));
    expect(trainer.commands.at(-1)).toMatchObject({ type: 'readTriples', id: 1 });
    client.send(asked(2));
    await vi.waitFor(() => expect(workers[0]?.posted).toEqual([asked(2)]));
    expect(trainer.commands.at(-1)).toMatchObject({ id: 1 });
    workers[0]?.say({ type: 'triplesRead', id: 2, reading });
    expect(seen.at(-1)).toEqual({ type: 'triplesRead', id: 2, reading });
    expect(workers[0]?.terminate).toHaveBeenCalledTimes(1);
  });

  it('are given up where nothing comes of them for two minutes, in words', async () => {
    const { client } = open();
    client.send(asked(1));
    await vi.waitFor(() => expect(workers).toHaveLength(1));
    vi.advanceTimersByTime(119_000);
    expect(workers[0]?.terminate).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2000);
    expect(workers[0]?.terminate).toHaveBeenCalledTimes(1);
    const message =
      '“large” was given up: nothing came of it for 2 minutes. ' +
      'It may be made so that it never ends. Nothing was changed; a part of it may be read.';
    expect(seen.at(-1)).toMatchObject({ type: 'triplesRead', id: 1, reading: { problems: [{ line: 0, message }] } });
  });

  it('take the place of those that were being read, which are answered too', async () => {
    const { client } = open();
    client.send(asked(1));
    await vi.waitFor(() => expect(workers).toHaveLength(1));
    client.send(asked(2));
    await vi.waitFor(() => expect(workers).toHaveLength(2));
    expect(workers[0]?.terminate).toHaveBeenCalledTimes(1);
    expect(seen).toMatchObject([{ id: 1, reading: { problems: [{ message: 'Other facts were read instead.' }] } }]);
    workers[1]?.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
    const message = 'The facts could not be read: out of memory';
    expect(seen[1]).toMatchObject({ id: 2, reading: { problems: [{ line: 0, message }] } });
    vi.advanceTimersByTime(600_000);
    expect(seen).toHaveLength(2);
  });
});
