import { beforeAll, describe, expect, it } from 'vitest';
import { microwikiFamily } from '../../env/microwiki';
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
import { decodeSafetensors } from '../../formats/safetensors';
import { Learner } from '../../rl/learning/learner';
import { CHARTED_METRICS, NO_BREAKPOINTS } from '../protocol/protocol';

let gpu: Gpu;
const shared = () => Promise.resolve(gpu);

/** Three updates in a row: what every other way through the same run must repeat. */
let reference: Bench;
let straight: EventOf<'metrics'>[] = [];
let straightHash = '';
beforeAll(async () => {
  gpu = await openGpu(await openNodeGpu(), wgslIncludes);
  reference = new Bench(shared);
  reference.start();
  await reference.next('evaluation');
  await reference.next('state', paused);
  for (const update of [1, 2, 3]) await reference.stepTo(update);
  straight = reference.all('metrics');
  straightHash = (await reference.checkpoint()).weightsHash;
});

describe('TrainerLoop', () => {
  it('warms up, evaluates the first weights, then makes one update a step', () => {
    const bench = reference;
    expect(bench.all('warmStart').at(-1)).toMatchObject({ batch: 3, batches: 3 });
    expect(bench.all('world')[0]?.world.id).toBe('microwiki');
    expect(bench.all('evaluation')[0]?.result.metrics['emGreedy']).not.toBeUndefined();
    expect(straight.map((event) => event.update)).toEqual([1, 2, 3]);
    for (const name of CHARTED_METRICS) expect(straight[0]?.metrics).toHaveProperty(name);
    const batch = bench.all('trajectories').at(-1)?.batch;
    expect(batch).toMatchObject({ update: 3, prompts: 2, groupSize: 2 });
    expect(batch?.questions).toHaveLength(2);
    expect(batch?.draft.tokens).toHaveLength(4 * (batch?.positions ?? 0));
    expect(batch?.final.lengths.every((length) => length >= 4)).toBe(true);
  });

  it('waits for one read a rollout and for none in the update', async () => {
    const learner = new Learner(gpu, CONFIG, microwikiFamily());
    const { readback } = learner;
    const rows = learner.questions(0);
    await learner.rollout.run(learner.optimizer.params, rows, learner.rolloutOptions(0));
    expect(readback.count).toBe(1);
    const { metrics } = await learner.update();
    expect(readback.count).toBe(2);
    // The numbers of an update arrive later, also while the next is under way.
    await learner.update();
    expect((await metrics)['update']).toBe(1);
    learner.destroy();
  });

  it('holds a rollout at once on Pause and goes on with the very same run', async () => {
    const bench = new Bench(shared);
    bench.start();
    await bench.next('evaluation');
    await bench.next('state', paused);
    bench.send({ type: 'play' });
    for (let k = 0; k < 2; k++) {
      await bench.next('state', (event) => event.state === 'running' && event.phase !== 'update');
      const held = bench.next('state', paused);
      const before = performance.now();
      bench.send({ type: 'pause' });
      expect((await held).note).toMatch(/Held in the middle/);
      expect(performance.now() - before).toBeLessThan(100);
      const seen = bench.all('metrics').length;
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(bench.all('metrics').length - seen).toBeLessThanOrEqual(1);
      // The state after the last whole update can be saved in the middle of the next.
      expect((await bench.checkpoint()).update).toBe(bench.all('metrics').length);
      bench.send({ type: 'play' });
    }
    while (bench.all('metrics').length < 3) await bench.next('metrics');
    bench.send({ type: 'pause' });
    expect(bench.all('metrics').slice(0, 3).map(withoutTime)).toEqual(straight.map(withoutTime));
  });

  it('returns to the first weights on Reset and repeats the run', async () => {
    const bench = new Bench(shared);
    bench.start();
    // A reset during the warm start begins it again.
    await bench.next('warmStart');
    bench.send({ type: 'pause' });
    bench.send({ type: 'reset' });
    await bench.next('evaluation');
    await bench.next('state', paused);
    const first = await bench.checkpoint();
    await bench.stepTo(1);
    expect((await bench.checkpoint()).weightsHash).not.toBe(first.weightsHash);
    bench.send({ type: 'play' });
    await bench.next('state', (event) => event.state === 'running');
    bench.send({ type: 'reset' });
    expect((await bench.next('state', paused)).update).toBe(0);
    expect((await bench.checkpoint()).weightsHash).toBe(first.weightsHash);
    for (const update of [1, 2, 3]) await bench.stepTo(update);
    expect(bench.all('metrics').slice(-3).map(withoutTime)).toEqual(straight.map(withoutTime));
    expect((await bench.checkpoint()).weightsHash).toBe(straightHash);
  });

  it('goes on from a saved run exactly', async () => {
    const bench = new Bench(shared);
    bench.start();
    await bench.next('evaluation');
    await bench.next('state', paused);
    for (const update of [1, 2]) await bench.stepTo(update);
    const { bytes, weightsHash } = await bench.checkpoint();
    expect(decodeSafetensors(new Uint8Array(bytes), 'checkpoint').metadata['update']).toBe('2');
    bench.start(CONFIG, { kind: 'checkpoint', name: 'The saved run', bytes });
    await bench.next('state', (event) => paused(event) && event.runId === 2);
    expect((await bench.checkpoint()).weightsHash).toBe(weightsHash);
    await bench.stepTo(3);
    expect(withoutTime(bench.all('metrics').at(-1))).toMatchObject(withoutTime(straight[2]));
    expect((await bench.checkpoint()).weightsHash).toBe(straightHash);
  });

  it('vets weights beside the run that is there, and begins a run from weights alone', async () => {
    const bench = new Bench(shared);
    bench.start();
    await bench.next('evaluation');
    await bench.next('state', paused);
    await bench.stepTo(1);
    const { bytes, weightsHash } = await bench.checkpoint();
    const vet = async (kind: 'checkpoint' | 'base', file: ArrayBuffer, config = CONFIG) => {
      bench.send({ type: 'vet', id: 7, config, initial: { kind, name: 'my file', bytes: file }, baseUrl: '' });
      return bench.next('vetted');
    };
    expect(await vet('checkpoint', bytes)).toEqual({ type: 'vetted', id: 7, message: null, hint: '' });
    expect(await vet('base', bytes)).toMatchObject({ message: null });
    const small = await vet('checkpoint', bytes, { ...CONFIG, size: 'small' });
    expect(small.message).toMatch(/my file: .* has shape .* this model needs/);
    expect((await vet('base', bytes.slice(0, 100))).message).toMatch(/my file .*cut off/);
    // Nothing of the run has changed.
    expect((await bench.checkpoint()).weightsHash).toBe(weightsHash);
    await bench.stepTo(2);

    bench.start(CONFIG, { kind: 'base', name: 'my file', bytes });
    const begun = await bench.next('state', (event) => paused(event) && event.runId === 2);
    expect(begun.update).toBe(0);
    expect((await bench.checkpoint()).weightsHash).toBe(weightsHash);
  });

  it('replaces a run without a word of it afterwards and without leaving buffers behind', async () => {
    const bench = new Bench(shared);
    bench.start();
    await bench.next('state', (event) => event.state === 'evaluating');
    const live = gpu.buffers.liveCount;
    for (let run = 2; run <= 4; run++) {
      bench.send({ type: 'play' });
      if (run === 3) await bench.next('state', (event) => event.state === 'running');
      expect(bench.start()).toBe(run);
      const at = bench.events.length;
      await bench.next('state', (event) => event.state === 'evaluating');
      expect(bench.events.slice(at).every((event) => !('runId' in event) || event.runId === run)).toBe(true);
      expect(gpu.buffers.liveCount).toBe(live);
    }
  });

  it('says what is wrong with weights, and what a machine without a GPU needs', async () => {
    const bench = new Bench(shared);
    bench.start(CONFIG, {
      kind: 'checkpoint',
      name: 'The saved run',
      bytes: new TextEncoder().encode('no weights').buffer,
    });
    const error = await bench.next('error');
    expect(error).toMatchObject({ fatal: true });
    expect(error.message).toMatch(/saved run/);

    const none = new Bench(() => Promise.reject(new NoAdapterError('no adapter')));
    none.start();
    const missing = await none.next('error');
    expect(missing).toMatchObject({ fatal: true, message: 'no adapter' });
    expect(missing.hint).toMatch(/WebGPU/);
  });

  it('pauses at a breakpoint right after the update that met it, and goes on with the very same run', async () => {
    const bench = new Bench(shared);
    bench.start();
    await bench.next('evaluation');
    await bench.next('state', paused);
    // Weights that are barely trained answer nothing: all rewards are equal.
    bench.send({ type: 'breakpoints', breakpoints: { ...NO_BREAKPOINTS, zeroVarianceGroups: 1 } });
    for (const update of [1, 2]) {
      const rest = bench.next('state', (event) => paused(event) && event.update === update);
      bench.send({ type: 'play' });
      const { reason } = await bench.next('breakpoint', (event) => event.update === update);
      expect(reason).toMatch(/equal rewards/);
      await rest;
      expect(bench.all('metrics')).toHaveLength(update);
      expect((await bench.checkpoint()).update).toBe(update);
    }
    bench.send({ type: 'breakpoints', breakpoints: NO_BREAKPOINTS });
    await bench.stepTo(3);
    expect(bench.all('metrics').map(withoutTime)).toEqual(straight.map(withoutTime));
    expect((await bench.checkpoint()).weightsHash).toBe(straightHash);
    expect(bench.all('breakpoint')).toHaveLength(2);
  });
});
