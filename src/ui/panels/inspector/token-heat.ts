import type { TokenView } from '../../../store/decode';
import type { StudioState } from '../../../store/studio-state';

export const HEAT_MODES = [
  { id: 'logProb', label: 'less likely (log-probability)' },
  { id: 'entropy', label: 'less decided (entropy)' },
  { id: 'ratio', label: 'changed since (ratio)' },
  { id: 'reference', label: 'far from the base (KL)' },
] as const;
export type HeatMode = (typeof HEAT_MODES)[number]['id'];

export function isHeatMode(value: string): value is HeatMode {
  return HEAT_MODES.some(({ id }) => id === value);
}

/** Values at which a token is as dark as can be: nats of entropy, of change, and of difference from the base. */
const FULL = { entropy: 2, ratio: 0.5, reference: 1 } as const;

/** The heats of one token, 0 to 1 for each mode, as custom properties that the style sheet chooses from. */
export function heatStyle(token: TokenView, inspection: StudioState['inspection']): React.CSSProperties {
  const change = (other: number | undefined, full: number): number =>
    other === undefined ? 0 : Math.min(1, Math.abs(other - token.logProb) / full);
  return {
    '--heat-logProb': round(1 - Math.exp(token.logProb)),
    '--heat-entropy': round(Math.min(1, token.entropy / FULL.entropy)),
    '--heat-ratio': round(change(inspection?.current[token.position], FULL.ratio)),
    '--heat-reference': round(change(inspection?.reference[token.position], FULL.reference)),
  };
}

function round(heat: number): number {
  return Math.round(100 * heat) / 100;
}
