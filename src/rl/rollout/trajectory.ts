import { PASSAGES_PER_SEARCH, MAX_SEARCHES, MAX_STEPS } from '../../env/episode-limits';
import { flawedStep, labelEvidence } from '../../env/evidence';
import type { Chain, World } from '../../env/world';
import { MAX_THOUGHTS, REVIEW_WORDS, ROW, ROW_WORDS, THOUGHTS_AT } from '../../kernels/episode/row-layout';
import { trajectoryReward, type RewardOptions } from '../../lib/reward';

/** One side, draft or final, of B trajectories; field meanings as in the trainer's protocol. */
export interface TrajectorySide {
  tokens: Uint16Array<ArrayBuffer>;
  lengths: Uint16Array<ArrayBuffer>;
  logProbs: Float32Array<ArrayBuffer>;
  entropies: Float32Array<ArrayBuffer>;
  stepStarts: Uint16Array<ArrayBuffer>;
  stepCounts: Uint8Array<ArrayBuffer>;
  reasons: Uint8Array<ArrayBuffer>;
  passages: Int32Array<ArrayBuffer>;
  passageClasses: Uint8Array<ArrayBuffer>;
  useful: Uint8Array<ArrayBuffer>;
  shares: Float32Array<ArrayBuffer>;
  em: Uint8Array<ArrayBuffer>;
  rewards: Float32Array<ArrayBuffer>;
  coverage: Float32Array<ArrayBuffer>;
  /** (B) completed searches. */
  searches: Uint8Array<ArrayBuffer>;
  /** (B) the first flawed step by the labels, 0 for none. */
  flawed: Uint8Array<ArrayBuffer>;
}

/** What a row was asked. */
export interface RowQuestion {
  world: World;
  chain: Chain;
}

/** What came back from the GPU for one side. */
export interface SideWords {
  rows: Uint32Array;
  tokens: Uint32Array;
  logProbs: Float32Array;
  entropies: Float32Array;
}

const FINISHED = 1;

/** Reads one side and labels its evidence; positions past a row's end come back as 0. */
export function readSide(
  words: SideWords,
  questions: readonly RowQuestion[],
  positions: number,
  options: RewardOptions,
): TrajectorySide {
  const batch = questions.length;
  const slots = MAX_SEARCHES * PASSAGES_PER_SEARCH;
  const side: TrajectorySide = {
    tokens: new Uint16Array(batch * positions),
    lengths: new Uint16Array(batch),
    logProbs: new Float32Array(batch * positions),
    entropies: new Float32Array(batch * positions),
    stepStarts: new Uint16Array(batch * MAX_STEPS),
    stepCounts: new Uint8Array(batch),
    reasons: new Uint8Array(batch),
    passages: new Int32Array(batch * slots).fill(-1),
    passageClasses: new Uint8Array(batch * slots).fill(255),
    useful: new Uint8Array(batch * MAX_SEARCHES),
    shares: new Float32Array(batch * MAX_SEARCHES),
    em: new Uint8Array(batch),
    rewards: new Float32Array(batch),
    coverage: new Float32Array(batch),
    searches: new Uint8Array(batch),
    flawed: new Uint8Array(batch),
  };
  questions.forEach(({ world, chain }, b) => {
    const word = (field: number) => words.rows[b * ROW_WORDS + field] ?? 0;
    const length = word(ROW.length);
    const start = b * positions;
    side.lengths[b] = length;
    side.tokens.set(words.tokens.subarray(start, start + length), start);
    // Nothing is written at the question's positions: what stands there is from an earlier batch.
    const written = start + word(ROW.promptLength);
    side.logProbs.set(words.logProbs.subarray(written, start + length), written);
    side.entropies.set(words.entropies.subarray(written, start + length), written);
    const steps = word(ROW.steps);
    side.stepCounts[b] = steps;
    for (let s = 0; s < steps; s++) side.stepStarts[b * MAX_STEPS + s] = word(ROW.stepStarts + s);
    side.reasons[b] = word(ROW.reason);
    const searches = word(ROW.searches);
    side.searches[b] = searches;
    const found: number[][] = [];
    for (let s = 0; s < searches; s++) {
      const ids = [0, 1, 2].map((k) => word(ROW.passages + s * PASSAGES_PER_SEARCH + k));
      side.passages.set(ids, b * slots + s * PASSAGES_PER_SEARCH);
      found.push(ids);
    }
    const right =
      word(ROW.reason) === FINISHED && word(ROW.answer) === world.schema.vocabulary.entityBase + chain.answer;
    const labels = labelEvidence(world, chain, found);
    labels.searches.forEach((label, s) => {
      side.useful[b * MAX_SEARCHES + s] = label.useful;
      side.shares[b * MAX_SEARCHES + s] = label.share;
      side.passageClasses.set(label.classes, b * slots + s * PASSAGES_PER_SEARCH);
    });
    side.em[b] = right ? 1 : 0;
    side.coverage[b] = labels.coverage;
    side.rewards[b] = trajectoryReward(right, labels.searches, options);
    side.flawed[b] = flawedStep(labels, steps, right);
  });
  return side;
}

