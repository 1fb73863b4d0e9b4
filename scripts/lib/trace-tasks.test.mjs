import { expect, it } from 'vitest';
import { mainThreadTasks } from './trace-tasks.mjs';

const thread = (tid, name) => ({ name: 'thread_name', ph: 'M', pid: 1, tid, args: { name } });
const task = (tid, ts, tdur, dur = tdur) => ({ name: 'RunTask', ph: 'X', pid: 1, tid, ts, dur, tdur });

it('sums thread time of the page’s main thread alone, and knows long tasks from those that only waited', () => {
  const events = [
    thread(1, 'CrRendererMain'),
    thread(2, 'Compositor'),
    task(1, 1_000_000, 4000),
    task(1, 1_100_000, 60_000, 90_000),
    task(1, 1_300_000, 16_000, 700_000),
    task(2, 1_400_000, 500_000),
    { name: 'Commit', ph: 'X', pid: 1, tid: 1, ts: 1_200_000, dur: 10, tdur: 10 },
  ];
  expect(mainThreadTasks(events)).toEqual({
    wallMs: 1000,
    threadMs: 80,
    frames: 1,
    perFrameMs: (80 * (1000 / 60)) / 1000,
    longestMs: 60,
    over50: 1,
  });
});

it('refuses a trace without a page or without thread times', () => {
  expect(() => mainThreadTasks([thread(1, 'CrBrowserMain'), task(1, 5, 5)])).toThrow('no task');
  expect(() => mainThreadTasks([thread(1, 'CrRendererMain'), { ...task(1, 5, 0) }])).toThrow('no thread time');
});
