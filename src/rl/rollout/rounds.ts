import type { Reviews, TrajectorySide } from './trajectory';

/** One review of every row that was not accepted before, and the texts that it read. */
export interface ReviewRound {
  draft: TrajectorySide;
  reviews: Reviews;
}

/** A rollout's texts and reviews; field meanings as in RolloutResult. */
interface Reviewed extends ReviewRound {
  final: TrajectorySide;
  later: readonly ReviewRound[];
}

/** The reviews of a rollout in their order, and the texts as they stood after each. */
export function reviewRounds({ draft, reviews, later, final }: Reviewed): (ReviewRound & { after: TrajectorySide })[] {
  const rounds = [{ draft, reviews }, ...later];
  return rounds.map((round, r) => ({ ...round, after: rounds[r + 1]?.draft ?? final }));
}

/** How often row b was cut. */
export function revisionsOf(result: Reviewed, b: number): number {
  return reviewRounds(result).filter(({ reviews }) => (reviews.cuts[b] ?? 0) > 0).length;
}

/**
 * (B) the earliest step that any review cut at, 0 where none did: what stands before it in the draft stands in the final
 * trajectory too. With one revision, the cut.
 */
export function earliestCuts(result: Reviewed): Uint8Array<ArrayBuffer> {
  const earliest = result.reviews.cuts.slice();
  for (const { reviews } of result.later) {
    reviews.cuts.forEach((cut, b) => {
      if (cut > 0) earliest[b] = Math.min(earliest[b] ?? cut, cut);
    });
  }
  return earliest;
}
