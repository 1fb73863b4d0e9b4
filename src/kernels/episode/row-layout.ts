/** Where the fields of the GPU's `Row` (shaders/include/episode.wgsl) stand, in words of 4 bytes. */
export const ROW_WORDS = 48;

export const ROW = {
  position: 0,
  length: 1,
  phase: 2,
  content: 3,
  searches: 4,
  steps: 5,
  reason: 6,
  promptLength: 7,
  attempt: 8,
  isActive: 9,
  pending: 10,
  passageBase: 11,
  passageCount: 12,
  logicalRow: 13,
  answer: 14,
  gold: 15,
  hopCount: 16,
  replicate: 17,
  query: 20,
  stepStarts: 24,
  passages: 32,
  hopFacts: 44,
} as const;

/** Words of one review: the cut made, S, the integer said, the bits of six log-probabilities, then what it thought of each hop. */
export const REVIEW_WORDS = 13;
/** Where the thoughts begin, one token a hop, 0 for none. */
export const THOUGHTS_AT = 9;
export const MAX_THOUGHTS = 4;
