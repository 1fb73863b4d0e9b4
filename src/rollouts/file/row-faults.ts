/** Where a trajectory goes wrong and how it ended, as numbers of each row: what a list is filtered by. */
import type { EvidenceRule, Rollout, RolloutSide } from '../reading/record';
import { normalizeAnswer } from '../text/squad';
import { WordSearch } from '../text/word-match';

/** Nothing tells. */
export const UNKNOWN = -1;
/** Whether the words of an answer stand in a passage that was found. */
export const GROUNDED = { no: 0, yes: 1, yesOrNo: 2, noAnswer: 3 } as const;
/** Endings that are told apart; any further ones are the last. */
export const MOST_ENDINGS = 200;

/** (N) each, of the final side. */
export interface FaultColumns {
  /** Number of the first search that brought no new evidence; 0 where each brought some, UNKNOWN without labels. */
  useless: Int16Array;
  /** First flawed step (docs/method.md, section 1); 0 for none, UNKNOWN where labels or the right answer are missing. */
  flawed: Int16Array;
  /** One of GROUNDED. */
  grounded: Uint8Array;
  /** Place in `endingNames`. */
  endings: Uint8Array;
  endingNames: string[];
  /** Whether any line says if a length limit ended it. */
  tellsTruncation: boolean;
  /** Rows whose evidence is judged by each rule. */
  rules: Partial<Record<EvidenceRule, number>>;
}

export interface Faults {
  useless: number;
  flawed: number;
  grounded: number;
  ending: string;
  truncated: boolean | null;
  rule: EvidenceRule;
}

export const ANSWERED = 'answered';
export const TRUNCATED = 'truncated';

export function faultsOf({ final, truncated }: Pick<Rollout, 'final' | 'truncated'>): Faults {
  return {
    useless: firstUseless(final),
    flawed: firstFlawed(final),
    grounded: groundedIn(final),
    ending: truncated === true ? TRUNCATED : (final.endReason ?? ANSWERED),
    truncated,
    rule: final.judgedBy,
  };
}

function firstUseless({ steps }: RolloutSide): number {
  const at = steps.findIndex(({ kind, useful }) => kind === 'search' && useful !== null && useful <= 0);
  if (at >= 0) return at + 1;
  return steps.some(({ kind, useful }) => kind === 'search' && useful === null) ? UNKNOWN : 0;
}

/** The first useless search; without one the last step, where the answer is wrong or missing. */
function firstFlawed(side: RolloutSide): number {
  const useless = firstUseless(side);
  return useless !== 0 ? useless : lastFlawed(side.em, side.steps.length);
}

/** @param em null where it is not known */
export function lastFlawed(em: number | null, steps: number): number {
  if (em === null) return UNKNOWN;
  return em === 1 ? 0 : steps;
}

function groundedIn({ answer, steps }: RolloutSide): number {
  const words = normalizeAnswer(answer ?? '');
  if (words === '') return GROUNDED.noAnswer;
  // These stand in many passages without answering anything.
  if (words === 'yes' || words === 'no') return GROUNDED.yesOrNo;
  const search = new WordSearch([words]);
  const found = steps.some(({ passages }) => passages.some(({ title, text }) => search.isIn(`${title} ${text}`)));
  return found ? GROUNDED.yes : GROUNDED.no;
}
