/** One-line descriptions of what the engine is doing, for the status line. */
import type { AdapterDescription, Phase } from '../trainer/protocol';
import type { StudioState } from './studio-state';

export type PhaseName = Phase;

export const PHASES: readonly { phase: Phase; label: string }[] = [
  { phase: 'rollout', label: 'roll out' },
  { phase: 'review', label: 'review' },
  { phase: 'regenerate', label: 'cut and regenerate' },
  { phase: 'reward', label: 'reward' },
  { phase: 'advantage', label: 'advantage' },
  { phase: 'update', label: 'update' },
];

export type RunLabel =
  'LIVE' | 'PAUSED' | 'LOADING' | 'WARM START' | 'EVALUATING' | 'STOPPED' | 'NO WEBGPU' | 'STARTING';

export function runLabel(state: StudioState): RunLabel {
  const { support, runState } = state;
  if (support.status === 'missing' || support.status === 'noAdapter') return 'NO WEBGPU';
  switch (runState) {
    case 'running':
      return 'LIVE';
    case 'paused':
      return 'PAUSED';
    case 'loading':
      return 'LOADING';
    case 'warmStart':
      return 'WARM START';
    case 'evaluating':
      return 'EVALUATING';
    case 'failed':
      return 'STOPPED';
    case null:
      return 'STARTING';
  }
}

/** What is going on right now, in words. */
export function activity(state: StudioState): string {
  if (state.announcement) return state.announcement;
  if (state.playWanted) return 'plays as soon as it is ready';
  if (state.breakReason) return state.breakReason;
  if (state.stateNote) return state.stateNote;
  const index = PHASES.findIndex(({ phase }) => phase === state.phase);
  const phase = PHASES[index];
  return phase ? `${index + 1} ${phase.label}` : '';
}

export function adapterName(adapter: AdapterDescription): string {
  const { description, device, vendor, architecture } = adapter;
  return description || device || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
}

/** The seed when all three are equal, else all three. */
export function seedText({ config }: StudioState): string {
  const { worldSeed, initSeed, runSeed } = config;
  if (worldSeed === runSeed && initSeed === runSeed) return `seed ${runSeed}`;
  return `seeds: world ${worldSeed}, weights ${initSeed}, run ${runSeed}`;
}
