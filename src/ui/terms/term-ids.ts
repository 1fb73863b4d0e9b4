/** Signs of the page that have an entry in docs/glossary.md; glossary.test.ts holds both together. */
export const TERM_IDS = [
  'accept',
  'advantage',
  'bm25',
  'ceiling',
  'clip',
  'closed-book',
  'coverage',
  'cut',
  'density',
  'entropy',
  'equal-rewards',
  'exact-match',
  'greedy',
  'harmed',
  'held',
  'hop-supported',
  'irrelevant',
  'kl',
  'kept',
  'live',
  'missed',
  'new',
  'rank',
  'recorded',
  'redrawn',
  'refiner',
  'regret',
  'repeated',
  'replicate',
  'review',
  'review-advantage',
  'reward',
  'rumour',
  'sampled',
  'saved',
  'software-gpu',
  'training-worlds',
  'u_i',
  'update',
  'wasted',
] as const;
export type TermId = (typeof TERM_IDS)[number];

export function isTermId(id: string | undefined): id is TermId {
  return TERM_IDS.some((known) => known === id);
}

/** Of a heading, as GitHub makes it. */
export function anchorOf(term: string): string {
  return term
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}
