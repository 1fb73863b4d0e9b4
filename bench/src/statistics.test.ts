import { describe, expect, it } from 'vitest';
import { difference, ratios, spread, summarise, type Lap } from './statistics';

function laps(...pairs: [number, number | null][]): Lap[] {
  return pairs.map(([ms, cpuMs]) => ({ ms, cpuMs }));
}

it('spread gives median and ends', () => {
  expect(spread([3, 1, 10])).toEqual({ median: 3, min: 1, max: 10 });
});

describe('summarise', () => {
  it('gives rates at the medians; norm is as if all cores were free', () => {
    const summary = summarise(laps([500, 800], [100, 200], [250, 400]), 50, 2);
    expect(summary.ms.median).toBe(250);
    expect(summary.rate).toBe(200);
    // 50 in 0.4 CPU seconds, which two cores spend in 0.2.
    expect(summary.norm).toBe(250);
  });

  it('has no norm where CPU time is not counted, or too small to be seen', () => {
    expect(summarise(laps([10, null], [12, null]), 5, 2).norm).toBeNull();
    expect(summarise(laps([10, 3], [12, 0]), 5, 2).cpuMs).toBeNull();
  });
});

describe('ratios', () => {
  it('are taken within each round, so that a slow moment of the machine cancels', () => {
    const { wall, cpu } = ratios(laps([10, 4], [100, 4], [20, 5]), laps([30, 8], [300, 10], [40, 20]));
    expect(wall).toEqual({ median: 3, min: 2, max: 3 });
    expect(cpu).toEqual({ median: 2.5, min: 2, max: 4 });
  });

  it('have no CPU ratio where one side has no CPU time', () => {
    expect(ratios(laps([10, 4]), laps([30, null])).cpu).toBeNull();
  });
});

describe('difference', () => {
  const tolerance = { rtol: 1e-2, atol: 1e-1 };

  it('allows atol and rtol together', () => {
    expect(difference([100, 0.09], [101, 0], tolerance)).toEqual({ max: 1, equal: true });
    expect(difference([0.11], [0], tolerance).equal).toBe(false);
    expect(difference([102], [100], tolerance)).toEqual({ max: 2, equal: false });
  });

  it('never calls NaN, infinities or other lengths equal', () => {
    expect(difference([NaN], [NaN], tolerance).equal).toBe(false);
    expect(difference([Infinity], [Infinity], tolerance).equal).toBe(false);
    expect(difference([1], [1, 2], tolerance)).toEqual({ max: Infinity, equal: false });
  });
});