/** The rows of several batches of the same shape, one after the other. */
export function joinSides(sides: readonly TrajectorySide[]): TrajectorySide {
  return {
    tokens: Uint16Array.from(sides.flatMap((side) => [...side.tokens])),
    lengths: Uint16Array.from(sides.flatMap((side) => [...side.lengths])),
    logProbs: Float32Array.from(sides.flatMap((side) => [...side.logProbs])),
    entropies: Float32Array.from(sides.flatMap((side) => [...side.entropies])),
    stepStarts: Uint16Array.from(sides.flatMap((side) => [...side.stepStarts])),
    stepCounts: Uint8Array.from(sides.flatMap((side) => [...side.stepCounts])),
    reasons: Uint8Array.from(sides.flatMap((side) => [...side.reasons])),
    passages: Int32Array.from(sides.flatMap((side) => [...side.passages])),
    passageClasses: Uint8Array.from(sides.flatMap((side) => [...side.passageClasses])),
    useful: Uint8Array.from(sides.flatMap((side) => [...side.useful])),
    shares: Float32Array.from(sides.flatMap((side) => [...side.shares])),
    em: Uint8Array.from(sides.flatMap((side) => [...side.em])),
    rewards: Float32Array.from(sides.flatMap((side) => [...side.rewards])),
    coverage: Float32Array.from(sides.flatMap((side) => [...side.coverage])),
    searches: Uint8Array.from(sides.flatMap((side) => [...side.searches])),
    flawed: Uint8Array.from(sides.flatMap((side) => [...side.flawed])),
  };
}

/** The tokens of row b, question and steps. */
export function textOfRow(side: Pick<TrajectorySide, 'tokens' | 'lengths'>, b: number): Uint16Array {
  const positions = side.tokens.length / side.lengths.length;
  return side.tokens.subarray(b * positions, b * positions + (side.lengths[b] ?? 0));
}

/** A copy of `side` in which row `places[i]` is row i of `by`. */
export function replaceRows(side: TrajectorySide, places: readonly number[], by: TrajectorySide): TrajectorySide {
  const copy = joinSides([side]);
  for (const field of SIDE_FIELDS) {
    const stride = side[field].length / side.em.length;
    places.forEach((row, i) => copy[field].set(by[field].subarray(i * stride, (i + 1) * stride), row * stride));
  }
  return copy;
}

const SIDE_FIELDS = [
  ...(['tokens', 'lengths', 'logProbs', 'entropies', 'stepStarts', 'stepCounts', 'reasons', 'passages'] as const),
  ...(['passageClasses', 'useful', 'shares', 'em', 'rewards', 'coverage', 'searches', 'flawed'] as const),
];

/** Reviews of a batch. A row that nobody reviewed has `reviewed` 0 and cut 0. */
export interface Reviews {
  /** (B) 1 where the row was reviewed. */
  reviewed: Uint8Array<ArrayBuffer>;
  /** (B) the cut that was made, 0 for none. */
  cuts: Uint8Array<ArrayBuffer>;
  /** (B) the integer that the review said: the action that is trained. Another than the cut where gate or cut rule are not the model's. */
  integers: Uint8Array<ArrayBuffer>;
  /** (B,6) log-probability of 0..5, -Infinity where illegal. */
  logProbs: Float32Array<ArrayBuffer>;
  /** (B,4) token of the entity that the review believed each hop to lead to, `?` where it could not tell, 0 past the question's hops; missing where reviews do not think. */
  thoughts?: Uint16Array<ArrayBuffer>;
}

/** Below every log-probability, above the kernels' value for "illegal". */
const ILLEGAL = -1e38;

export function readReviews(words: Uint32Array, batch: number, thinks = false): Reviews {
  const bits = new Float32Array(words.buffer, words.byteOffset, words.length);
  const reviews: Reviews = {
    reviewed: new Uint8Array(batch),
    cuts: new Uint8Array(batch),
    integers: new Uint8Array(batch),
    logProbs: new Float32Array(batch * 6),
  };
  for (let b = 0; b < batch; b++) {
    const at = b * REVIEW_WORDS;
    const steps = words[at + 1] ?? 0;
    reviews.reviewed[b] = steps > 0 ? 1 : 0;
    reviews.cuts[b] = words[at] ?? 0;
    reviews.integers[b] = words[at + 2] ?? 0;
    for (let j = 0; j < 6; j++) {
      const logProb = bits[at + 3 + j] ?? 0;
      reviews.logProbs[b * 6 + j] = j <= steps && logProb > ILLEGAL ? logProb : -Infinity;
    }
  }
  if (!thinks) return reviews;
  const thoughts = Uint16Array.from({ length: batch * MAX_THOUGHTS }, (_, i) => {
    const b = Math.floor(i / MAX_THOUGHTS);
    const word = words[b * REVIEW_WORDS + THOUGHTS_AT + (i % MAX_THOUGHTS)] ?? 0;
    return reviews.reviewed[b] === 1 ? word : 0;
  });
  return { ...reviews, thoughts };
}
