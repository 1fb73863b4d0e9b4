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

  it('says when the rows are those of another run, not when they grow or fall back', () => {
    const history = filled(3);
    const { generation } = history;
    history.push({ update: 2, updateMs: 1000, metrics: {} });
    expect(history.generation).toBe(generation);
    const other = filled(2);
    const before = other.generation;
    history.swap(other);
    expect(history.generation).not.toBe(generation);
    expect(other.generation).not.toBe(before);
    history.clear();
    expect(history.generation).toBe(generation + 2);
  });

  it('pushes out the oldest and says how many', () => {
    const history = filled(25, 10);
    expect(history.length).toBe(10);
    expect(history.dropped).toBe(15);
    expect(history.at(0)?.update).toBe(16);
    expect(history.latest?.update).toBe(25);
    expect(history.at(10)).toBeUndefined();
  });

  it('gives the newest ones, at most as many as there are, across the seam of the ring too', () => {
    const updates = (history: MetricHistory, count: number) => history.newest(count).map(({ update }) => update);
    expect(updates(filled(7, 5), 3)).toEqual([5, 6, 7]);
    expect(updates(filled(7, 5), 9)).toEqual([3, 4, 5, 6, 7]);
    expect(updates(filled(0), 3)).toEqual([]);
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

/** A history of a ring of four. */
function ring(...updates: number[]): MetricHistory {
  const history = new MetricHistory(4);
  for (const update of updates) history.push({ update, updateMs: update, metrics: { x: update } });
  return history;
}
const updatesOf = (history: MetricHistory) => history.all.map(({ update }) => update);

describe('a ring of four', () => {
  it('gives its rows by age after it has gone round, and counts what was pushed out', () => {
    const history = ring(1, 2, 3, 4, 5, 6);
    expect(updatesOf(history)).toEqual([3, 4, 5, 6]);
    expect([-1, 0, 1, 3, 4].map((index) => history.at(index)?.update)).toEqual([undefined, 3, 4, 6, undefined]);
    expect(history.dropped).toBe(2);
    expect(updatesOf(ring(1, 2, 3, 4))).toEqual([1, 2, 3, 4]);
    expect(ring(1, 2, 3, 4).dropped).toBe(0);
  });

  it('lets go of what a repeated update throws away, and fills up again from there', () => {
    const history = ring(1, 2, 3, 4, 5, 6, 5);
    expect(updatesOf(history)).toEqual([3, 4, 5]);
    history.push({ update: 6, updateMs: 1, metrics: {} });
    history.push({ update: 7, updateMs: 1, metrics: {} });
    expect(updatesOf(history)).toEqual([4, 5, 6, 7]);
    expect(updatesOf(ring(1, 2, 2))).toEqual([1, 2]);
    expect(updatesOf(ring(0, 0))).toEqual([0]);
  });

  it('finds an update among gaps, the one before where it is missing', () => {
    const history = ring(1, 5, 6, 20, 30);
    expect(updatesOf(history)).toEqual([5, 6, 20, 30]);
    expect([4, 5, 6, 7, 19, 20, 29, 30].map((update) => history.nearest(update)?.update)).toEqual([
      5, 5, 6, 6, 6, 20, 20, 30,
    ]);
  });

  it('starts anew once it is cleared, and exchanges all it has with another one', () => {
    const history = ring(1, 2, 3, 4, 5);
    const other = ring(9);
    history.swap(other);
    expect([updatesOf(history), history.dropped]).toEqual([[9], 0]);
    expect([updatesOf(other), other.dropped]).toEqual([[2, 3, 4, 5], 1]);
    other.clear();
    expect([updatesOf(other), other.dropped, other.latest]).toEqual([[], 0, undefined]);
    for (const update of [1, 2, 3, 4]) other.push({ update, updateMs: 1, metrics: {} });
    expect(updatesOf(other)).toEqual([1, 2, 3, 4]);
  });
});

describe('points of a chart', () => {
  it.each([
    [1, 1],
    [199, 1],
    [200, 2],
    [201, 2],
    [398, 2],
    [399, 3],
    [1000, 6],
  ])('of %i updates are every %i-th', (updates, stride) => {
    expect(filled(updates).stride()).toBe(stride);
    const points = filled(updates).points([]);
    expect(points.slice(0, -1).every(({ update }) => update % stride === 0)).toBe(true);
    expect(points).toHaveLength(Math.floor((updates - 1) / stride) + 1);
  });

  it('are as few as they should be', () => {
    const history = filled(10);
    expect(history.points([], 6).map(({ update }) => update)).toEqual([2, 4, 6, 8, 10]);
    expect(history.points([], 4).map(({ update }) => update)).toEqual([4, 8, 10]);
  });
});

describe('the rate', () => {
  const timed = (...times: number[]) => {
    const history = new MetricHistory();
    times.forEach((updateMs, k) => history.push({ update: k + 1, updateMs, metrics: {} }));
    return history;
  };

  it('is that of the middle one of the newest durations, those without one aside', () => {
    expect(timed(1000, 3000, 2000).updatesPerMinute()).toBe(30);
    expect(timed(1000, 2000, 3000, 500).updatesPerMinute()).toBe(30);
    expect(timed(0, 1000, -5).updatesPerMinute()).toBe(60);
    expect(timed(0).updatesPerMinute()).toBeNull();
    // Of the last nine.
    expect(timed(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 6000, 6000, 6000, 6000, 6000).updatesPerMinute()).toBe(10);
  });

  it('is null at an update whose duration nobody knows', () => {
    expect(timed(0).points([UPDATES_PER_MINUTE])).toEqual([{ update: 1, updatesPerMinute: null }]);
    expect(timed(250).points([UPDATES_PER_MINUTE])).toEqual([{ update: 1, updatesPerMinute: 240 }]);
  });
});
