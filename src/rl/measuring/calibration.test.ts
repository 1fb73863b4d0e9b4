import { describe, expect, it } from 'vitest';
import { calibrate } from './calibration';

describe('calibration', () => {
  it('is worked out by hand', () => {
    const { bins, brier, brierReference, error, auc } = calibrate(
      [0.1, 0.2, 0.9, 1],
      [0, 1, 1, 1],
      [0.25, 0.25, 0.25, 0.25],
      2,
    );
    expect(bins.map(({ from, to, share, observed }) => [from, to, share, observed])).toEqual([
      [0, 0.5, 0.5, 0.5],
      [0.5, 1, 0.5, 1],
    ]);
    [0.15, 0.95].forEach((predicted, k) => expect(bins[k]!.predicted).toBeCloseTo(predicted, 12));
    expect(brier).toBeCloseTo((0.01 + 0.64 + 0.01 + 0) / 4, 12);
    expect(brierReference).toBeCloseTo(0.1875, 12);
    expect(error).toBeCloseTo(0.5 * 0.35 + 0.5 * 0.05, 12);
    expect(auc).toBe(1);
  });

  it('counts ties half, weighs, and knows what it cannot say', () => {
    expect(calibrate([0.5, 0.5], [0, 1], [0.5, 0.5]).auc).toBe(0.5);
    expect(calibrate([0.9, 0.1, 0.5], [0, 1, 1], [0.5, 0.5, 0]).auc).toBe(0);
    expect(calibrate([0.3, 0.4], [0, 0], [0.5, 0.5]).auc).toBeNull();
    const sure = calibrate([0.3], [1], [1]);
    expect([sure.auc, sure.brierReference]).toEqual([null, 0]);
    expect(sure.bins[0]).toEqual({ from: 0, to: 0.1, share: 0, predicted: null, observed: null });
  });

  it('weighs the cases by what they are given, in every number', () => {
    // The event happened at 0.2 and at 1, which ends the last bin; the third bin is empty.
    const { bins, brier, brierReference, error, auc } = calibrate([0.2, 0.3, 1], [1, 0, 1], [0.125, 0.375, 0.5], 4);
    expect(bins.map(({ share }) => share)).toEqual([0.125, 0.375, 0, 0.5]);
    expect(bins.map(({ predicted }) => predicted)).toEqual([0.2, expect.closeTo(0.3, 12), null, 1]);
    expect(bins.map(({ observed }) => observed)).toEqual([1, 0, null, 1]);
    expect(bins.map(({ from, to }) => [from, to])).toEqual([0, 1, 2, 3].map((k) => [k / 4, (k + 1) / 4]));
    expect(brier).toBeCloseTo(0.125 * 0.64 + 0.375 * 0.09, 12);
    expect(brierReference).toBeCloseTo(0.625 * 0.375, 12);
    expect(error).toBeCloseTo(0.125 * 0.8 + 0.375 * 0.3, 12);
    // Of all pairs, 0.625 x 0.375, those with the event at 1 are in order and those with it at 0.2 are not.
    expect(auc).toBeCloseTo(0.5 / 0.625, 12);
  });
});
