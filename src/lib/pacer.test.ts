import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pacer } from './pacer';

describe('Pacer', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const paced = () => {
    const work = vi.fn();
    return { work, pacer: new Pacer(work, 100) };
  };

  it('does the first at once, and of many that follow one, when its time has come', () => {
    const { work, pacer } = paced();
    for (let k = 0; k < 50; k += 1) pacer.request();
    expect(work).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(99);
    expect(work).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(work).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1000);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('keeps its pace under a steady stream', () => {
    const { work, pacer } = paced();
    for (let ms = 0; ms < 1000; ms += 5) {
      pacer.request();
      vi.advanceTimersByTime(5);
    }
    expect(work.mock.calls.length).toBeGreaterThanOrEqual(10);
    expect(work.mock.calls.length).toBeLessThanOrEqual(11);
  });

  it('does at once what cannot wait, and that instead of what waits', () => {
    const { work, pacer } = paced();
    pacer.request();
    pacer.request();
    pacer.now();
    expect(work).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1000);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('leaves out what was cancelled, and goes on afterwards', () => {
    const { work, pacer } = paced();
    pacer.request();
    pacer.request();
    pacer.cancel();
    vi.advanceTimersByTime(1000);
    expect(work).toHaveBeenCalledTimes(1);
    pacer.request();
    expect(work).toHaveBeenCalledTimes(2);
  });
});
