import { beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import { openNodeGpu } from '../../node/node-gpu';
import { BENCH_CONFIG, paused, TrainerBench } from '../../testing/engine/trainer-bench';
import type { TrainedPart } from '../protocol/protocol';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu(await openNodeGpu(), wgslIncludes);
});

const openBench = (): Promise<TrainerBench> => TrainerBench.atRest(gpu);

describe('play until', () => {
  it('rests after the update that it names, with the weights of as many steps', async () => {
    const bench = await openBench();
    const rests = bench.next('state', (event) => paused(event) && event.update > 0);
    bench.send({ type: 'play', until: 2 });
    expect((await rests).update).toBe(2);
    const { weightsHash, update } = await bench.checkpoint();
    expect(update).toBe(2);
    bench.send({ type: 'reset' });
    await bench.next('state', (event) => paused(event) && event.update === 0);
    await bench.stepTo(1);
    await bench.stepTo(2);
    expect((await bench.checkpoint()).weightsHash).toBe(weightsHash);
  });
});

describe('configure', () => {
  it('goes on with other settings exactly as a saved run started with them', async () => {
    const config = { ...BENCH_CONFIG, groupSize: 3, learningRate: 1e-3 };
    const bench = await openBench();
    await bench.stepTo(1);
    const { bytes, weightsHash } = await bench.checkpoint();
    const live = gpu.buffers.liveCount;
    const applied = bench.next('configured');
    bench.send({ type: 'configure', config });
    expect(await applied).toMatchObject({ update: 1, config });
    await bench.next('state', (event) => paused(event) && event.update === 1);
    expect((await bench.checkpoint()).weightsHash).toBe(weightsHash);
    await bench.stepTo(2);
    expect(bench.all('trajectories').at(-1)?.batch).toMatchObject({ update: 2, prompts: 2, groupSize: 3 });
    const { weightsHash: reached } = await bench.checkpoint();
    // No more than before: the buffers of the old settings are gone (and those of the warm start).
    expect(gpu.buffers.liveCount).toBeLessThanOrEqual(live);

    bench.start(config, { kind: 'checkpoint', name: 'The saved run', bytes });
    await bench.next('state', (event) => paused(event) && event.runId === 2);
    await bench.stepTo(2);
    expect((await bench.checkpoint()).weightsHash).toBe(reached);
  });

  it('refuses what needs a new run', async () => {
    const bench = await openBench();
    const error = bench.next('error');
    bench.send({ type: 'configure', config: { ...BENCH_CONFIG, size: 'small' } });
    expect((await error).message).toMatch(/Model size/);
    await bench.stepTo(1);
    expect(bench.all('configured')).toEqual([]);
  });
});

describe('step', () => {
  it('trains one part alone: reviews without an advantage move nothing, the actor moves as with both', async () => {
    const hash = async (train: TrainedPart): Promise<[string, string]> => {
      const bench = await openBench();
      const first = (await bench.checkpoint()).weightsHash;
      const done = bench.next('state', (event) => paused(event) && event.update === 1);
      bench.send({ type: 'step', train });
      await done;
      // Barely trained weights answer nothing, so that no review is worth anything.
      expect(bench.all('metrics')[0]?.metrics['reviewRows']).toBe(0);
      return [first, (await bench.checkpoint()).weightsHash];
    };
    const [first, refiner] = await hash('refiner');
    expect(refiner).toBe(first);
    const [, actor] = await hash('actor');
    const [, both] = await hash('both');
    expect(actor).toBe(both);
    expect(actor).not.toBe(first);
  });
});

describe('pace', () => {
  it('keeps the next update back while it plays, never a step', async () => {
    const bench = await openBench();
    bench.send({ type: 'pace', updatesPerMinute: 0.001 });
    bench.send({ type: 'play' });
    await bench.next('metrics');
    const done = bench.next('metrics', ({ update }) => update === 2);
    bench.send({ type: 'step' });
    await done;
    bench.send({ type: 'play' });
    await bench.checkpoint();
    expect(bench.all('metrics')).toHaveLength(2);
    bench.send({ type: 'pace', updatesPerMinute: null });
    await bench.next('metrics', ({ update }) => update === 3);
    bench.send({ type: 'pause' });
  });
});
