/** How what is compared is written. */
import { count } from '../../format';

export function stepText(step: number | null): string {
  return step === null ? 'all steps' : step < 0 ? 'without a step' : `step ${count(step)}`;
}
