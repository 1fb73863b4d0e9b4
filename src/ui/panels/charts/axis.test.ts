import { describe, expect, it } from 'vitest';
import { axisSpan, axisTicks, tickLabel } from './axis';

describe('the shared axis', () => {
  it('gives a short run room to grow', () => {
    expect(axisSpan([])).toEqual([0, 10]);
    expect(axisSpan([{ update: 3 }, { update: 5 }])).toEqual([3, 13]);
    expect(axisSpan([{ update: 1 }, { update: 50 }])).toEqual([1, 50]);
  });

  it('ticks at round updates inside the span', () => {
    expect(axisTicks([1, 47])).toEqual([10, 20, 30, 40]);
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
