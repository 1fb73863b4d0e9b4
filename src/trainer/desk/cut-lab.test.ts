import { beforeAll, describe, expect, it } from 'vitest';
import { openGpu, type Gpu } from '../../gpu/device';
import { wgslIncludes } from '../../kernels/includes';
import { PURPOSES } from '../../lib/philox';
import { Learner } from '../../rl/learning/learner';
import { sweepCuts } from '../../rl/rollout/sweep';
import { openNodeGpu } from '../../node/node-gpu';
import { BENCH_CONFIG, draftOf, paused, rowOf, TrainerBench, withoutTime } from '../../testing/engine/trainer-bench';
import { decodeRun } from '../state/checkpoint';
import { openFamily } from '../state/open-family';
import type { DraftRow } from '../protocol/protocol';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openGpu(await openNodeGpu(), wgslIncludes);
});

const openBench = (): Promise<TrainerBench> => TrainerBench.atRest(gpu);

describe('cuts that a person asks for', () => {
  it('are made with the present weights, also in the middle of an update, and change nothing of the training', async () => {
    const plain = await openBench();
    for (const update of [1, 2, 3]) await plain.stepTo(update);

    const bench = await openBench();
    await bench.stepTo(1);
    const batch = bench.all('trajectories')[0]!.batch;
    const draft = draftOf(batch, 2);
    bench.send({ type: 'sweep', id: 1, draft, firstReplicate: 0, replicates: 3 });
    const { sweep } = await bench.next('swept');
    expect(sweep).toMatchObject({ update: 1, firstReplicate: 0, replicates: 3 });
    expect(sweep.rewards).toHaveLength(3 * draft.steps);
    expect(sweep.em).toHaveLength(3 * draft.steps);

    // Held in the middle of update 2 the weights are still those after update 1.
    bench.send({ type: 'play' });
    await bench.next('state', (event) => event.state === 'running' && event.phase !== 'update');
    const held = bench.next('state', paused);
    bench.send({ type: 'pause' });
    await held;
    bench.send({ type: 'sweep', id: 2, draft, firstReplicate: 1, replicates: 2 });
    const later = (await bench.next('swept', ({ id }) => id === 2)).sweep;
    const weights = later.update;
    if (weights === 1) {
      const shared = [...sweep.rewards].filter((_, i) => i % 3 > 0);
      expect([...later.rewards]).toEqual(shared);
    }
    bench.send({ type: 'cut', id: 3, draft, step: draft.steps, replicate: 0 });
    const { branch } = await bench.next('branch');
    expect(branch).toMatchObject({ update: weights, step: draft.steps, replicate: 0 });
    const kept = draft.stepStarts[draft.steps - 1]!;
    expect(branch.side.tokens.slice(0, kept)).toEqual(draft.tokens.slice(0, kept));
    expect(branch.side.logProbs.slice(0, kept)).toEqual(draft.logProbs.slice(0, kept));
    expect(branch.side.lengths[0]).toBeGreaterThan(kept);

    for (const update of [weights + 1, weights + 2].filter((u) => u <= 3)) await bench.stepTo(update);
    expect(bench.all('metrics').map(withoutTime)).toEqual(plain.all('metrics').map(withoutTime));
    expect((await bench.checkpoint()).weightsHash).toBe((await plain.checkpoint()).weightsHash);
  });

  it('give token for token what a sweep in Node gives with the same weights and numbers, at every step', async () => {
    const bench = await openBench();
    await bench.stepTo(1);
    const batch = bench.all('trajectories')[0]!.batch;
    const draft = draftOf(batch, 1);
    const { bytes } = await bench.checkpoint();

    const learner = new Learner(
      gpu,
      BENCH_CONFIG,
      await openFamily(BENCH_CONFIG.world, null, () => Promise.resolve(null)),
    );
    await learner.compile();
    learner.restore(decodeRun(learner, new Uint8Array(bytes), 'checkpoint'));
    const { runSeed, reward } = learner.rolloutOptions(0);
    for (let step = 1; step <= draft.steps; step++) {
      bench.send({ type: 'cut', id: step, draft, step, replicate: 4 });
      const { side } = (await bench.next('branch', ({ id }) => id === step)).branch;
      const { trajectories } = await sweepCuts(
        learner.rollout,
        learner.optimizer.params,
        learner.questions(0),
        { ...batch.draft },
        [{ draft: 1, step }],
        { runSeed, update: 0, reward, replicates: 1, firstReplicate: 4, purpose: PURPOSES.hand, trajectories: true },
      );
      expect([...side.tokens]).toEqual([...trajectories!.tokens]);
      expect([side.em[0], side.rewards[0]]).toEqual([trajectories!.em[0], trajectories!.rewards[0]]);
    }
    learner.destroy();
  });

  it('are refused for what is not of this run, which goes on', async () => {
    const bench = await openBench();
    await bench.stepTo(1);
    const draft = draftOf(bench.all('trajectories')[0]!.batch, 0);
    const wrong: DraftRow[] = [
      { ...draft, update: 9 },
      { ...draft, row: 400 },
      { ...draft, tokens: draft.tokens.map((token) => token + 1) },
    ];
    for (const [id, other] of wrong.entries()) {
      bench.send({ type: 'cut', id, draft: other, step: 1, replicate: 0 });
      expect((await bench.next('refused', (event) => event.id === id)).message).toMatch(/not one of this run/);
    }
    await bench.stepTo(2);
  });

  it('use the weights of an earlier update while they are kept, and say which; branches and pinned answers are cut too', async () => {
    const bench = await openBench();
    await bench.stepTo(1);
    const draft = draftOf(bench.all('trajectories')[0]!.batch, 3);
    const cut = async (id: number, from: DraftRow, weights?: number) => {
      const named = weights === undefined ? {} : { weights };
      bench.send({ type: 'cut', id, draft: from, step: 1, replicate: 2, ...named });
      return (await bench.next('branch', (event) => event.id === id)).branch;
    };
    const before = [await cut(1, draft, 0), await cut(2, draft)];
    expect(before.map(({ update }) => update)).toEqual([0, 1]);
    for (const update of [2, 3]) await bench.stepTo(update);
    const after = [await cut(3, draft, 0), await cut(4, draft, 1), await cut(5, draft, 77)];
    expect(after.map(({ update }) => update)).toEqual([0, 1, 3]);
    expect(after.slice(0, 2)).toEqual(before);

    // The same cut of a branch would repeat it word for word; with a revision number of its own it does not.
    const { positions } = bench.all('trajectories')[0]!.batch;
    const branch = rowOf(before[1]!.side, positions, { update: 1, row: 3 });
    expect((await cut(6, branch, 1)).side.tokens).toEqual(before[1]!.side.tokens);
    expect((await cut(7, { ...branch, revision: 2 }, 1)).side.tokens).not.toEqual(before[1]!.side.tokens);

    bench.send({ type: 'pin', id: 9, update: 2, group: 1 });
    const pinned = (await bench.next('pinned')).batch;
    const answer = { ...draftOf(pinned, 1), update: 2, row: 3, pinned: true };
    const fresh = await cut(8, answer, pinned.update);
    expect(fresh.update).toBe(3);
    expect(fresh.side.lengths[0]).toBeGreaterThan(draft.stepStarts[0]!);

    // After a reset the weights of its updates are those of nothing.
    bench.send({ type: 'reset' });
    await bench.next('state', (event) => paused(event) && event.update === 0);
    expect((await cut(10, draft, 2)).update).toBe(0);
  });
});
