import { expect, it } from 'vitest';
import { TimeLeft, workLeft } from './time-left';

it('counts updates and evaluations that are left', () => {
  const config = { evalEvery: 20, evalQuestions: 100 };
  expect(workLeft(0, 80, config, 2000)).toEqual({ updates: 80, questions: 3 * 100 + 2000, starts: 0 });
  // The evaluations at 20 and 40, and the last one, which is due whatever evalEvery says.
  expect(workLeft(20, 50, config, 100)).toEqual({ updates: 30, questions: 2 * 100 + 100, starts: 0 });
  expect(workLeft(21, 50, config, 100).questions).toBe(100 + 100);
  expect(workLeft(79, 80, config, 2000).questions).toBe(2000);
  expect(workLeft(80, 80, config, 2000)).toEqual({ updates: 0, questions: 2000, starts: 0 });
  expect(workLeft(0, 80, { ...config, evalEvery: 0 }, 100).questions).toBe(100);
});

it('takes the median of the newest updates and adds evaluations and starts', () => {
  const time = new TimeLeft();
  const work = { updates: 10, questions: 50, starts: 0 };
  time.tookStart(7000);
  expect(time.seconds(work)).toBeUndefined();
  for (const ms of [9000, 1000, 1000]) time.tookUpdate(ms);
  expect(time.seconds(work)).toBe(10);
  time.tookEvaluation(4000, 200);
  expect(time.seconds(work)).toBe(11);
  expect(time.seconds({ ...work, starts: 2 })).toBe(25);
  for (let i = 0; i < 15; i++) time.tookUpdate(2000);
  expect(time.seconds(work)).toBe(21);
});
