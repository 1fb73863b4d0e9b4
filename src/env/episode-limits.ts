/** Caps of the trajectory grammar (method.md section 2) and the lengths that follow from them. */

export const MAX_SEARCHES = 4;
/** Four search steps and an answer step. */
export const MAX_STEPS = MAX_SEARCHES + 1;
/** Content tokens inside each segment; with its two tags a think takes 4 tokens, a query 4, an answer 3. */
export const MAX_THINK_CONTENT = 2;
export const MAX_QUERY_CONTENT = 2;
export const PASSAGES_PER_SEARCH = 3;
export const PASSAGE_TOKENS = 4;
/** `<information>`, three passages, `</information>`. */
export const INFORMATION_TOKENS = 2 + PASSAGES_PER_SEARCH * PASSAGE_TOKENS;
/** Most tokens that are fed to the policy at once: the one that closed a query, and its information block. */
export const BLOCK_TOKENS = 1 + INFORMATION_TOKENS;
/** Most tokens that the policy writes in one step: think and query with their tags, or think, answer and `<eos>`. */
export const STEP_CHOICES = MAX_THINK_CONTENT + 2 + Math.max(MAX_QUERY_CONTENT + 2, 1 + 2 + 1);

export interface EpisodeLimits {
  readonly maxHops: number;
  /** `<bos>`, up to maxHops relations, an entity, `?`. */
  readonly maxQuestionTokens: number;
  /** The longest trajectory, `<eos>` included, review excluded. */
  readonly maxTrajectoryTokens: number;
  /** T: input positions of the longest row, its `<review>` included. The integer of the review is only ever a target. */
  readonly positions: number;
}

/** @param maxHops longest relation chain of a question; 3 gives T = 103 */
export function episodeLimits(maxHops: number): EpisodeLimits {
  const maxQuestionTokens = maxHops + 3;
  const thinkTokens = MAX_THINK_CONTENT + 2;
  const stepTokens = thinkTokens + MAX_QUERY_CONTENT + 2 + INFORMATION_TOKENS;
  const answerStepTokens = thinkTokens + 3;
  const maxTrajectoryTokens = maxQuestionTokens + MAX_SEARCHES * stepTokens + answerStepTokens + 1;
  return { maxHops, maxQuestionTokens, maxTrajectoryTokens, positions: maxTrajectoryTokens + 1 };
}
