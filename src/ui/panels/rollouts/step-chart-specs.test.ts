import { describe, expect, it } from 'vitest';
import { stepCharts, valueSpan } from './step-chart-specs';
import type { StepPoint } from './step-chart-specs';

const POINT: StepPoint = {
  ...{ step: 1, rows: 8, groups: 2, realGroups: 2, equalGroups: 1, known: 8 },
  ...{ em: 0.5, emDraft: 0.25, reward: 0.75, searches: 1.5, size: 900 },
};
const TEXT = { reviewed: false, sizeUnit: 'characters' } as const;
const titles = (points: readonly StepPoint[], of: Parameters<typeof stepCharts>[1] = TEXT) =>
  stepCharts(points, of).map(({ title }) => title);

describe('charts over steps', () => {
  it('draw what the file has', () => {
    expect(titles([POINT])).toEqual(['Reward', 'Exact match', 'Searches', 'Length', 'Equal rewards']);
    expect(titles([{ ...POINT, searches: 0, realGroups: 0, equalGroups: 0 }])).toEqual([
      'Reward',
      'Exact match',
      'Length',
    ]);
    const values = stepCharts([POINT], TEXT).map(({ series }) => series.map(({ valueOf }) => valueOf(POINT)));
    expect(values).toEqual([[0.75], [0.5], [1.5], [900], [0.5]]);
  });

  it('draw the draft beside the final side where there is a review, and tell tokens from characters', () => {
    const charts = stepCharts([POINT], { reviewed: true, sizeUnit: 'tokens' });
    expect(charts[1]?.series.map(({ label, valueOf }) => [label, valueOf(POINT)])).toEqual([
      ['final', 0.5],
      ['draft', 0.25],
    ]);
    expect(charts[3]?.unit).toBe('tokens, passages included');
  });

  it('say that exact match is unknown where it is at every step', () => {
    const unknown = { ...POINT, known: 0, em: null, emDraft: null };
    expect(stepCharts([unknown], TEXT)[1]?.unknown).toContain('Unknown');
    expect(stepCharts([unknown, POINT], TEXT)[1]?.unknown).toBeNull();
  });

  it('stand on 0, unless something lies below it', () => {
    expect(valueSpan([2, 5])).toEqual([0, 5]);
    expect(valueSpan([-1, 5])).toEqual([-1, 5]);
    expect(valueSpan([-2, -1])).toEqual([-2, 0]);
    expect(valueSpan([0])).toEqual([0, 1]);
    expect(valueSpan([0.5], [0, 1])).toEqual([0, 1]);
  });
});
