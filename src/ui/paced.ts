/** Numbers that a fast GPU changes with every frame: the page looks at them ten times a second, all at once. */
import { useSyncExternalStore } from 'react';
import type { Studio, StudioState } from '../store/studio-state';
import { useStudio } from './studio-context';

const INTERVAL_MS = 100;

interface Store {
  subscribe: (listener: () => void) => () => void;
}

/** Tells that the state has changed: at once where the last time is long enough ago, else when it is. */
export class PacedChanges {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private toldAt = -Infinity;
  private unsubscribe: (() => void) | null = null;

  constructor(private readonly store: Store) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.unsubscribe ??= this.store.subscribe(() => this.changed());
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.unsubscribe?.();
      this.unsubscribe = null;
      if (this.timer !== null) clearTimeout(this.timer);
      this.timer = null;
    };
  };

  private changed(): void {
    if (this.timer !== null) return;
    const wait = this.toldAt + INTERVAL_MS - performance.now();
    if (wait <= 0) this.tell();
    else this.timer = setTimeout(() => this.tell(), wait);
  }

  private tell(): void {
    this.timer = null;
    this.toldAt = performance.now();
    for (const listener of this.listeners) listener();
  }
}

const made = new WeakMap<Store, PacedChanges>();

export function pacedChanges({ store }: Studio): PacedChanges {
  const known = made.get(store);
  if (known) return known;
  const changes = new PacedChanges(store);
  made.set(store, changes);
  return changes;
}

/** As useStudioState, for what changes with every update or phase. */
export function usePacedState<T>(selector: (state: StudioState) => T): T {
  const studio = useStudio();
  return useSyncExternalStore(pacedChanges(studio).subscribe, () => selector(studio.store.getState()));
}
