/** Hands the studio to the panels. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Studio, StudioState } from '../store/state/studio-state';

const StudioContext = createContext<Studio | null>(null);

export const StudioProvider = StudioContext.Provider;

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (!studio) throw new Error('useStudio needs a StudioProvider above it');
  return studio;
}

/** A value of the store; the selector must return something stable (a primitive or a stored object). */
export function useStudioState<T>(selector: (state: StudioState) => T): T {
  return useStore(useStudio().store, selector);
}
