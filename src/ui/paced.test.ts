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

  it('tells the first change at once and the last of many within a tenth of a second', () => {
    const { store, seen } = started();
    for (let update = 1; update <= 50; update += 1) store.setState({ update });
    expect(seen).toEqual([1]);
    vi.advanceTimersByTime(99);
    expect(seen).toEqual([1]);
    vi.advanceTimersByTime(1);
    expect(seen).toEqual([1, 50]);
  });

  it('tells at most ten times a second', () => {
    const { store, seen } = started();
    for (let ms = 0; ms < 1000; ms += 5) {
      store.setState({ update: ms });
      vi.advanceTimersByTime(5);
    }
    expect(seen.length).toBeLessThanOrEqual(11);
    expect(seen.length).toBeGreaterThanOrEqual(10);
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
  });
});
