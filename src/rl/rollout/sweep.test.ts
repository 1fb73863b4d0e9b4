import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_SEARCHES, MAX_STEPS, PASSAGES_PER_SEARCH } from '../../env/episode-limits';
import { PASSAGE_REPEATED } from '../../env/evidence';
import type { Gpu } from '../../gpu/device';
import { PURPOSES } from '../../lib/philox';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import type { Learner } from '../learning/learner';
import { RolloutAborted, type RolloutOptions, type RolloutResult, type RolloutRow, type ShouldStop } from './rollout';
import { everyCut, sweepCuts, type Cut, type SweepOptions } from './sweep';
import type { TrajectorySide } from './trajectory';

let gpu: Gpu;
let learner: Learner;
let rows: RolloutRow[];
let first: RolloutResult;
const UPDATE = 3;
const SLOTS = MAX_SEARCHES * PASSAGES_PER_SEARCH;

beforeAll(async () => {
  gpu = await openTestGpu();
  learner = smallLearner(gpu);
  learner.startFrom(shippedBase(learner));
  rows = learner.questions(UPDATE);
  first = await roll();
});
afterAll(() => gpu.close());

const roll = (options: Partial<RolloutOptions> = {}) =>
  learner.rollout.run(learner.optimizer.params, rows, { ...learner.rolloutOptions(UPDATE), ...options });

function sweep(drafts: TrajectorySide, cuts: readonly Cut[], options: Partial<SweepOptions> = {}, stop?: ShouldStop) {
  const { runSeed, update, reward } = learner.rolloutOptions(UPDATE);
  const all = { runSeed, update, reward, replicates: 1, trajectories: true, ...options };
  return sweepCuts(learner.rollout, learner.optimizer.params, rows, drafts, cuts, all, stop);
}

/** Row b of a side, every field, to be compared bit for bit. */
const rowOf = (side: TrajectorySide | null, b: number): Map<string, number[]> => {
  if (side === null) throw new Error('trajectories were not asked for');
  const count = side.em.length;
  const fields: Record<string, ArrayLike<number>> = { ...side };
  const row = ([field, list]: [string, ArrayLike<number>]) => {
    const width = list.length / count;
    return [field, Array.from({ length: width }, (_, i) => list[b * width + i]!)] as const;
  };
  return new Map(Object.entries(fields).map(row));
};
const rowsOf = (side: TrajectorySide | null) => Array.from(side?.em ?? [], (_, b) => rowOf(side, b));
const tokensOf = (side: TrajectorySide | null, b: number) => rowOf(side, b).get('tokens')!;

