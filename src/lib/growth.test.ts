import { expect, it } from 'vitest';
import { growthOf } from './growth';

const updates = [10, 20, 30, 40, 50];
const series = (values: number[], most: number | null) => ({ name: 'heap', unit: 'B' as const, values, most });

it('is a slope that is surely above what is allowed', () => {
  const grown = series([100, 210, 290, 405, 500], 5);
  expect(growthOf(updates, [grown]).growing).toEqual(['heap']);
  expect(growthOf(updates, [{ ...grown, most: 10 }]).growing).toEqual([]);
  expect(growthOf(updates, [{ ...grown, most: null }]).growing).toEqual([]);
});

it('is none where a reading is as far off as the whole slope', () => {
  expect(growthOf(updates, [series([100, 300, 100, 310, 120], 0)]).growing).toEqual([]);
});

it('tells mean, slope and interval', () => {
  const [line] = growthOf(updates, [series([10, 20, 30, 40, 50], 0)]).lines;
  expect(line).toBe('heap                   mean 30 B, slope 1 +- 0 B an update');
  const [time] = growthOf(updates, [{ name: 'time', unit: 'ms', values: [1, 1, 1, 1, 1], most: null }]).lines;
  expect(time).toBe('time                   mean 1.0 ms, slope 0.0000 +- 0.0000 ms an update');
});
