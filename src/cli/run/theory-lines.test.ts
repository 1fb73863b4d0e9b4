import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { RunConfig } from '../../config/schema';
import type { Gpu } from '../../gpu/device';
import type { Learner } from '../../rl/learning/learner';
import { openTestGpu, shippedBase, smallLearner } from '../../testing/engine/warm-learner';
import { expectSchema } from '../../testing/schemas/expect-schema';
import { RunFolder } from '../files/run-folder';
import { recordTheoryIfDue } from './theory-lines';

let gpu: Gpu;
let path = '';
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.close());
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'theory-lines-'));
});
afterEach(() => {
  rmSync(path, { recursive: true });
});

function make(overrides: Partial<RunConfig>): Learner {
  const learner = smallLearner(gpu, { theoryQuestions: 4, theoryReplicates: 2, ...overrides });
  learner.startFrom(shippedBase(learner));
  return learner;
}

const never = () => false;

it('writes one line where theoryEvery asks for it, also after an interrupt and in another process', async () => {
  const folder = RunFolder.create(path);
  const learner = make({ theoryEvery: 2 });
  expect(await recordTheoryIfDue(learner, folder, never)).toBe(true);
  expect(await recordTheoryIfDue(learner, folder, never)).toBe(true);
  const [first] = folder.readLines('theory');
  expect(first).toMatchObject({ update: 0, questions: 4, replicates: 2 });
  expect(first!['meters']).toHaveProperty('jBase');
  await learner.update();
  expect(await recordTheoryIfDue(learner, folder, never)).toBe(true);
  expect(folder.readLines('theory')).toEqual([first]);
  await learner.update();
  let asked = 0;
  expect(await recordTheoryIfDue(learner, folder, () => ++asked > 20)).toBe(false);
  expect(folder.readLines('theory')).toEqual([first]);

  const resumed = make({ theoryEvery: 2 });
  resumed.restore(await learner.state());
  expect(await recordTheoryIfDue(resumed, folder, never)).toBe(true);
  expect(folder.readLines('theory')).toHaveLength(2);
  folder.rewind(0);
  expect(await recordTheoryIfDue(learner, folder, never)).toBe(true);
  const second = folder.readLines('theory')[1];
  folder.rewind(0);
  await recordTheoryIfDue(resumed, folder, never);
  expect(folder.readLines('theory')).toEqual([first, second]);
  expectSchema('theory', folder.readLines('theory'));
  learner.destroy();
  resumed.destroy();
});

it('is off unless asked for', async () => {
  const folder = RunFolder.create(path);
  const learner = make({});
  expect(await recordTheoryIfDue(learner, folder, never)).toBe(true);
  expect(existsSync(folder.file('theory'))).toBe(false);
  learner.destroy();
});
