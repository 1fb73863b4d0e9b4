/** One-line descriptions of what the engine is doing, for the status line. */
import type { RunConfig } from '../../config/schema';
import type { AdapterDescription, Phase } from '../../trainer/protocol/protocol';
import type { StudioState } from '../state/studio-state';

export const PHASES: readonly { phase: Phase; label: string }[] = [
  { phase: 'rollout', label: 'roll out' },
  { phase: 'review', label: 'review' },
  { phase: 'regenerate', label: 'cut and regenerate' },
  { phase: 'reward', label: 'reward' },
  { phase: 'advantage', label: 'advantage' },
  { phase: 'update', label: 'update' },
];

export type RunLabel =
  'RECORDED' | 'LIVE' | 'PAUSED' | 'LOADING' | 'WARM START' | 'EVALUATING' | 'STOPPED' | 'NO WEBGPU' | 'STARTING';

export function runLabel(state: StudioState): RunLabel {
  const { support, runState, recording } = state;
  if (recording !== null) return 'RECORDED';
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

/** The settings of what is on screen. */
export function shownConfig({ recording, config }: StudioState): RunConfig {
  return recording === null ? config : recording.recording.config;
}

/** What is going on right now, in words. */
export function activity(state: StudioState): string {
  if (state.playWanted) return 'plays as soon as it is ready';
  if (state.breakReason) return state.breakReason;
  if (state.stateNote) return state.stateNote;
  // The stage shows an update after it was computed: what is said is what is seen.
  if (state.replay !== null) return phaseName(state.replay.phase);
  if (state.recording !== null) return state.runState === 'paused' ? 'the engine is ready' : '';
  return state.phase === null ? '' : phaseName(state.phase);
}

/** A phase by its number, wherever one is named. */
export function phaseName(phase: Phase): string {
  const index = PHASES.findIndex((other) => other.phase === phase);
  return `${index + 1} ${PHASES[index]?.label ?? phase}`;
}

/** One trajectory is shown, moment by moment: nothing else may tell how it ends. */
export function isStaged({ page, pace }: StudioState): boolean {
  return page.present || pace === 'slow';
}

export function adapterName(adapter: AdapterDescription): string {
  const { description, device, vendor, architecture } = adapter;
  return description || device || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
}

/** The seed when all three are equal, else all three. */
export function seedText(state: StudioState): string {
  const { worldSeed, initSeed, runSeed } = shownConfig(state);
  if (worldSeed === runSeed && initSeed === runSeed) return `seed ${runSeed}`;
  return `seeds: world ${worldSeed}, weights ${initSeed}, run ${runSeed}`;
}
