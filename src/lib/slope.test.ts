import { expect, it } from 'vitest';
import { slopeOf } from './slope';

it('is the line of least squares, with its interval', () => {
  expect(slopeOf([0, 1, 2, 3], [5, 7, 9, 11])).toEqual({ slope: 2, halfWidth: 0 });
  // By hand: residuals (1, -2, 1) / 6 of the line x / 2 - 1 / 6, t of one degree 12.706.
  const { slope, halfWidth } = slopeOf([0, 1, 2], [0, 0, 1]);
  expect(slope).toBeCloseTo(0.5, 12);
  expect(halfWidth).toBeCloseTo(12.7062 * Math.sqrt(1 / 6 / 2), 3);
  expect(() => slopeOf([1, 2], [1, 2])).toThrow(RangeError);
});
