import { expect, it, vi } from 'vitest';
import { ChartCursor } from './chart-cursor';

it('points at no update until the mouse comes', () => {
  expect(new ChartCursor().update).toBeNull();
});

it('tells every chart each new update once, and that the mouse has left', () => {
  const cursor = new ChartCursor();
  const charts = [vi.fn(), vi.fn()];
  for (const chart of charts) cursor.subscribe(chart);
  for (const update of [3, 3, 4, null, null]) cursor.set(update);
  for (const chart of charts) expect(chart.mock.calls).toEqual([[3], [4], [null]]);
  cursor.set(7);
  expect(cursor.update).toBe(7);
});

it('no longer tells a chart that is gone', () => {
  const cursor = new ChartCursor();
  const [gone, kept] = [vi.fn(), vi.fn()];
  const leave = cursor.subscribe(gone);
  cursor.subscribe(kept);
  leave();
  cursor.set(1);
  expect(gone).not.toHaveBeenCalled();
  expect(kept).toHaveBeenCalledTimes(1);
});
