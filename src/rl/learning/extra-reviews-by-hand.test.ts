import { describe, expect, it } from 'vitest';
import { configForPreset, type RunConfig } from '../../config/schema';
import { philox4x32, PURPOSES, uniformFromWord, type Purpose } from '../../lib/philox';
import { fakeRollout, NO_PARAMS } from '../../testing/engine/fake-rollout';
import { reviewsOf, sideOf } from '../../testing/engine/sides';
import type { RolloutResult, RolloutRow } from '../rollout/rollout';
import { extraReviews, trainsExtraReviews } from './extra-reviews';
import { trainingOptions } from './rollout-options';
import { answer, family, positions, question, search, vocabulary } from '../../testing/engine/hand-text';

const world = family.draw(1, 0);

/** A question of four rows, of three steps each, which begin at 4, 25 and 46. */
const text = [...question, ...search(), ...search(), ...answer()];
const ROWS = 4;
const STARTS = [4, 25, 46];
const BEFORE = [0.5, 0.25, 1, 0];
const AFTER = [1.5, 0.75, 1, 2];
/** Where the rollout's own reviews cut. */
const OWN = [1, 2, 0, 3];
/** What any other cut of a row leads to. */
const reached = (row: number, step: number) => row + step / 8;

const rows: RolloutRow[] = Array.from({ length: ROWS }, (_, b) => ({
  world,
  chain: world.chains[1]![0]!,
  slot: 0,
  logicalRow: 30 + b,
}));
const draft = sideOf(
  vocabulary,
  positions,
  BEFORE.map((reward) => ({ tokens: text, reward })),
);
const final = sideOf(
  vocabulary,
  positions,
  AFTER.map((reward) => ({ tokens: text, reward })),
);
/** Row b says 0..3 with chances that differ from row to row. */
const CHANCES = [
  [0.25, 0.25, 0.25, 0.25],
  [0.5, 0.125, 0.125, 0.25],
  [0.125, 0.375, 0.375, 0.125],
  [0, 0.5, 0.25, 0.25],
];
const reviews = {
  ...reviewsOf(draft, OWN),
  logProbs: Float32Array.from(CHANCES.flatMap((chances) => [...chances, 0, 0].map(Math.log))),
};
const result: RolloutResult = { draft, reviews, later: [], final };
const SAMPLES = 9;

async function make(overrides: Partial<RunConfig> = {}, given = result) {
  const config = configForPreset('search-r2', {
    groupSize: ROWS,
    reviewSamples: SAMPLES,
    runSeed: 11,
    advantage: 'drgrpo',
    refinerAdvantage: 'draftBaseline',
    ...overrides,
  });
  // Suffixes begin with a search(), where there is one left to make.
  const rollout = fakeRollout(vocabulary, { batch: 64, positions }, ({ logicalRow, kept }) => {
    const step = 1 + STARTS.indexOf(kept!.tokens.length);
    return { draft: { tokens: [...kept!.tokens, ...search(), ...answer()], reward: reached(logicalRow - 30, step) } };
  });
  const options = trainingOptions(config, 6, null);
  const extra = await extraReviews(rollout, NO_PARAMS, rows, given, { config, options, vocabulary });
  return { extra, asked: rollout.asked };
}

/** Further review k of row b has its own review's counters, under replicate 5000 + k. */
const uniformOf = (b: number, k: number, purpose: Purpose) =>
  uniformFromWord(philox4x32(text.length + 1, 30 + b, 6, 5000 + k, 11, purpose)[0]);
const SAID = Array.from({ length: ROWS * (SAMPLES - 1) }, (_, i) => {
  const b = Math.floor(i / (SAMPLES - 1));
  const uniform = uniformOf(b, i % (SAMPLES - 1), PURPOSES.review);
  const sums = CHANCES[b]!.map((_chance, j) => CHANCES[b]!.slice(0, j + 1).reduce((a, x) => a + x, 0));
  return { b, k: i % (SAMPLES - 1), integer: sums.findIndex((sum) => sum > uniform) };
});

