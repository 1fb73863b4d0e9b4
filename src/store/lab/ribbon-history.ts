/** What a refiner said of a pinned question, update by update. */
import { reviewProbabilities } from '../../recordings/decode-trajectory';
import type { Pin } from '../../recordings/pin-board';

export interface RibbonMoment {
  update: number;
  /** Drafts that were reviewed. */
  drafts: number;
  /** Mean probability of accept, then of each cut; a cut that no draft had counts as 0, steps past the longest are left out. */
  means: number[];
}

/** Columns that a strip has room for: of more answers every second, fourth .. is left out, never the newest. */
const MOST_MOMENTS = 120;

/** Ascending by update; empty without a pin and where no model reviews. */
export function ribbonHistory(pin: Pin | undefined): RibbonMoment[] {
  const answers = pin?.answers ?? [];
  const stride = Math.ceil(answers.length / MOST_MOMENTS);
  return answers
    .filter((_, place) => (answers.length - 1 - place) % stride === 0)
    .flatMap(({ update, stored }) => {
      const reviews = stored.rows
        .map((_, place) => reviewProbabilities(stored.batch, place))
        .filter((review) => review !== null);
      if (reviews.length === 0) return [];
      const longest = Math.max(...reviews.map((review) => review.length));
      const means = Array.from(
        { length: longest },
        (_, choice) => reviews.reduce((sum, review) => sum + (review[choice] ?? 0), 0) / reviews.length,
      );
      return [{ update, drafts: reviews.length, means }];
    });
}
