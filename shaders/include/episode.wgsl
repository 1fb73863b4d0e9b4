// The state of one trajectory on the GPU. Field for field what src/kernels/episode/row-layout.ts reads; the transitions are
// those of src/env/episode.ts, which the tests hold against each other.

struct Row {
  // Tokens that have been fed, so the position of the first that has not.
  position: u32,
  // Tokens that stand in `tokens`.
  length: u32,
  phase: u32,
  // Content tokens in the open segment.
  content: u32,
  searches: u32,
  steps: u32,
  reason: u32,
  prompt_length: u32,
  // Revision number: 0 for the draft, so that a regeneration never repeats its random numbers.
  attempt: u32,
  is_active: u32,
  // 1 while a query waits for its passages: nothing is fed meanwhile.
  pending: u32,
  passage_base: u32,
  passage_count: u32,
  logical_row: u32,
  answer: u32,
  gold: u32,
  hop_count: u32,
  // Sample of a sweep or evaluation; all cuts of a draft share it.
  replicate: u32,
  unused: array<u32, 2>,
  query: array<u32, 4>,
  // First position of each of up to 5 steps.
  step_starts: array<u32, 8>,
  // Passage ids of up to 4 searches, 3 each, relative to passage_base.
  passages: array<u32, 12>,
  // Facts of the question's hops (the world's fact index plus 1).
  hop_facts: array<u32, 4>,
}

const EXPECT_THINK = 0u;
const IN_THINK = 1u;
const AFTER_THINK = 2u;
const IN_SEARCH = 3u;
const INFORMATION = 4u;
const IN_ANSWER = 5u;
const AFTER_ANSWER = 6u;
const DONE = 7u;

const RUNNING = 0u;
const FINISHED = 1u;
const FIFTH_SEARCH = 2u;
const OVER_LONG_THINK = 3u;
const OVER_LONG_QUERY = 4u;
const OVER_LONG_ANSWER = 5u;
const UNEXPECTED_TOKEN = 6u;
const EMPTY_QUERY = 7u;
const EMPTY_ANSWER = 8u;

const MAX_SEARCHES = 4u;
const MAX_THINK_CONTENT = 2u;
const MAX_QUERY_CONTENT = 2u;
const INFORMATION_TOKENS = 14u;

// The control tokens, as src/retrieval/vocabulary.ts numbers them.
const TOKEN_EOS = 2u;
const TOKEN_THINK = 3u;
const TOKEN_END_THINK = 4u;
const TOKEN_SEARCH = 5u;
const TOKEN_END_SEARCH = 6u;
const TOKEN_INFORMATION = 7u;
const TOKEN_END_INFORMATION = 8u;
const TOKEN_ANSWER = 9u;
const TOKEN_END_ANSWER = 10u;
const TOKEN_QUESTION = 11u;
const TOKEN_REVIEW = 12u;
const TOKEN_INTEGER_0 = 13u;
