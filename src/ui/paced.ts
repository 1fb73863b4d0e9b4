/** Numbers that a fast GPU changes with every frame: the page looks at them ten times a second, all at once. */
import { useSyncExternalStore } from 'react';
import { Pacer } from '../lib/pacer';
import type { Studio, StudioState } from '../store/state/studio-state';
import { useStudio } from './studio-context';

const INTERVAL_MS = 100;

interface Store {
  subscribe: (listener: () => void) => () => void;
}

/** Tells all who listen that the state has changed, at a pace that they share. */
export class PacedChanges {
  private readonly listeners = new Set<() => void>();
  private readonly pacer = new Pacer(() => {
    for (const listener of this.listeners) listener();
  }, INTERVAL_MS);
  private unsubscribe: (() => void) | null = null;

  constructor(private readonly store: Store) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.unsubscribe ??= this.store.subscribe(() => this.pacer.request());
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.unsubscribe?.();
      this.unsubscribe = null;
      this.pacer.cancel();
    };
  };
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
  const now = () => selector(studio.store.getState());
  // The same where it is drawn once, without a page.
  return useSyncExternalStore(pacedChanges(studio).subscribe, now, now);
}
