import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { PacedChanges } from './paced';

describe('PacedChanges', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const started = () => {
    const store = createStore(() => ({ update: 0 }));
    const changes = new PacedChanges(store);
    const seen: number[] = [];
    const stop = changes.subscribe(() => seen.push(store.getState().update));
    return { store, seen, stop, changes };
  };

  it('tells all who listen the first change at once and the last of many within a tenth of a second', () => {
    const { store, seen, changes } = started();
    const other = vi.fn();
    changes.subscribe(other);
    for (let update = 1; update <= 50; update += 1) store.setState({ update });
    expect(seen).toEqual([1]);
    vi.advanceTimersByTime(100);
    expect(seen).toEqual([1, 50]);
    expect(other).toHaveBeenCalledTimes(2);
  });

  it('forgets what waits once nobody listens, and begins anew with the next listener', () => {
    const { store, seen, stop, changes } = started();
    store.setState({ update: 1 });
    store.setState({ update: 2 });
    stop();
    vi.advanceTimersByTime(1000);
    expect(seen).toEqual([1]);
    const again: number[] = [];
    changes.subscribe(() => again.push(store.getState().update));
    store.setState({ update: 3 });
    expect(again).toEqual([3]);
    expect(seen).toEqual([1]);
  });
});
