/** What a review that thinks should write: the chain of the question, as far as the trajectory shows it (method.md section 6). */
import type { RunConfig } from '../../config/schema';
import { MAX_SEARCHES, PASSAGES_PER_SEARCH } from '../../env/episode-limits';
import { MAX_THOUGHTS } from '../../kernels/episode/row-layout';
import type { RolloutResult } from '../rollout/rollout';
import type { RowQuestion, TrajectorySide } from '../rollout/trajectory';
import type { Thoughts } from './loss-rows';

/** Most thoughts of a review: one a hop; 0 where reviews do not think. */
export function thoughtsIn({ reviewThoughts, maxHops }: Pick<RunConfig, 'reviewThoughts' | 'maxHops'>): number {
  return reviewThoughts > 0 ? maxHops : 0;
}

/**
 * The entity that each hop leads to, where a true passage of it stands in the trajectory; from the first hop on that none does
 * `?`, as what follows from it cannot be known either.
 *
 * @returns (B,4) tokens, 0 past the question's hops
 */
export function thoughtLabels(texts: TrajectorySide, rows: readonly RowQuestion[]): Uint16Array {
  const labels = new Uint16Array(rows.length * MAX_THOUGHTS);
  const slots = MAX_SEARCHES * PASSAGES_PER_SEARCH;
  rows.forEach(({ world, chain }, b) => {
    const { special, entityBase } = world.schema.vocabulary;
    const shown = new Set(
      Array.from(texts.passages.subarray(b * slots, (b + 1) * slots)).flatMap((id) => {
        const passage = world.passages[id];
        return passage === undefined || passage.rumour ? [] : [passage.fact];
      }),
    );
    const lost = chain.facts.findIndex((fact) => !shown.has(fact));
    chain.facts.forEach((fact, hop) => {
      const isKnown = lost < 0 || hop < lost;
      labels[b * MAX_THOUGHTS + hop] = isKnown ? entityBase + (world.facts[fact]?.object ?? 0) : special.question;
    });
  });
  return labels;
}

/** What the reviews of the drafts thought, and what they should have. */
export function thoughtsToTeach(
  { draft, reviews }: RolloutResult,
  rows: readonly RowQuestion[],
  { reviewThoughts }: RunConfig,
): Thoughts | undefined {
  if (reviews.thoughts === undefined) return undefined;
  return { written: reviews.thoughts, labels: thoughtLabels(draft, rows), weight: reviewThoughts };
}

/** Share of the thoughts that are as they should be; null where there are none. */
export function thoughtAccuracy({ written, labels }: Thoughts): number | null {
  let [right, all] = [0, 0];
  labels.forEach((label, i) => {
    if (label === 0) return;
    all += 1;
    if (written[i] === label) right += 1;
  });
  return all === 0 ? null : right / all;
}
