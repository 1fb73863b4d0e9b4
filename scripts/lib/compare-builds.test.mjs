import { expect, it } from 'vitest';
import { expectSchema } from '../../src/testing/schemas/expect-schema';
import { buildsFigures, buildsTable, sideRow } from './compare-builds.mjs';

const ADAPTER = { vendor: 'mesa', architecture: '', device: '', description: 'llvmpipe', software: true };
const lap = (ms, cpuMs, hash) => ({ ms, cpuMs, tokens: 6400, hash });
const counts = (steps) => ({ steps, dispatches: 16 * steps, reads: 1, liveBytes: 2 ** 20 });
const before = sideRow('against', counts(205), [lap(300, 200, 'a'), lap(310, 240, 'b'), lap(900, 220, 'c')]);
const now = sideRow('this', counts(81), [lap(100, 100, 'a'), lap(90, 80, 'b'), lap(95, 100, 'c')]);
const setting = { size: 'tiny', prompts: 8, groupSize: 8 };
const figures = (sides, adapter = ADAPTER) =>
  buildsFigures('0123456789abcdef', null, 7, adapter, [{ setting, work: 'rollout', sides }]);

it('two builds are compared round by round, by processor time where that is what computes', () => {
  const text = buildsTable(figures([before, now]));
  expect(text).toContain('this build and 0123456789ab, ratios by processor time; draw 7');
  expect(text).toContain('rollout, tiny, 8 x 8: 2.20 times (2.00 to 3.00), the same bits');
  expect(text).toMatch(/against +205 +3280 +310 +220 +20645 +1\.0/);
  expect(text).toMatch(/this +81 +1296 +95 +100 +67368 +1\.0/);
  const byClock = buildsTable(figures([before, now], { ...ADAPTER, software: false }));
  expect(byClock).toContain('rollout, tiny, 8 x 8: 3.44 times (3.00 to 9.47)');
});

it('other results are told', () => {
  const other = { ...now, hashes: ['a', 'b', 'd'] };
  expect(buildsTable(figures([before, other]))).toContain(', other bits');
  expect(buildsTable(figures([now]))).toContain('rollout, tiny, 8 x 8\n');
});

it('a build is compared with itself, with and without rows at once', () => {
  const rows = [{ setting, work: 'rollout', sides: [before, now] }];
  const twice = buildsFigures(null, 2, 7, { ...ADAPTER, software: false }, rows);
  const text = buildsTable(twice);
  expect(text).toContain('2 at once (this) and a kernel an operation (against), ratios by the clock; draw 7');
  expect(text).toContain('rollout, tiny, 8 x 8: 3.44 times (3.00 to 9.47), the same bits');
  expectSchema('bench-builds', [twice]);
});

it('the figures are as docs/schema says', () => {
  expectSchema('bench-builds', [figures([before, now]), { ...figures([now]), against: null }]);
});
