import { describe, expect, it } from 'vitest';
import { stripPaths } from './strip-paths';

describe('stripPaths', () => {
  it('draws a cell from each update to the next, in one path for each darkness', () => {
    const points = [
      { update: 0, share: 0.25 },
      { update: 2, share: 0.98 },
      { update: 4, share: 0.26 },
      { update: 6, share: 0.002 },
      { update: 8, share: null },
      { update: 10, share: 1.5 },
    ];
    expect(stripPaths(points, 'share', [0, 10], 100, 9)).toEqual([
      { level: 0.5, path: 'M0 0h20v9H0zM40 0h20v9H40z' },
      { level: 1, path: 'M20 0h20v9H20zM100 0h1v9H100z' },
    ]);
  });

  it('begins where the axis begins, and the newest cell is one update wide', () => {
    const points = [
      { update: 101, share: 1 },
      { update: 103, share: 0.25 },
    ];
    expect(stripPaths(points, 'share', [100, 110], 100, 9)).toEqual([
      { level: 0.5, path: 'M30 0h10v9H30z' },
      { level: 1, path: 'M10 0h20v9H10z' },
    ]);
  });
});
