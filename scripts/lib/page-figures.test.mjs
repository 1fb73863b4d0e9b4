import { it } from 'vitest';
import { expectSchema } from '../../src/testing/schemas/expect-schema';
import { clockNoise } from './clock-noise.mjs';
import { browsingRow, mainThreadFigures, pageFigures, startupFigures, trainingRow } from './page-figures.mjs';
import { mainThreadTasks } from './trace-tasks.mjs';

const ADAPTER = { vendor: 'google', architecture: 'swiftshader', device: '', description: '', software: true };
const MARKS = {
  firstPaint: 90,
  studio: 80,
  charts: 300,
  recorded: 310,
  moved: 900,
  ready: 800,
  pressed: 801,
  update: 2500,
  lesson: 700,
};
const TASKS = mainThreadTasks([
  { name: 'thread_name', ph: 'M', pid: 1, tid: 1, args: { name: 'CrRendererMain' } },
  { name: 'RunTask', ph: 'X', pid: 1, tid: 1, ts: 1000, dur: 4000, tdur: 4000 },
]);

it('the figures of the page are as docs/schema says', () => {
  const sent = { cold: new Map([['HTML', 900]]), warm: new Map([['worlds', 10]]) };
  const page = { version: '140.0', adapter: ADAPTER, link: '#v1&preset=search-r2' };
  const startup = startupFigures(page, [{ cold: MARKS, warm: MARKS }], sent);
  const rows = [trainingRow('training', 3, ADAPTER, TASKS), browsingRow('filter', 20, TASKS)];
  const mainThread = mainThreadFigures('140.0', clockNoise(1), rows);
  const files = [{ startup, mainThread }, { startup }, { mainThread }].map(pageFigures);
  // As JSON, where what is undefined is missing.
  expectSchema('bench-page', JSON.parse(JSON.stringify(files)));
});
