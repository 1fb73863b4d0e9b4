import { beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import { openNodeGpu } from '../../node/node-gpu';
import { TrainerBench, withoutTime } from '../../testing/engine/trainer-bench';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu(await openNodeGpu(), wgslIncludes);
});

const openBench = (): Promise<TrainerBench> => TrainerBench.atRest(gpu);

describe('a pinned question', () => {
  it('is asked when pinned and after each step, and changes nothing of the training', async () => {
    const plain = await openBench();
    for (const update of [1, 2, 3]) await plain.stepTo(update);

    const bench = await openBench();
    await bench.stepTo(1);
    const asked = bench.all('trajectories')[0]?.batch;
    bench.send({ type: 'pin', id: 7, update: 1, group: 1 });
    await bench.next('pinned');
    for (const update of [2, 3]) await bench.stepTo(update);
    expect(bench.all('metrics').map(withoutTime)).toEqual(plain.all('metrics').map(withoutTime));
    expect((await bench.checkpoint()).weightsHash).toBe((await plain.checkpoint()).weightsHash);

    const answers = bench.all('pinned');
    expect(answers.map(({ id, batch }) => [id, batch.update])).toEqual([
      [7, 1],
      [7, 2],
      [7, 3],
    ]);
    for (const { batch } of answers) {
      expect(batch).toMatchObject({ prompts: 1, groupSize: 2, questions: [asked?.questions[1]] });
      expect(batch.answers[0]).toBe(asked?.answers[1]);
      expect(batch.draft.lengths.every((length) => length > 4)).toBe(true);
    }
    bench.send({ type: 'unpin', id: 7 });
    await bench.stepTo(4);
    expect(bench.all('pinned')).toHaveLength(3);
  });

  it('draws the same random numbers every time, so equal weights give equal answers', async () => {
    const bench = await openBench();
    await bench.stepTo(1);
    bench.send({ type: 'pin', id: 1, update: 1, group: 0 });
    const first = (await bench.next('pinned')).batch;
    bench.send({ type: 'pin', id: 2, update: 1, group: 0 });
    const second = (await bench.next('pinned', ({ id }) => id === 2)).batch;
    expect(second.draft.tokens).toEqual(first.draft.tokens);
    expect(second.final.logProbs).toEqual(first.final.logProbs);
  });

  it('says what cannot be pinned', async () => {
    const bench = await openBench();
    bench.send({ type: 'pin', id: 1, update: 1, group: 5 });
    expect((await bench.next('error')).message).toMatch(/no longer/);
    for (const id of [1, 2, 3, 4, 5]) bench.send({ type: 'pin', id, update: 1, group: 0 });
    expect((await bench.next('error', ({ message }) => message.includes('At most'))).hint).toMatch(/Unpin/);
  });
});