describe('a sweep', () => {
  it('regenerates what the rollout itself makes after its cuts, to the last bit', async () => {
    const steps: number[] = [];
    let repeated = 0;
    for (const mode of ['sample', 'greedy', 'oracleLabel'] as const) {
      // The margin makes the greedy refiner cut every draft.
      const { draft, final, reviews } = await roll({ review: { mode, margin: -100, gate: 'model', cut: 'model' } });
      const cuts = [...reviews.cuts].flatMap((step, b) => (step === 0 ? [] : [{ draft: b, step }]));
      const swept = await sweep(draft, cuts, { purpose: PURPOSES.rollout });
      expect(rowsOf(swept.trajectories)).toEqual(cuts.map(({ draft: b }) => rowOf(final, b)));
      expect([...swept.rewards]).toEqual(cuts.map(({ draft: b }) => final.rewards[b]));
      expect([...swept.em]).toEqual(cuts.map(({ draft: b }) => final.em[b]));
      for (const { draft: b, step } of cuts) {
        steps.push(step);
        const after = final.passageClasses.subarray(b * SLOTS + (step - 1) * 3, b * SLOTS + final.searches[b]! * 3);
        if (step > 1 && after.includes(PASSAGE_REPEATED)) repeated += 1;
      }
    }
    expect(new Set(steps).size).toBeGreaterThan(1);
    // What was shown before the cut counts as shown after it.
    expect(repeated).toBeGreaterThan(0);
  });

  it('draws a draft again from any of its steps with the numbers of its own, which are attempt 0', async () => {
    const cuts = everyCut(first.draft);
    expect(Math.max(...cuts.map(({ step }) => step))).toBeGreaterThan(2);
    const { trajectories } = await sweep(first.draft, cuts, { purpose: PURPOSES.rollout, attempt: 0 });
    expect(rowsOf(trajectories)).toEqual(cuts.map(({ draft: b }) => rowOf(first.draft, b)));
  });

  it('asks a draft anew in another update, replicate, attempt, purpose or seed', async () => {
    const cuts = rows.map((_, draft) => ({ draft, step: 1 }));
    const text = async (options: Partial<SweepOptions>) =>
      JSON.stringify([...(await sweep(first.draft, cuts, options)).trajectories!.tokens]);
    const all = [
      {},
      { update: UPDATE + 1 },
      { firstReplicate: 1 },
      { attempt: 2 },
      { purpose: PURPOSES.hand },
      { runSeed: 9 },
      { purpose: PURPOSES.rollout },
    ];
    const found = new Set<string>();
    for (const options of all) found.add(await text(options));
    expect(found.size).toBe(all.length);
    expect(found).not.toContain(JSON.stringify([...first.draft.tokens]));
  });

  it('gives a cut the same result in any order and any company, one readback a batch', async () => {
    const cuts = everyCut(first.draft);
    expect(cuts).toHaveLength(first.draft.stepCounts.reduce((sum, steps) => sum + steps, 0));
    const reads = learner.readback.count;
    const both = await sweep(first.draft, cuts, { replicates: 2 });
    expect(learner.readback.count - reads).toBe(Math.ceil((2 * cuts.length) / learner.rollout.batch));
    const all = rowsOf(both.trajectories);
    expect([...both.rewards]).toEqual(all.map((row) => row.get('rewards')![0]));
    const turned = await sweep(first.draft, [...cuts].reverse(), { firstReplicate: 1 });
    expect(rowsOf(turned.trajectories).reverse()).toEqual(all.filter((_, i) => i % 2 === 1));
    const alone = await sweep(first.draft, [cuts[7]!], { trajectories: false });
    expect([alone.rewards[0], alone.em[0], alone.trajectories]).toEqual([both.rewards[14], both.em[14], null]);

    // Common random numbers: where a suffix repeats the draft's next step, it goes on as the cut after it does.
    let shared = 0;
    cuts.forEach(({ draft: b, step }, c) => {
      if (step >= first.draft.stepCounts[b]!) return;
      const next = first.draft.stepStarts[b * MAX_STEPS + step]!;
      for (const r of [0, 1]) {
        const [mine, later] = [all[2 * c + r]!.get('tokens')!, all[2 * (c + 1) + r]!.get('tokens')!];
        if (String(mine.slice(0, next)) !== String(later.slice(0, next))) continue;
        expect(mine).toEqual(later);
        shared += 1;
      }
    });
    expect(shared).toBeGreaterThan(0);
  });

  it('keeps what stands before the cut', async () => {
    const cuts = everyCut(first.draft);
    const { trajectories } = await sweep(first.draft, cuts);
    cuts.forEach(({ draft: b, step }, c) => {
      const kept = first.draft.stepStarts[b * MAX_STEPS + step - 1]!;
      expect(tokensOf(trajectories, c).slice(0, kept)).toEqual(tokensOf(first.draft, b).slice(0, kept));
      expect(trajectories!.stepCounts[c]).toBeGreaterThanOrEqual(step);
    });
  });

  it('changes nothing of training', async () => {
    const other = smallLearner(gpu);
    other.startFrom(shippedBase(other));
    const mine = smallLearner(gpu);
    mine.startFrom(shippedBase(mine));
    for (let update = 0; update < 2; update++) {
      const report = await mine.update();
      const { runSeed, reward } = mine.rolloutOptions(update);
      const options = { runSeed, update, reward, replicates: 1 };
      const { draft } = report.rollout;
      await sweepCuts(mine.rollout, mine.optimizer.params, report.rows, draft, everyCut(draft), options);
      expect(JSON.stringify(await report.metrics)).toBe(JSON.stringify(await (await other.update()).metrics));
    }
    expect(await mine.state()).toEqual(await other.state());
    mine.destroy();
    other.destroy();
  });

  it('can be abandoned between submits, and again finds the same', async () => {
    const cuts = [{ draft: 2, step: 1 }];
    const before = await sweep(first.draft, cuts);
    let asked = 0;
    await expect(sweep(first.draft, cuts, {}, () => ++asked === 30)).rejects.toThrow(RolloutAborted);
    expect(asked).toBe(30);
    expect(await sweep(first.draft, cuts)).toEqual(before);
  });

  it('has nothing to do without cuts, and refuses what is not there', async () => {
    const none = await sweep(first.draft, []);
    expect([none.rewards.length, none.em.length, none.trajectories!.em.length]).toEqual([0, 0, 0]);
    const refused = (cut: Cut, options: Partial<SweepOptions> = {}) => sweep(first.draft, [cut], options);
    const steps = first.draft.stepCounts[0]!;
    await expect(refused({ draft: 0, step: 0 })).rejects.toThrow(`step 0 is not one of the ${steps} of draft 0`);
    await expect(refused({ draft: 0, step: steps + 1 })).rejects.toThrow(`step ${steps + 1} is not one`);
    await expect(refused({ draft: 99, step: 1 })).rejects.toThrow('no draft 99');
    await expect(refused({ draft: 0, step: 1 }, { replicates: 0 })).rejects.toThrow('not within 0 to 65535');
  });
});
