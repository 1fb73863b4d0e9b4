import { describe, expect, it } from 'vitest';
import { axisSpan, axisTicks, tickLabel } from './axis';

describe('the shared axis', () => {
  it('gives a short run room to grow', () => {
    expect(axisSpan([])).toEqual([0, 10]);
    expect(axisSpan([{ update: 3 }, { update: 5 }])).toEqual([3, 13]);
    expect(axisSpan([{ update: 1 }, { update: 50 }])).toEqual([1, 50]);
    expect(axisSpan([{ update: 1 }, { update: 30 }, { update: 50 }])).toEqual([1, 50]);
  });

  it('ticks at round updates inside the span', () => {
    expect(axisTicks([1, 47])).toEqual([10, 20, 30, 40]);
    // Both ends count where they are round, and a step may be just as long as a fifth of the span.
    expect(axisTicks([0, 10])).toEqual([0, 2, 4, 6, 8, 10]);
    expect(axisTicks([0, 25])).toEqual([0, 5, 10, 15, 20, 25]);
    expect(axisTicks([1, 400])).toEqual([100, 200, 300, 400]);
    expect(axisTicks([701, 4700])).toEqual([1000, 2000, 3000, 4000]);
    for (const last of [10, 11, 99, 100, 1234, 4000]) {
      const ticks = axisTicks([0, last]);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(6);
    }
  });

  it('names small numbers in the room that there is', () => {
    expect([0, 0.5, 0.001, 0.00015, 0.0003, -0.00015].map(tickLabel)).toEqual([
      ...['0', '0.5', '0.001', '1.5e−4', '3e−4', '−1.5e−4'],
    ]);
  });
});
