/** How what is compared is written. */
import { count } from '../../format';

/** A row's exact match, or a mean of some. */
export function emText(em: number | null, decimals = 0): string {
  return em === null ? 'unknown' : em.toFixed(decimals);
}

export function stepText(step: number | null): string {
  return step === null ? 'all steps' : step < 0 ? 'without a step' : `step ${count(step)}`;
}