describe('further reviews by hand', () => {
  it('say integers of the review’s distribution, each with the probability that it had', async () => {
    const { extra } = await make();
    expect(extra.actions.map(({ row, integer }) => [row, integer])).toEqual(SAID.map(({ b, integer }) => [b, integer]));
    expect(new Set(SAID.map(({ integer }) => integer))).toEqual(new Set([0, 1, 2, 3]));
    for (const { side, row, integer, logProbs, weight } of extra.actions) {
      expect([side, weight]).toEqual([draft, 1]);
      expect(logProbs[integer]).toBe(Math.fround(Math.log(CHANCES[row]![integer]!)));
    }
  });

  it('say the last legal integer where rounding leaves the chances short of 1', async () => {
    // So short that all but a few of the uniform numbers lie beyond.
    const logProbs = Float32Array.from(CHANCES.flatMap(() => [1e-3, 1e-3, 1e-3, 0, 0, 0].map(Math.log)));
    const { extra } = await make({}, { ...result, reviews: { ...reviews, logProbs } });
    const beyond = extra.actions.filter((_, i) => uniformOf(SAID[i]!.b, SAID[i]!.k, PURPOSES.review) > 3e-3);
    expect(beyond.length).toBeGreaterThan(20);
    expect(new Set(beyond.map(({ integer }) => integer))).toEqual(new Set([2]));
  });

  it('are worth what their cut leads to above the draft: the final text where the draft was cut there, else a regeneration', async () => {
    const { extra } = await make();
    extra.actions.forEach(({ row, integer, advantage }) => {
      const outcome = integer === 0 ? BEFORE[row]! : integer === OWN[row] ? AFTER[row]! : reached(row, integer);
      expect(advantage).toBe(outcome - BEFORE[row]!);
    });
  });

  it('regenerate each other cut once, under numbers of their own', async () => {
    const { asked } = await make();
    expect(asked).toHaveLength(1);
    const cuts = asked[0]!.rows.map(({ logicalRow, kept }) => [logicalRow - 30, kept!.tokens.length]);
    const wanted = new Set(
      SAID.filter(({ b, integer }) => integer > 0 && integer !== OWN[b]).map(({ b, integer }) => 8 * b + integer),
    );
    expect(cuts).toHaveLength(wanted.size);
    expect(new Set(cuts.map(([b, length]) => 8 * b! + 1 + STARTS.indexOf(length!)))).toEqual(wanted);
    expect(asked[0]!.rows.every(({ kept }) => kept!.replicate === 5000 && kept!.attempt === 1)).toBe(true);
    expect(asked[0]!.options).toMatchObject({ runSeed: 11, update: 6, purpose: PURPOSES.sweep, temperature: 1 });
  });

  it('cost an integer each, and for each regeneration what it wrote and what was inserted', async () => {
    const { extra, asked } = await make();
    // A search (7 written, 14 inserted) and an answer (6).
    const cuts = asked[0]!.rows.length;
    expect(extra.sampledTokens).toBe(SAID.length + 13 * cuts);
    expect(extra.forcedTokens).toBe(14 * cuts);
  });

  it('compare with the group’s final rewards where reviews are credited so', async () => {
    const { extra } = await make({ refinerAdvantage: 'group' });
    const mean = AFTER.reduce((a, x) => a + x, 0) / ROWS;
    extra.actions.forEach(({ row, integer, advantage }) => {
      const outcome = integer === 0 ? BEFORE[row]! : integer === OWN[row] ? AFTER[row]! : reached(row, integer);
      expect(advantage).toBeCloseTo(outcome - mean, 12);
    });
  });

  it('cut where the rule says: at a step of its own drawing, or at the first', async () => {
    const uniform = await make({ reviewCut: 'uniform' });
    const first = await make({ reviewCut: 'first' });
    SAID.forEach(({ b, k, integer }, i) => {
      const drawn = 1 + Math.floor(3 * uniformOf(b, k, PURPOSES.cut));
      for (const [{ extra }, step] of [[uniform, drawn] as const, [first, 1] as const]) {
        const outcome = step === OWN[b] ? AFTER[b]! : reached(b, step);
        expect(extra.actions[i]!.integer).toBe(integer);
        expect(extra.actions[i]!.advantage).toBe(integer === 0 ? 0 : outcome - BEFORE[b]!);
      }
    });
  });

  it('keep to each row’s own question where there are several', async () => {
    const { extra } = await make({ refinerAdvantage: 'group', groupSize: 2 });
    extra.actions.forEach(({ row, integer, advantage }) => {
      const [x, y] = row < 2 ? [AFTER[0]!, AFTER[1]!] : [AFTER[2]!, AFTER[3]!];
      const outcome = integer === 0 ? BEFORE[row]! : integer === OWN[row] ? AFTER[row]! : reached(row, integer);
      expect(advantage).toBeCloseTo(outcome - (x + y) / 2, 12);
    });
  });
});

describe('trainsExtraReviews', () => {
  it('is said where reviews are trained, have consequences, and there are several', () => {
    const config = configForPreset('search-r2', { reviewSamples: 2 });
    expect(trainsExtraReviews(config)).toBe(true);
    for (const off of [
      { refiner: 'oracleLabel' },
      { reviewGate: 'never' },
      { reviewWeight: 0 },
      { reviewSamples: 1 },
    ] as const)
      expect(trainsExtraReviews({ ...config, ...off })).toBe(false);
  });
});
