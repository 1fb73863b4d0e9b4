import type { TokenView } from '../../../recordings/decode-trajectory';
import type { StudioState } from '../../../store/state/studio-state';

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

/** The heat of a token in a mode, 0 to 1; 0 for what was retrieved and what is not known yet. */
export function heatOf(token: TokenView, mode: HeatMode, inspection: StudioState['inspection']): number {
  if (!token.written) return 0;
  if (mode === 'entropy') return Math.min(1, (token.entropy ?? 0) / FULL.entropy);
  const { logProb } = token;
  if (logProb === null) return 0;
  if (mode === 'logProb') return 1 - Math.exp(logProb);
  const other = othersOf(token, inspection)[mode];
  return other === null ? 0 : Math.min(1, Math.abs(other - logProb) / FULL[mode]);
}

/** Its log-probability under other weights: the present ones for the ratio, and the reference. A file has its own. */
export function othersOf(
  token: TokenView,
  inspection: StudioState['inspection'],
): { ratio: number | null; reference: number | null } {
  const { position, current = null, reference = null } = token;
  return {
    ratio: inspection?.current[position] ?? current,
    reference: inspection?.reference[position] ?? reference,
  };
}

export function ratioOf(token: TokenView, inspection: StudioState['inspection']): number | null {
  const { ratio } = othersOf(token, inspection);
  return ratio === null || token.logProb === null ? null : Math.exp(ratio - token.logProb);
}
