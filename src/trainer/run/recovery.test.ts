import { beforeAll, describe, expect, it, vi } from 'vitest';
import { openGpu, NoAdapterError, type Gpu } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import { openNodeGpu } from '../../node/node-gpu';
import {
  BENCH_CONFIG as CONFIG,
  paused,
  TrainerBench as Bench,
  withoutTime,
  type EventOf,
} from '../../testing/engine/trainer-bench';
import { decodeSafetensors, encodeSafetensors } from '../../formats/safetensors';
import { Losses } from '../state/device-watch';

const open = async (): Promise<Gpu> => openGpu(await openNodeGpu(), wgslIncludes);

/** A bench at rest on devices of its own, which are there to be lost. */
async function atRest(config = CONFIG, refuse: () => boolean = () => false) {
  const opened: Gpu[] = [];
  const bench = new Bench(async () => {
    if (opened.length > 0 && refuse()) throw new NoAdapterError('no adapter');
    const gpu = await open();
    opened.push(gpu);
    return gpu;
  });
  bench.start(config);
  await bench.next('evaluation');
  await bench.next('state', paused);
  return { bench, opened, lose: () => opened.at(-1)?.device.destroy() };
}

let straight: EventOf<'metrics'>[] = [];
let straightHash = '';
beforeAll(async () => {
  const { bench } = await atRest();
  for (const update of [1, 2, 3, 4]) await bench.stepTo(update);
  straight = bench.all('metrics');
  straightHash = (await bench.checkpoint()).weightsHash;
});

/** The numbers of the updates in order, each as it was told last. */
function toldOf(bench: Bench): object[] {
  const byUpdate = new Map(bench.all('metrics').map((event) => [event.update, withoutTime(event)]));
  return [...byUpdate.entries()].sort(([a], [b]) => a - b).map(([, told]) => told);
}

describe('a lost device', () => {
  it('is replaced without a press: what played goes on and makes the very same updates', async () => {
    const { bench, opened, lose } = await atRest();
    await bench.stepTo(1);
    await bench.checkpoint();
    bench.send({ type: 'play', until: 4 });
    await bench.next('metrics', (event) => event.update === 2);
    lose();
    const notice = await bench.next('error');
    expect(notice.fatal).toBe(false);
    expect(notice.hint).toBe('The run goes on from update 1 by itself.');
    await bench.next('state', (event) => paused(event) && event.update === 4);
    expect(toldOf(bench)).toEqual(straight.map(withoutTime));
    expect((await bench.checkpoint()).weightsHash).toBe(straightHash);
    expect(bench.all('error')).toHaveLength(1);
    expect(opened).toHaveLength(2);
  });

  it('is replaced while the run rests, which is led to where it rested', async () => {
    const { bench, lose } = await atRest();
    for (const update of [1, 2, 3]) await bench.stepTo(update);
    lose();
    await bench.next('error');
    await bench.next('state', (event) => paused(event) && event.update === 3);
    await bench.stepTo(4);
    expect(toldOf(bench)).toEqual(straight.map(withoutTime));
    expect((await bench.checkpoint()).weightsHash).toBe(straightHash);
  });

  it('lost twice within a minute makes the run rest, and smaller settings are named; Play goes on', async () => {
    const { bench, lose } = await atRest({ ...CONFIG, prompts: 4 });
    await bench.stepTo(1);
    await bench.checkpoint();
    lose();
    await bench.next('error');
    await bench.next('state', (event) => paused(event) && event.update === 1);
    lose();
    const second = await bench.next('error');
    expect(second.fatal).toBe(false);
    expect(second.message).toMatch(/twice within a minute/);
    expect(second.hint).toMatch(
      /rests at update 1; Play goes on\..* A new run with 2 questions of 2 trajectories needs/,
    );
    expect(second.smaller).toEqual({ ...CONFIG, prompts: 2, groupSize: 2 });
    await bench.next('state', (event) => paused(event) && event.update === 1);
    await bench.stepTo(2);
  });

  it('that is not replaced leaves the run at rest with its state; Play asks again, and so does Reset', async () => {
    let refuses = false;
    const { bench, lose } = await atRest(CONFIG, () => refuses);
    const loseForGood = async () => {
      refuses = true;
      const rests = bench.next('state', paused);
      lose();
      await bench.next('error', ({ message }) => message.endsWith('gives no other.'));
      await rests;
    };
    const first = await bench.checkpoint();
    await bench.stepTo(1);
    const { weightsHash } = await bench.checkpoint();
    await loseForGood();
    expect((await bench.checkpoint()).weightsHash).toBe(weightsHash);
    refuses = false;
    await bench.stepTo(2);
    expect(withoutTime(bench.all('metrics').at(-1))).toEqual(withoutTime(straight[1]));
    await loseForGood();
    refuses = false;
    bench.send({ type: 'reset' });
    await bench.next('state', (event) => paused(event) && event.update === 0);
    expect((await bench.checkpoint()).weightsHash).toBe(first.weightsHash);
  });

  it('counts as lost again only soon after', () => {
    const losses = new Losses();
    expect([0, 70_000, 100_000, 110_000, 120_000].map((now) => losses.isSecond(now))).toEqual([
      false,
      false,
      true,
      false,
      true,
    ]);
  });
});

describe('numbers that are none', () => {
  /** Weights that can be read and are no use: what is computed with them is beyond float32. */
  async function hugeWeights(): Promise<ArrayBuffer> {
    const { bench } = await atRest();
    const { bytes } = await bench.checkpoint();
    const { tensors, metadata } = decodeSafetensors(new Uint8Array(bytes), 'checkpoint');
    tensors.get('model.layers.1.mlp.gate_proj.weight')?.data.fill(3e38);
    return encodeSafetensors([...tensors.values()], metadata).buffer;
  }

  it('end the playing at the last good state, which is what is saved', async () => {
    const gpu = await open();
    const bench = new Bench(() => Promise.resolve(gpu));
    bench.start(CONFIG, { kind: 'base', name: 'huge', bytes: await hugeWeights() });
    await bench.next('state', paused);
    const good = await bench.checkpoint();
    bench.send({ type: 'play' });
    const error = await bench.next('error');
    expect(error).toMatchObject({ fatal: false });
    expect(error.message).toMatch(
      /^Update 1 gave numbers that are not finite \(.*\); the first was written by kernel "linear_swiglu" to "gate up 1"\.$/,
    );
    expect(error.hint).toMatch(/^The run is back at update 0, its last good state\. /);
    await bench.next('state', (event) => paused(event) && event.update === 0);
    expect((await bench.checkpoint()).weightsHash).toBe(good.weightsHash);
    expect(bench.all('metrics')).toEqual([]);
    // The engine is as good as before.
    bench.start();
    await bench.next('state', (event) => paused(event) && event.runId === 2);
    await bench.stepTo(1);
    expect(withoutTime(bench.all('metrics').at(-1))).toEqual(withoutTime(straight[0]));
    gpu.close();
  });
});

describe('a device without room', () => {
  it('refuses a run before it begins, with the size that was asked for', async () => {
    const gpu = await open();
    const bench = new Bench(() => Promise.resolve(gpu));
    const live = gpu.buffers.liveCount;
    vi.spyOn(gpu.device, 'popErrorScope').mockResolvedValueOnce({ message: 'Out of memory' });
    bench.start();
    const error = await bench.next('error');
    expect(error.fatal).toBe(true);
    expect(error.message).toMatch(/has no room for the \d+ MiB that a run of these settings needs/);
    expect(gpu.buffers.liveCount).toBe(live);
    bench.start();
    await bench.next('state', paused);
    gpu.close();
  });
});
