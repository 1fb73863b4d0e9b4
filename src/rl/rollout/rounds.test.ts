import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_STEPS } from '../../env/episode-limits';
import type { Gpu } from '../../gpu/device';
import { teacherForced } from '../../testing/engine/teacher-forced';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import type { Learner } from '../learning/learner';
import { reviewMetrics, tokenMetrics } from '../learning/metrics';
import { reviewActions, reviewAdvantages } from '../learning/review-actions';
import type { ReviewOptions, RolloutResult, RolloutRow } from './rollout';
import { earliestCuts, reviewRounds, revisionsOf } from './rounds';
import type { TrajectorySide } from './trajectory';

const UPDATE = 3;
let gpu: Gpu;
let learner: Learner;
let rows: RolloutRow[];
let result: RolloutResult;

beforeAll(async () => {
  gpu = await openTestGpu();
  learner = make(3);
  rows = learner.questions(UPDATE);
  result = await roll(learner, { mode: 'sample' });
});
afterAll(() => gpu.close());

function make(maxRevisions: number): Learner {
  const made = smallLearner(gpu, { prompts: 6, groupSize: 4, maxRevisions });
  made.startFrom(shippedBase(made));
  return made;
}

function roll(by: Learner, review: Pick<ReviewOptions, 'mode'> & Partial<ReviewOptions>): Promise<RolloutResult> {
  const given = { margin: 0, gate: 'model', cut: 'model', ...review } as const;
  return by.rollout.run(by.optimizer.params, rows, { ...by.rolloutOptions(UPDATE), review: given });
}

const textOf = (side: TrajectorySide, b: number, length = side.lengths[b]!) => {
  const start = b * learner.positions;
  return [side.tokens, side.logProbs].map((list) => [...list.subarray(start, start + length)]);
};

describe('several revisions of one trajectory', () => {
  it('go on only where the last review cut, each from the text that this cut led to', () => {
    const rounds = reviewRounds(result);
    expect(rounds).toHaveLength(3);
    const counts = rounds.map(({ reviews }) => reviews.reviewed.reduce((a, x) => a + x, 0));
    expect(counts[0]).toBe(rows.length);
    expect(counts[2]).toBeGreaterThan(0);
    expect(counts[1]).toBeLessThan(rows.length);
    let changed = 0;
    rounds.forEach(({ draft, reviews, after }, r) => {
      rows.forEach((_, b) => {
        const cut = reviews.cuts[b]!;
        const keep = cut === 0 ? undefined : draft.stepStarts[b * MAX_STEPS + cut - 1]!;
        expect(textOf(after, b, keep)).toEqual(textOf(draft, b, keep));
        if (cut > 0 && String(textOf(after, b)) !== String(textOf(draft, b))) changed += 1;
        if (r + 1 < rounds.length) expect(rounds[r + 1]!.reviews.reviewed[b]).toBe(cut > 0 ? 1 : 0);
      });
    });
    expect(changed).toBeGreaterThan(counts[1]! / 2);
  });

  it('read back once, and begin as a run with one revision', async () => {
    const reads = learner.readback.count;
    await roll(learner, { mode: 'sample' });
    expect(learner.readback.count - reads).toBe(1);
    const single = make(1);
    const one = await roll(single, { mode: 'sample' });
    expect([one.draft, one.reviews, one.later]).toEqual([result.draft, result.reviews, []]);
    expect(one.final).toEqual(result.later[0]!.draft);
    single.destroy();
  });

  it('agree with a teacher-forced pass, each under the random numbers of its own attempt', async () => {
    const table = await teacherForced(learner, rows, result, UPDATE);
    for (const { logProb, got, lower, upper, uniform } of table) {
      expect(Math.abs(logProb - got)).toBeLessThan(1e-4);
      expect(uniform).toBeGreaterThan(lower - 1e-5);
      expect(uniform).toBeLessThan(upper + 1e-5);
    }
    expect(table.length).toBeGreaterThan(500);
  });

  it('are all made where every draft is cut, and all start again where the cut is the first step', async () => {
    const always = await roll(learner, { mode: 'sample', gate: 'always', cut: 'first' });
    expect(rows.map((_, b) => revisionsOf(always, b))).toEqual(rows.map(() => 3));
    expect([...earliestCuts(always)]).toEqual(rows.map(() => 1));
    expect(reviewMetrics(always)).toMatchObject({ revisions: 3, revisionRate: 1 });
    // Each attempt is a whole trajectory: four of them, and three integers.
    const written = [always.draft, ...always.later.map(({ draft }) => draft), always.final].flatMap((side) =>
      rows.map((_, b) => textOf(side, b)[1]!.filter((logProb) => logProb !== 0).length),
    );
    const { sampledTokens } = tokenMetrics(always, learner.family.schema.vocabulary, learner.positions, true);
    expect(sampledTokens).toBe(written.reduce((a, n) => a + n, 0) + 3 * rows.length);
  });

  it('train each review on the text that it read', () => {
    const advantages = rows.map((_, b) => b - 3);
    const rounds = reviewRounds(result);
    const scores = reviewAdvantages(result, advantages, learner.config);
    const actions = reviewActions(result, scores);
    expect(actions).toHaveLength(rounds.reduce((n, { reviews }) => n + reviews.reviewed.filter(Boolean).length, 0));
    for (const { side, row, integer, logProbs, advantage } of actions) {
      const { draft, reviews } = rounds.find((round) => round.draft === side)!;
      expect(integer).toBe(reviews.integers[row]);
      expect(logProbs).toEqual(reviews.logProbs.subarray(row * 6, row * 6 + 6));
      expect(advantage).toBe(integer === 0 ? 0 : result.final.rewards[row]! - draft.rewards[row]!);
    }
    const group = reviewAdvantages(result, advantages, { ...learner.config, refinerAdvantage: 'group' });
    group.forEach((list, r) => {
      expect([...list]).toEqual(rows.map((_, b) => (rounds[r]!.reviews.reviewed[b] === 1 ? b - 3 : 0)));
    });
  });
});
