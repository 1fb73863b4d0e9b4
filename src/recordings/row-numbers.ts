/** What lists, filters and boards read of the rows on screen. */
/** (N) each. */
export interface SideNumbers {
  /** 0, 1 or EM_UNKNOWN. */
  em: Uint8Array;
  /** NaN where unknown. */
  rewards: Float32Array;
  coverage: Float32Array;
  /** 1 where it ended as it should. */
  reasons: Uint8Array;
}

/** A batch of the engine has these, among others. */
export interface RowNumbers {
  update: number;
  /** Number of questions, and the questions in English. */
  prompts: number;
  questions: readonly string[];
  draft: SideNumbers;
  final: SideNumbers;
  /** (N) 0 accepted, j cut at step j. */
  cuts: Uint8Array;
  /** (N,6) log-probabilities of the first review, that of accepting first. */
  reviewLogProbs: Float32Array;
  /** (N) NaN where there is none. */
  advantages: Float32Array;
}
