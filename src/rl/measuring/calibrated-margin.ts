/** The margin at which cutting pays, found on drafts of training worlds, where the right answers are free (method.md section 4). */

/** A draft, and what its likeliest cut led to. */
export interface TriedCut {
  /** How much likelier rejecting it is than accepting it, in nats: what a margin is compared with. */
  score: number;
  /** EM after the cut minus EM of the draft. */
  gain: number;
}

/** A gain that is fewer standard errors above 0 is taken for chance. */
const CLEAR = 2;

/** A margin that no draft reaches. */
export const NEVER = 1e30;

/**
 * The margin whose cuts gain most, the highest among equals; NEVER where that gain is not clear of chance.
 *
 * @param tried in any order
 */
export function payingMargin(tried: readonly TriedCut[]): number {
  const sorted = [...tried].sort((a, b) => b.score - a.score);
  let best = { margin: NEVER, gain: 0 };
  let gain = 0;
  let changed = 0;
  for (const [i, one] of sorted.entries()) {
    gain += one.gain;
    changed += one.gain ** 2;
    const next = sorted[i + 1]?.score ?? -NEVER;
    // A margin cuts all drafts of one score or none.
    if (next === one.score) continue;
    if (gain > best.gain && gain >= CLEAR * Math.sqrt(changed)) best = { margin: one.score, gain };
  }
  return best.margin;
}

/**
 * What `review_decide` compares with the margin in an evaluation.
 *
 * @param logProbs (6) of the integers 0..5, -Infinity past S
 * @param together a verdict behind every step: all cuts together against accepting; else the likeliest one
 */
export function rejectionScore([accept = 0, ...cuts]: Float32Array, together: boolean): number {
  const likeliest = Math.max(...cuts);
  if (!together) return likeliest - accept;
  return likeliest + Math.log(cuts.reduce((sum, cut) => sum + Math.exp(cut - likeliest), 0)) - accept;
}
