import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HIDDEN_INTERVAL_MS, RedrawScheduler } from './redraw-scheduler';

describe('RedrawScheduler', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('redraws each chart at most four times a second however often it is asked', () => {
    const scheduler = new RedrawScheduler(() => Date.now());
    const redraw = vi.fn();
    for (let k = 0; k < 1000; k += 1) {
      scheduler.request(redraw);
      vi.advanceTimersByTime(1);
    }
    expect(redraw.mock.calls.length).toBeGreaterThanOrEqual(3);
    expect(redraw.mock.calls.length).toBeLessThanOrEqual(4);
  });

  it('redraws one chart per tick, in the order of asking', () => {
    const scheduler = new RedrawScheduler(() => Date.now());
    const order: number[] = [];
    for (let k = 0; k < 3; k += 1) scheduler.request(() => order.push(k));
    vi.advanceTimersByTime(32);
    expect(order).toEqual([0]);
    vi.advanceTimersByTime(64);
    expect(order).toEqual([0, 1, 2]);
  });

  it('lets who asks again keep its place', () => {
    const scheduler = new RedrawScheduler();
    const order: string[] = [];
    const [first, second] = [() => void order.push('first'), () => void order.push('second')];
    scheduler.request(first);
    scheduler.request(second);
    scheduler.request(first);
    vi.advanceTimersByTime(1000);
    expect(order).toEqual(['first', 'second']);
  });

  it('redraws again as soon as a quarter of a second has passed, on the clock of the page', () => {
    const scheduler = new RedrawScheduler();
    const times: number[] = [];
    const redraw = (): void => void times.push(performance.now());
    const begin = performance.now();
    for (const wait of [0, 218]) {
      vi.advanceTimersByTime(wait);
      scheduler.request(redraw);
      vi.advanceTimersByTime(32);
    }
    expect(times.map((time) => time - begin)).toEqual([32, 282]);
  });

  it('lets a chart out of sight wait for ten seconds, not for ever, and wakes for nothing meanwhile', () => {
    const scheduler = new RedrawScheduler(() => Date.now());
    const redraw = vi.fn();
    scheduler.request(redraw, HIDDEN_INTERVAL_MS);
    vi.advanceTimersByTime(32);
    expect(redraw).toHaveBeenCalledTimes(1);
    scheduler.request(redraw, HIDDEN_INTERVAL_MS);
    vi.advanceTimersByTime(HIDDEN_INTERVAL_MS - 33);
    expect(redraw).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(33);
    expect(redraw).toHaveBeenCalledTimes(2);
    // It comes into sight: at once.
    vi.advanceTimersByTime(300);
    scheduler.request(redraw, HIDDEN_INTERVAL_MS);
    scheduler.request(redraw);
    vi.advanceTimersByTime(32);
    expect(redraw).toHaveBeenCalledTimes(3);
  });

  it('forgets a chart that is gone and stops ticking when nothing waits', () => {
    const scheduler = new RedrawScheduler(() => Date.now());
    const redraw = vi.fn();
    scheduler.request(redraw);
    scheduler.cancel(redraw);
    vi.advanceTimersByTime(1000);
    expect(redraw).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
