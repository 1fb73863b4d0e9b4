import { describe, expect, it } from 'vitest';
import { PhiloxStream, PURPOSES } from './philox';
import { bootstrapInterval, bootstrapIntervals, mean, median, quantile, sampleStd } from './stats';

describe('stats', () => {
  it('agrees with hand-worked values', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(sampleStd([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(quantile([3, 1], 1)).toBe(3);
  });

  it('has defined answers for empty and single lists', () => {
    expect(mean([])).toBeNaN();
    expect(quantile([], 0.5)).toBeNaN();
    expect(sampleStd([])).toBe(0);
    expect(sampleStd([7])).toBe(0);
    expect(median([7])).toBe(7);
    expect(() => quantile([1], 1.5)).toThrow('between 0 and 1');
  });

  it('bootstraps an interval as wide as theory says, and the same every time', () => {
    const source = new PhiloxStream(3, PURPOSES.sweep);
    const values = Array.from({ length: 200 }, () => source.normal());
    const interval = bootstrapInterval(values, new PhiloxStream(4, PURPOSES.sweep));
    expect(interval.low).toBeLessThan(mean(values));
    expect(interval.high).toBeGreaterThan(mean(values));
    const expectedWidth = (2 * 1.96 * sampleStd(values)) / Math.sqrt(values.length);
    expect((interval.high - interval.low) / expectedWidth).toBeGreaterThan(0.85);
    expect((interval.high - interval.low) / expectedWidth).toBeLessThan(1.15);
    expect(bootstrapInterval(values, new PhiloxStream(4, PURPOSES.sweep))).toEqual(interval);
    expect(bootstrapInterval([], source)).toEqual({ low: NaN, high: NaN });
  });

  it('bootstraps any statistics of units drawn again', () => {
    const source = new PhiloxStream(5, PURPOSES.sweep);
    const values = Array.from({ length: 100 }, () => source.normal());
    let drawn = 0;
    const statistics = (counts: Float64Array) => {
      drawn += 1;
      expect(counts.reduce((sum, n) => sum + n, 0)).toBe(100);
      const sum = values.reduce((all, value, i) => all + value * counts[i]!, 0);
      return { mean: sum / 100, first: counts[0]! > 0 ? 1 : null, never: null };
    };
    const intervals = bootstrapIntervals(100, statistics, new PhiloxStream(6, PURPOSES.sweep), 400, 0.9);
    expect(drawn).toBe(400);
    expect(Object.keys(intervals)).toEqual(['mean', 'first']);
    expect(intervals['first']).toEqual({ low: 1, high: 1 });
    const { low, high } = intervals['mean']!;
    expect((high - low) / ((2 * 1.645 * sampleStd(values)) / 10)).toBeCloseTo(1, 0);
    expect(low).toBeLessThan(mean(values));
    expect(high).toBeGreaterThan(mean(values));
  });
});
