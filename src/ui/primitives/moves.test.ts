import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutByKey, drawTo, moveTo, nearest, setPoint, valueByKey } from './moves';

describe('an order', () => {
  it('moves one item and keeps the others as they were among themselves', () => {
    expect(moveTo([3, 1, 2, 0], 0, 2)).toEqual([1, 2, 3, 0]);
    expect(moveTo([3, 1, 2, 0], 3, 0)).toEqual([0, 3, 1, 2]);
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 });
    const place = fc.integer({ min: 0, max: 4 });
    fc.assert(
      fc.property(order, place, place, (before, from, to) => {
        const after = moveTo(before, from, to);
        expect(after[to]).toBe(before[from]);
        const rest = (list: readonly number[]) => list.filter((item) => item !== before[from]);
        expect(rest(after)).toEqual(rest(before));
      }),
    );
  });

  it.each([
    [0, 0],
    [0, -1],
    [2, 3],
    [3, 0],
  ])('stays as it is from %i to %i', (from, to) => {
    const order = [2, 0, 1];
    expect(moveTo(order, from, to)).toBe(order);
  });
});

describe('scissors', () => {
  it.each([
    ['ArrowRight', -1, 0],
    ['ArrowLeft', -1, 0],
    ['ArrowRight', 0, 1],
    ['ArrowUp', 3, 4],
    ['ArrowRight', 4, 4],
    ['ArrowDown', 2, 1],
    ['ArrowLeft', 0, 0],
    ['Home', 3, 0],
    ['End', -1, 4],
    ['0', 3, 0],
    ['4', 0, 4],
    ['5', 0, null],
    ['a', 1, null],
    ['Tab', 1, null],
  ])('by %s from %i go to %s of four steps', (key, from, to) => {
    expect(cutByKey(key, from, 4)).toBe(to);
  });
});

describe('a curve', () => {
  const range = { min: 0, max: 1, step: 0.02 };

  it.each([
    ['ArrowUp', 0.5, 0.52],
    ['ArrowRight', 0.5, 0.52],
    ['ArrowDown', 0.5, 0.48],
    ['ArrowUp', 1, 1],
    ['ArrowLeft', 0, 0],
    ['PageUp', 0.5, 0.6],
    ['PageDown', 0.04, 0],
    ['Home', 0.5, 0],
    ['End', 0.5, 1],
    // From a value that no key reaches to the nearest that one does.
    ['ArrowUp', 0.164, 0.18],
    ['Enter', 0.5, null],
  ])('by %s from %d goes to %s', (key, from, to) => {
    expect(valueByKey(key, from, range)).toBe(to);
  });

  it('has only values that the keys reach, between its ends', () => {
    fc.assert(
      fc.property(fc.double({ min: -2, max: 3, noNaN: true }), (value) => {
        const taken = nearest(value, range);
        expect(taken).toBeGreaterThanOrEqual(0);
        expect(taken).toBeLessThanOrEqual(1);
        expect(nearest(taken, range)).toBe(taken);
        expect(Math.abs(taken * 50 - Math.round(taken * 50))).toBeLessThan(1e-9);
      }),
    );
  });

  it('is level with the first point that is touched, then moves point by point', () => {
    const first = setPoint([], 3, 1, 0.4);
    expect(first).toEqual([0.4, 0.4, 0.4]);
    expect(setPoint(first, 3, 2, 0.8)).toEqual([0.4, 0.4, 0.8]);
  });

  it('leaves no gap where the pointer was quick', () => {
    expect(drawTo([0, 0, 0, 0, 0], 5, { at: 0, value: 0 }, { at: 4, value: 1 })).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(drawTo([0, 0, 0, 0, 9], 5, { at: 3, value: 1 }, { at: 1, value: 0 })).toEqual([0, 0, 0.5, 0, 9]);
  });
});
