/** A capsule of a real run: nothing of its trajectories is lost, and the run in it goes on to the very same numbers. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import { decodeCapsule, encodeCapsule } from '../../recordings/capsule/capsule';
import type { Recording } from '../../recordings/recording';
import { storeBatch } from '../../recordings/stored-batch';
import { openNodeGpu } from '../../node/node-gpu';
import { BENCH_CONFIG as CONFIG, paused, TrainerBench, withoutTime } from './trainer-bench';

let gpu: Gpu;
const bench = new TrainerBench(() => Promise.resolve(gpu));
let recording: Recording;
beforeAll(async () => {
  gpu = await openGpu(await openNodeGpu(), wgslIncludes);
  bench.start();
  await bench.next('evaluation');
  await bench.next('state', paused);
  await bench.stepTo(1);
  await bench.stepTo(2);
  const { bytes, weightsHash, update } = await bench.checkpoint();
  const [world] = bench.all('world');
  if (world === undefined) throw new Error('The run has no world.');
  recording = {
    config: CONFIG,
    world: world.world,
    ownWorld: null,
    adapter: gpu.adapter.description,
    update,
    metrics: bench.all('metrics').map(({ update: at, updateMs, metrics }) => ({ update: at, updateMs, metrics })),
    evaluations: bench.all('evaluation').map(({ result }) => result),
    marks: [{ kind: 'start', update: 0 }],
    batches: bench.all('trajectories').map(({ batch }) => storeBatch(batch, true)),
    checkpoints: [{ update, weightsHash, bytes: new Uint8Array(bytes) }],
  };
});

describe('a capsule of a real run', () => {
  it('holds its numbers and trajectories bit for bit', async () => {
    expect(recording.batches.length).toBeGreaterThan(0);
    expect(await decodeCapsule(await encodeCapsule(recording), 'f')).toEqual(recording);
  });

  it('goes on as the run did', async () => {
    const { checkpoints } = await decodeCapsule(await encodeCapsule(recording), 'f');
    await bench.stepTo(3);
    const straight = {
      metrics: withoutTime(bench.all('metrics').at(-1)),
      hash: (await bench.checkpoint()).weightsHash,
    };
    const bytes = checkpoints[0]?.bytes.slice().buffer;
    if (bytes === undefined) throw new Error('The capsule has no checkpoint.');
    bench.start(CONFIG, { kind: 'checkpoint', name: 'capsule', bytes });
    await bench.next('state', (event) => paused(event) && event.runId === 2 && event.update === 2);
    expect((await bench.checkpoint()).weightsHash).toBe(recording.checkpoints[0]?.weightsHash);
    await bench.stepTo(3);
    expect(withoutTime(bench.all('metrics').at(-1))).toEqual(straight.metrics);
    expect((await bench.checkpoint()).weightsHash).toBe(straight.hash);
  });
});
