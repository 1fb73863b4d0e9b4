/** By what the passages of a file are judged, in words: above the list, in the key of its rows and in the filter. */
import type { OpenedRollouts } from '../../../store/state/rollouts-state';
import { count } from '../../format';

/** Of our own worlds nothing needs to be said: they know. */
const EVIDENCE_RULES = [
  ['labels', 'as the file labels it'],
  ['titles', 'the supporting documents that the file names'],
  ['answer', 'a passage counts where it holds a right answer word for word'],
  ['none', 'unknown, since the file has neither labels nor right answers to look for'],
] as const;

/** A sentence for each rule that some rows are judged by. */
export function evidenceWords({ rules, rows }: OpenedRollouts): string[] {
  return EVIDENCE_RULES.flatMap(([rule, words]) => {
    const number = rules[rule] ?? 0;
    return number === 0 ? [] : [number === rows ? `Evidence: ${words}.` : `Evidence of ${count(number)}: ${words}.`];
  });
}
