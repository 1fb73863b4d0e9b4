/** Each setting that the arithmetic uses, at the ends of its range: a run goes on with finite numbers, or ends in words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SETTING_KEYS, settingOf, type RunConfig } from '../../config/schema';
import type { Gpu } from '../../gpu/device';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import { NotFiniteError } from './not-finite';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.close());

const GROUPS = ['Objective', 'Refiner', 'Reward'];
const UPDATES = 3;

interface Extreme {
  key: string;
  value: number;
}

const EXTREMES = SETTING_KEYS.flatMap((key): Extreme[] => {
  const setting = settingOf(key);
  if (setting.kind === 'enum' || !GROUPS.includes(setting.group)) return [];
  return [
    { key, value: setting.min },
    { key, value: setting.max },
  ];
});
const allAt = (end: 'min' | 'max'): Record<string, number> =>
  Object.fromEntries(
    SETTING_KEYS.flatMap((key) => {
      const setting = settingOf(key);
      return setting.kind === 'enum' || setting.group !== 'Objective' ? [] : [[key, setting[end]]];
    }),
  );

/** @returns how many updates were fine, and why it ended where it did */
async function run(overrides: Partial<RunConfig>): Promise<{ fine: number; told: string | null }> {
  const learner = smallLearner(gpu, { prompts: 2, groupSize: 4, process: 'passage', combine: 'sum', ...overrides });
  try {
    learner.startFrom(shippedBase(learner));
    for (let fine = 0; fine < UPDATES; fine += 1) {
      const metrics = await (
        await learner.update()
      ).metrics.catch((error: unknown) => {
        if (error instanceof NotFiniteError) return error;
        throw error;
      });
      // Whatever comes of it, what can be saved is finite.
      expect((await learner.parameters()).every(Number.isFinite)).toBe(true);
      if (metrics instanceof NotFiniteError) return { fine, told: (await learner.locate(metrics)).message };
      for (const value of Object.values(metrics)) expect(value === null || Number.isFinite(value)).toBe(true);
    }
    return { fine: UPDATES, told: null };
  } finally {
    learner.destroy();
  }
}

function expectEnd({ fine, told }: Awaited<ReturnType<typeof run>>): void {
  if (told === null) expect(fine).toBe(UPDATES);
  else expect(told).toMatch(/^Update \d gave numbers that are not finite \(.+\)/);
}

describe('settings at their extremes', () => {
  it('are all that a formula has', () => {
    expect(EXTREMES.length).toBeGreaterThan(30);
    expect(EXTREMES).toContainEqual({ key: 'learningRate', value: 0.1 });
  });

  it.each(EXTREMES)('$key = $value', async ({ key, value }) => expectEnd(await run({ [key]: value })));

  it.each([
    ['all at the least', allAt('min')],
    ['all at the most', allAt('max')],
    ['a learning rate at the most with clipping of nothing', { learningRate: 0.1, maxGradNorm: 1000 }],
    ['a second network at the most', { refinerWeights: 'separate' as const, refinerLearningRate: 0.1 }],
    ['no memory of gradients at all', { beta1: 0, beta2: 0, learningRate: 0.1 }],
  ])('%s', async (_, overrides) => expectEnd(await run(overrides)));

  it.each([
    { warmStartLearningRate: 0 },
    { warmStartLearningRate: 0.1 },
    { reviewTokenWeight: 0 },
    { reviewTokenWeight: 100, warmStartLearningRate: 0.1 },
  ])('of the warm start: %o', async (overrides) => {
    const learner = smallLearner(gpu, { warmStartBatches: 4, warmStartBatchSize: 4, ...overrides });
    const warm = learner.warmStart();
    for (let step = 0; step < 4; step += 1) await warm.step(step);
    const loss = await warm.loss().catch((error: unknown) => {
      if (error instanceof NotFiniteError) return error.message;
      throw error;
    });
    if (typeof loss === 'string') expect(loss).toMatch(/^The warm start gave numbers that are not finite/);
    else expect(Number.isFinite(loss)).toBe(true);
    learner.destroy();
  });
});
