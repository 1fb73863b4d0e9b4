import { describe, expect, it } from 'vitest';
import { MAX_CHART_POINTS, MetricHistory, UPDATES_PER_MINUTE } from './metric-history';

function filled(updates: number, capacity?: number): MetricHistory {
  const history = new MetricHistory(capacity);
  for (let update = 1; update <= updates; update += 1) {
    history.push({ update, updateMs: 1000, metrics: { emFinal: update / 7, density: update % 2 ? null : 0.5 } });
  }
  return history;
}

describe('MetricHistory', () => {
  it('gives a short run whole, with the engine’s own numbers', () => {
    const points = filled(3).points(['emFinal', 'density', 'unheardOf']);
    expect(points).toEqual([
      { update: 1, emFinal: 1 / 7, density: null, unheardOf: null },
      { update: 2, emFinal: 2 / 7, density: 0.5, unheardOf: null },
      { update: 3, emFinal: 3 / 7, density: null, unheardOf: null },
    ]);
  });

  it.each([199, 200, 201, 400, 3999, 4000, 9000])('thins %i updates to 200 points and keeps the newest', (updates) => {
    const points = filled(updates).points(['emFinal']);
    expect(points.length).toBeLessThanOrEqual(MAX_CHART_POINTS);
    expect(points.length).toBeGreaterThan(MAX_CHART_POINTS / 2 - 1);
    expect(points.at(-1)?.update).toBe(updates);
    for (const point of points) expect(point['emFinal']).toBe(point.update / 7);
  });

  it('keeps points in place while the run grows within one stride', () => {
    const before = filled(300).points(['emFinal']).slice(0, -1);
    const after = filled(310).points(['emFinal']);
    expect(after.slice(0, before.length)).toEqual(before);
  });

  it('pushes out the oldest and says how many', () => {
    const history = filled(25, 10);
    expect(history.length).toBe(10);
    expect(history.dropped).toBe(15);
    expect(history.at(0)?.update).toBe(16);
    expect(history.latest?.update).toBe(25);
    expect(history.at(10)).toBeUndefined();
  });

  it('finds the nearest kept update, across gaps too', () => {
    const history = new MetricHistory();
    for (const update of [1, 2, 10, 11]) history.push({ update, updateMs: 1, metrics: {} });
    expect(history.nearest(11)?.update).toBe(11);
    expect(history.nearest(99)?.update).toBe(11);
    expect(history.nearest(-3)?.update).toBe(1);
    expect(history.nearest(2)?.update).toBe(2);
    expect(new MetricHistory().nearest(1)).toBeUndefined();
  });

  it('derives the rate from durations', () => {
    expect(filled(4).updatesPerMinute()).toBe(60);
    expect(filled(1).points([UPDATES_PER_MINUTE])[0]?.[UPDATES_PER_MINUTE]).toBe(60);
    expect(new MetricHistory().updatesPerMinute()).toBeNull();
  });
});
