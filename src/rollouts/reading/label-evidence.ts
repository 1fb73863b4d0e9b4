/**
 * Which search brought something new, where no world knows it: by labels that the file gives, by titles of supporting
 * documents, else by passages that hold a right answer word by word after normalisation.
 */
import type { Evidence, EvidenceRule, RolloutPassage, RolloutStep } from './record';
import { bearing, normalizeAnswer } from '../text/squad';
import type { RawStep } from './steps';
import type { RawPassage } from './passages';
import { WordSearch } from '../text/word-match';

export interface EvidenceHints {
  golds: readonly string[];
  /** Titles of the supporting documents, where the file names them. */
  titles: readonly string[];
  /** u_i of each search, where the file gives them. */
  useful: readonly number[] | null;
}

/** Gives the same passage the same number in draft and final. */
export class PassageNumbers {
  private readonly numbers = new Map<string, number>();

  of(passage: RawPassage): number {
    const key = wordsOf(passage);
    const known = this.numbers.get(key) ?? this.numbers.size;
    this.numbers.set(key, known);
    return known;
  }
}

function wordsOf({ title, text }: RawPassage): string {
  return `${title}\n${text}`;
}

export interface LabelledSteps {
  steps: RolloutStep[];
  /** Share of the evidence found: of the titles, else 1 or 0 for any supporting passage. */
  coverage: number;
  /** Mean u_i over the searches; 0 without one. */
  density: number;
}

/** @param numbers null where nobody asks for them: to compare passages takes long */
export function labelEvidence(
  steps: readonly RawStep[],
  hints: EvidenceHints,
  numbers: PassageNumbers | null,
): LabelledSteps {
  const supports = judge(hints, steps);
  const seen = new Set<string>();
  let search = 0;
  const labelled = steps.map((step): RolloutStep => {
    if (step.kind !== 'search') return { ...step, passages: [], useful: null, share: null };
    const found: string[] = [];
    const passages = step.passages.map((passage): RolloutPassage => {
      const support = supports?.(passage) ?? null;
      const key = support?.key ?? null;
      if (key !== null) found.push(key);
      const evidence: Evidence | null = !support
        ? null
        : key === null
          ? 'irrelevant'
          : seen.has(key)
            ? 'repeated'
            : 'new';
      return { id: numbers?.of(passage) ?? 0, title: passage.title, text: passage.text, evidence };
    });
    for (const key of found) seen.add(key);
    const fresh = passages.filter(({ evidence }) => evidence === 'new').length;
    const given = hints.useful?.[search];
    search += 1;
    const helped = supports ? Number(fresh > 0) : null;
    const share = supports && passages.length > 0 ? fresh / passages.length : supports ? 0 : null;
    return { ...step, passages, useful: given ?? helped, share };
  });
  const searches = labelled.filter(({ kind }) => kind === 'search');
  const useful = searches.reduce((sum, step) => sum + (step.useful ?? 0), 0);
  const titles = new Set(hints.titles.map(normalizeAnswer));
  const coverage = titles.size > 0 ? seen.size / titles.size : Number(seen.size > 0 || useful > 0);
  return {
    steps: labelled,
    coverage: Math.min(1, coverage),
    density: searches.length > 0 ? useful / searches.length : 0,
  };
}

/** What tells evidence apart: its key is what counts as found once. null where nothing can tell. */
type Judge = (passage: RawPassage) => { key: string | null };

function judge(hints: EvidenceHints, steps: readonly RawStep[]): Judge | null {
  if (hasLabels(steps)) {
    return (passage) => ({ key: passage.label === true ? wordsOf(passage) : null });
  }
  if (hints.titles.length > 0) {
    const wanted = new Set(hints.titles.map(normalizeAnswer));
    return ({ title }) => {
      const key = normalizeAnswer(title);
      return { key: wanted.has(key) ? key : null };
    };
  }
  const sought = bearing(hints.golds);
  if (sought.length === 0) return null;
  const search = new WordSearch(sought);
  return (passage) => ({ key: search.isIn(`${passage.title} ${passage.text}`) ? wordsOf(passage) : null });
}

/** What the evidence of a side rests on. */
export function evidenceRule(hints: EvidenceHints, steps: readonly RawStep[]): EvidenceRule {
  if (hints.useful !== null || hasLabels(steps)) return 'labels';
  if (hints.titles.length > 0) return 'titles';
  return bearing(hints.golds).length > 0 ? 'answer' : 'none';
}

function hasLabels(steps: readonly RawStep[]): boolean {
  return steps.some((step) => step.passages.some(({ label }) => label !== null));
}
