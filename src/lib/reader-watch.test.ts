import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from './assert';
import { watchReader } from './reader-watch';

describe('a reader', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('that says nothing for two minutes is ended, in words', () => {
    const end = vi.fn();
    watchReader(new EventTarget(), '“a.jsonl”', end);
    vi.advanceTimersByTime(119_000);
    expect(end).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(end).toHaveBeenCalledExactlyOnceWith(expect.any(UserError));
    expect(end.mock.calls[0]?.[0]).toMatchObject({
      message: '“a.jsonl” was given up: nothing came of it for 2 minutes.',
    });
    vi.advanceTimersByTime(600_000);
    expect(end).toHaveBeenCalledTimes(1);
  });

  it('that goes on saying something may take as long as it needs', () => {
    const [end, worker] = [vi.fn(), new EventTarget()];
    watchReader(worker, 'f', end);
    for (let k = 0; k < 20; k += 1) {
      vi.advanceTimersByTime(100_000);
      worker.dispatchEvent(new Event('message'));
    }
    expect(end).not.toHaveBeenCalled();
  });

  it('is left alone once the watch is stopped', () => {
    const end = vi.fn();
    watchReader(new EventTarget(), 'f', end)();
    vi.advanceTimersByTime(600_000);
    expect(end).not.toHaveBeenCalled();
  });
});
