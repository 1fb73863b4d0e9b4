/** Trajectories as page and engine hand them to each other. */

/** Names a question of the run with the world that it was asked in. */
export interface AskedRow {
  /** The update that asked it, from 1, and its row there. */
  update: number;
  row: number;
  /** Asked as a pinned question: with random numbers that do not depend on the update. */
  pinned?: boolean;
}

/** One draft of a batch, as the batch holds it: the page keeps what the engine has given away. T positions. */
export interface DraftRow extends AskedRow {
  /** Number of a cut's revision in the random numbers: 1 for a cut of a draft (default), one more for each branch above. */
  revision?: number;
  /** (T) each. */
  tokens: Uint16Array;
  logProbs: Float32Array;
  entropies: Float32Array;
  /** (5), of which `steps` are valid. */
  stepStarts: Uint16Array;
  steps: number;
  /** (4,3) */
  passages: Int32Array;
}

/** One side (draft or final) of B trajectories. T = positions per row, at most 4 searches and 5 steps a row. */
export interface TrajectorySide {
  /** (B,T) token ids, 0 after the end. */
  tokens: Uint16Array;
  /** (B) number of tokens, question included. */
  lengths: Uint16Array;
  /** (B,T) log-probability under the policy of each token that the policy wrote, 0 elsewhere. */
  logProbs: Float32Array;
  /** (B,T) entropy in nats of the policy's distribution at each token it wrote, 0 elsewhere. */
  entropies: Float32Array;
  /** (B,5) position of the first token of each step; stepCounts says how many are valid. */
  stepStarts: Uint16Array;
  stepCounts: Uint8Array;
  /** (B) end reason, see END_REASONS. */
  reasons: Uint8Array;
  /** (B,4,3) passage id in the row's world, -1 where there was no search. */
  passages: Int32Array;
  /** (B,4,3) 0 new, 1 repeated, 2 irrelevant, 3 rumour, 255 none. */
  passageClasses: Uint8Array;
  /** (B,4,3) BM25 score of each passage for its query, 0 where there is none. */
  scores: Float32Array;
  /** (B,4) u_i: 1 if the collection supports a hop not supported before. */
  useful: Uint8Array;
  /** (B,4) share of supporting passages that are new: the density on screen. */
  shares: Float32Array;
  /** (B) exact match, reward, share of hops supported. */
  em: Uint8Array;
  rewards: Float32Array;
  coverage: Float32Array;
}

export interface TrajectoryBatch {
  update: number;
  prompts: number;
  groupSize: number;
  positions: number;
  /** (P) entity token of the right answer. */
  answers: Uint16Array;
  /** (P) English question. */
  questions: readonly string[];
  draft: TrajectorySide;
  final: TrajectorySide;
  /** (B) the earliest cut that was made: 0 for none, j at step j. 0 everywhere without a refiner. */
  cuts: Uint8Array;
  /** (B,6) log-probability of each integer 0..5 in the first review, -Infinity where illegal; all 0 when no model reviews. */
  reviewLogProbs: Float32Array;
  /** (B,4) what the first review thought of each hop: a token, 0 past the question's hops; missing where reviews do not think. */
  reviewThoughts?: Uint16Array;
  /** (B) advantage of the final trajectory, and of the first review in the units of refinerAdvantage. */
  advantages: Float32Array;
  reviewAdvantages: Float32Array;
}
