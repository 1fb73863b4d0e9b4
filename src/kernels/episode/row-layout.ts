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
  forcedLeft: 7,
  promptLength: 8,
  attempt: 9,
  isActive: 10,
  pending: 11,
  passageBase: 12,
  passageCount: 13,
  logicalRow: 14,
  answer: 15,
  gold: 16,
  hopCount: 17,
  replicate: 18,
  query: 20,
  stepStarts: 24,
  passages: 32,
  hopFacts: 44,
} as const;

/** Words of one review: the cut made, S, the integer said, then the bits of six log-probabilities. */
export const REVIEW_WORDS = 9;
