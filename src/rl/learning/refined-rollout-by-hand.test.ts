import { describe, expect, it } from 'vitest';
import { PURPOSES } from '../../lib/philox';
import { fakeRollout, NO_PARAMS } from '../../testing/engine/fake-rollout';
import type { RolloutRow } from '../rollout/rollout';
import { bestCuts, refinedRollout, type RefinedOptions } from './refined-rollout';
import { answer, family, positions, question, search, vocabulary } from '../../testing/engine/hand-text';

const { entityBase: e } = vocabulary;
const world = family.draw(1, 0);

/** Both drafts have two steps, which begin at 4 and 25. */
const text = [...question, ...search(), ...answer(e)];
const rows: RolloutRow[] = [7, 8, 9].map((logicalRow, slot) => ({
  world,
  chain: world.chains[1]![0]!,
  slot,
  logicalRow,
}));
const DRAFTS = [0.5, 0.5, 0.5];
/** Rewards of tries 0 and 1 of each cut; their means: 1 and 0.75, 0.5 and 0.75, 0.5 and 0. */
const TRIES = [
  [
    [2, 0],
    [1, 0.5],
  ],
  [
    [0.5, 0.5],
    [1.5, 0],
  ],
  [
    [0, 1],
    [0, 0],
  ],
];

const OPTIONS: RefinedOptions = {
  runSeed: 5,
  update: 3,
  replicate: 2,
  temperature: 0,
  suffixTemperature: 0.5,
  review: { mode: 'sample', margin: 0, gate: 'model', cut: 'model' },
  chooser: { by: 'value', replicates: 2 },
  blank: true,
  reward: { process: 'off', combine: 'gated' },
};
const FIRST = 8192 + 32 * 2;

function make() {
  return fakeRollout(vocabulary, { batch: 12, positions }, ({ logicalRow, kept }) => {
    const row = logicalRow - 7;
    if (kept === undefined) return { draft: { tokens: text, reward: DRAFTS[row]! } };
    const step = kept.tokens.length === 4 ? 0 : 1;
    // The regeneration that counts ends otherwise than any try.
    const reward = kept.replicate < FIRST ? 1.75 : TRIES[row]![step]![kept.replicate - FIRST]!;
    return { draft: { tokens: [...kept.tokens, ...answer(e + 1)], reward, em: 1 } };
  });
}

describe('the value oracle by hand', () => {
  it('cuts where the mean of the tries is highest and above the draft’s reward, and regenerates with a review’s numbers', async () => {
    const rollout = make();
    const phases: string[] = [];
    const told = { ...OPTIONS, onPhase: (phase: string) => phases.push(phase) };
    const { draft, reviews, later, final } = await refinedRollout(rollout, NO_PARAMS, rows, told);
    expect([...reviews.cuts]).toEqual([1, 2, 0]);
    expect([...reviews.integers]).toEqual([1, 2, 0]);
    // A batch is handed on by transfer, so no two lists may share their memory.
    expect(reviews.integers.buffer).not.toBe(reviews.cuts.buffer);
    expect([...reviews.reviewed]).toEqual([1, 1, 1]);
    expect([...reviews.logProbs].every((x) => x === 0)).toBe(true);
    expect(reviews.logProbs).toHaveLength(3 * 6);
    expect(later).toEqual([]);
    expect([...draft.rewards]).toEqual(DRAFTS);
    expect([...final.rewards]).toEqual([1.75, 1.75, 0.5]);
    expect([...final.em]).toEqual([1, 1, 0]);
    expect([...final.lengths]).toEqual([4 + 6, 25 + 6, text.length]);
    expect(phases).toEqual(['review', 'regenerate']);
  });

  it('drafts as asked but unreviewed, tries under numbers of their own, and goes on under those of the condition', async () => {
    const rollout = make();
    await refinedRollout(rollout, NO_PARAMS, rows, OPTIONS);
    const [drafted, tried, again] = rollout.asked;
    expect(rollout.asked).toHaveLength(3);
    expect(drafted!.options).toEqual({ ...OPTIONS, review: null });
    const shared = { runSeed: 5, update: 3, blank: true, reward: OPTIONS.reward, temperature: 0.5, review: null };
    expect(tried!.options).toMatchObject({ ...shared, purpose: PURPOSES.sweep });
    expect(again!.options).toMatchObject({ ...shared, purpose: PURPOSES.rollout });
    expect(tried!.rows.map(({ kept }) => kept!.replicate - FIRST)).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    expect(again!.rows.map(({ kept }) => [kept!.attempt, kept!.replicate])).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('is a plain rollout where reviews choose, or nobody', async () => {
    const rollout = make();
    const plain = { ...OPTIONS, chooser: null };
    const { final } = await refinedRollout(rollout, NO_PARAMS, rows, plain);
    expect(rollout.asked).toEqual([{ rows, options: plain }]);
    expect([...final.rewards]).toEqual(DRAFTS);
  });
});

describe('the symbolic reader by hand', () => {
  it('cuts what it believes to be wrong, and goes on under the numbers of the condition', async () => {
    const rollout = make();
    const reading: RefinedOptions = { ...OPTIONS, chooser: { by: 'reader', rumours: 0 } };
    const { reviews, final } = await refinedRollout(rollout, NO_PARAMS, rows, reading);
    // The search found nothing that the question asks about, so the first step is flawed and the answer a guess.
    expect([[...reviews.cuts], [...reviews.integers]]).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
    const [drafted, again] = rollout.asked;
    expect(rollout.asked).toHaveLength(2);
    expect(drafted!.options).toEqual({ ...reading, review: null });
    expect(again!.options).toMatchObject({ purpose: PURPOSES.rollout, temperature: 0.5, review: null });
    expect(again!.rows.map(({ kept }) => [kept!.attempt, kept!.replicate])).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect([...final.rewards]).toEqual([1.75, 1.75, 1.75]);
  });
});

describe('bestCuts by hand', () => {
  it('takes the earliest of equals, and none that is worth no more than the draft', () => {
    const cuts = [1, 2, 3].map((step) => ({ draft: 0, step }));
    const best = (kept: number) => bestCuts({ rewards: Float32Array.of(kept) }, cuts, Float32Array.of(0.5, 1, 1), 1);
    expect(best(0.75)).toEqual([{ draft: 0, step: 2 }]);
    expect(best(1)).toEqual([]);
    expect(bestCuts({ rewards: Float32Array.of(-1) }, cuts, Float32Array.of(-0.5, -2, -2), 1)).toEqual([cuts[0]]);
  });
});
