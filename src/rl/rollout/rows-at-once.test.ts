/** Rollouts whose single tokens go through all layers in one dispatch, beside rollouts of a kernel an operation. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { MAX_STEPS, STEP_CHOICES } from '../../env/episode-limits';
import type { Gpu } from '../../gpu/device';
import { teacherForced } from '../../testing/engine/teacher-forced';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import type { Learner } from '../learning/learner';
import type { RolloutResult, RolloutRow } from './rollout';

const UPDATE = 3;
let gpu: Gpu;
let learner: Learner;
let rows: RolloutRow[];
/** Of a kernel an operation, in the form that GPUs run. */
let first: RolloutResult;

beforeAll(async () => {
  gpu = await openTestGpu();
  gpu.variants.cooperative = true;
  learner = smallLearner(gpu);
  learner.startFrom(shippedBase(learner));
  rows = learner.questions(UPDATE);
  first = await roll(0);
});
afterAll(() => gpu.close());

async function roll(rowsAtOnce: number, some = rows): Promise<RolloutResult> {
  await learner.rollout.takeAtOnce(rowsAtOnce);
  expect(learner.rollout.atOnce?.rows ?? 0).toBe(rowsAtOnce);
  return learner.rollout.run(learner.optimizer.params, some, learner.rolloutOptions(UPDATE));
}

/** Everything that came back, of rows in the order given. */
const numbers = ({ draft, final, reviews }: RolloutResult, order = rows.map((_, b) => b)) =>
  order.map((b) => {
    const T = learner.positions;
    const sides = [draft, final].map((side) => ({
      tokens: [...side.tokens.subarray(b * T, b * T + side.lengths[b]!)],
      logProbs: [...side.logProbs.subarray(b * T, (b + 1) * T)],
      entropies: [...side.entropies.subarray(b * T, (b + 1) * T)],
    }));
    return { sides, cut: reviews.cuts[b], review: [...reviews.logProbs.subarray(b * 6, (b + 1) * 6)] };
  });

it.each([1, 2] as const)('the same to the last bit, %i at once, and with any company', async (rowsAtOnce) => {
  expect(new Set(first.reviews.cuts).size).toBeGreaterThan(1);
  const whole = await roll(rowsAtOnce);
  expect(numbers(whole)).toEqual(numbers(first));
  expect(numbers(await roll(rowsAtOnce))).toEqual(numbers(first));
  const few = await roll(rowsAtOnce, [rows[7]!, rows[2]!, rows[5]!]);
  expect(numbers(few, [0, 1, 2])).toEqual(numbers(first, [7, 2, 5]));
});

it('a token is four dispatches', async () => {
  const { recorder, table } = learner;
  await roll(1);
  const before = recorder.counts.dispatches;
  await roll(1);
  const { layers } = table.shape;
  // Blocks, an eighth of the steps, and the review take a kernel an operation. The weights are copied once.
  const blocks = 2 * MAX_STEPS * (5 * layers + 6);
  const tokens = 2 * MAX_STEPS * (STEP_CHOICES - 1) * 4;
  expect(recorder.counts.dispatches - before).toBe(blocks + tokens + (5 * layers + 5) + 1);
});

it('what is sampled agrees with a forward pass over the whole texts', async () => {
  const table = await teacherForced(learner, rows, await roll(2), UPDATE);
  for (const { logProb, got, lower, upper, uniform } of table) {
    expect(Math.abs(logProb - got)).toBeLessThan(1e-4);
    expect(uniform).toBeGreaterThan(lower - 1e-5);
    expect(uniform).toBeLessThan(upper + 1e-5);
  }
  expect(table.length).toBeGreaterThan(100);
});

it('a run chooses when it opens, and nothing on a software adapter', async () => {
  gpu.variants.cooperative = false;
  const compile = vi.spyOn(gpu.pipelines, 'compile').mockResolvedValue();
  await learner.rollout.takeAtOnce(2);
  await learner.compile();
  compile.mockRestore();
  gpu.variants.cooperative = true;
  expect(learner.rollout.atOnce).toBeNull();
});
