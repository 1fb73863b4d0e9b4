import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/device';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import { expectSchema } from '../../testing/schemas/expect-schema';
import { RunFolder } from '../files/run-folder';
import { evaluate } from '../../rl/measuring/evaluate';
import { measureTries } from '../../rl/measuring/measure-tries';
import { areTriesLeft, recordTries } from './tries-lines';

let gpu: Gpu;
let path = '';
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.close());
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'tries-lines-'));
});
afterEach(() => {
  rmSync(path, { recursive: true });
});

const never = () => false;

it('writes one line, also after an interrupt, and the same one when it is measured again', async () => {
  const folder = RunFolder.create(path);
  const learner = smallLearner(gpu, { refiner: 'model' });
  learner.startFrom(shippedBase(learner));
  let asked = 0;
  expect(await recordTries(learner, folder, 2, 8, () => ++asked > 20)).toBe(false);
  expect(areTriesLeft(folder, 2, { updates: 0, asked: 8 })).toBe(true);
  expect(await recordTries(learner, folder, 2, 8, never)).toBe(true);
  expect(await recordTries(learner, folder, 2, 8, never)).toBe(true);
  const [line, ...more] = folder.readLines('tries');
  expect(more).toEqual([]);
  expectSchema('tries', [line]);
  expect(line).toMatchObject({ update: 0, questions: 8, tries: 2 });
  expect(areTriesLeft(folder, 2, { updates: 0, asked: 8 })).toBe(false);
  expect(areTriesLeft(folder, 3, { updates: 0, asked: 8 })).toBe(true);
  expect(areTriesLeft(folder, 2, { updates: 1, asked: 8 })).toBe(true);
  expect(areTriesLeft(folder, 2, { updates: 0, asked: 9 })).toBe(true);
  expect(areTriesLeft(folder, undefined, { updates: 1, asked: 8 })).toBe(false);

  rmSync(folder.file('tries'));
  await recordTries(learner, folder, 2, 8, never);
  expect(folder.readLines('tries')).toEqual([line]);

  // The greedy try is the evaluation's, alone and with its cuts; sampled tries cost what is written after their cuts too.
  const evaluation = await evaluate(learner, never, 8);
  const lines = (await measureTries(learner, 2, 8)).lines;
  const at = (first: string, rule: string) => lines.find((one) => one.first === first && one.rule === rule)!;
  expect(at('greedy', 'one').em).toBe(evaluation['emGreedy']);
  expect(at('greedy', 'refined').em).toBe(evaluation['emGreedyRefined']);
  expect(at('sampled', 'refined').tokens).toBeGreaterThan(at('sampled', 'one').tokens);
  expect(at('sampled', 'any').em).toBeGreaterThanOrEqual(at('sampled', 'vote').em);
});
