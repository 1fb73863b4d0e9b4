/** A batch written by hand, for tests that compute by hand what becomes of it: words for tokens, numbers as they are. */
import type { TrajectoryBatch, TrajectorySide, WorldDescription } from '../../trainer/protocol/protocol';
import { makeFakeWorld } from './fake-world';

export const HAND_WORLD: WorldDescription = makeFakeWorld().description;
const POSITIONS = 96;
/** Three tokens before the first step. */
const QUESTION = '<bos> Ada_Moreau ?';

export interface HandSide {
  /** Each step in words, "_" for a space within a name. */
  steps: readonly string[];
  em?: number;
  reward?: number;
  coverage?: number;
  /** END_REASONS; 1 where it finished. */
  reason?: number;
  /** Of each search. */
  useful?: readonly number[];
  shares?: readonly number[];
  /** Three of each search, one after the other. */
  passages?: readonly number[];
  classes?: readonly number[];
  scores?: readonly number[];
}

export interface HandRow {
  draft: HandSide;
  /** The draft where it is missing. */
  final?: HandSide;
  cut?: number;
  /** Probabilities of accept and of each cut; none where no model reviewed. */
  review?: readonly number[];
  advantage?: number;
  reviewAdvantage?: number;
}

/** Of a name without its kind: "Ada Moreau", "born in", "Almanac", "<think>". */
export function tokenOf(word: string): number {
  const name = word.replaceAll('_', ' ');
  const token = HAND_WORLD.tokenStrings.findIndex((text) => text === name || text.endsWith(`:${name}`));
  if (token < 0) throw new Error(`The fake world has no word "${name}".`);
  return token;
}

export function tokensOf(words: string): number[] {
  return words.split(' ').map(tokenOf);
}

/** The log-probability of the token at a position is -(position + 1) / 64, its entropy (position + 1) / 32. */
export function handSide(rows: readonly HandSide[]): TrajectorySide {
  const count = rows.length;
  const side: TrajectorySide = {
    tokens: new Uint16Array(count * POSITIONS),
    lengths: new Uint16Array(count),
    logProbs: new Float32Array(count * POSITIONS),
    entropies: new Float32Array(count * POSITIONS),
    stepStarts: new Uint16Array(count * 5),
    stepCounts: Uint8Array.from(rows, ({ steps }) => steps.length),
    reasons: Uint8Array.from(rows, ({ reason = 1 }) => reason),
    passages: new Int32Array(count * 12).fill(-1),
    passageClasses: new Uint8Array(count * 12).fill(255),
    scores: new Float32Array(count * 12),
    useful: new Uint8Array(count * 4),
    shares: new Float32Array(count * 4),
    em: Uint8Array.from(rows, ({ em = 0 }) => em),
    rewards: Float32Array.from(rows, ({ reward = 0 }) => reward),
    coverage: Float32Array.from(rows, ({ coverage = 0 }) => coverage),
  };
  rows.forEach((row, place) => {
    const tokens = tokensOf(QUESTION);
    row.steps.forEach((step, k) => {
      if (k < 5) side.stepStarts[place * 5 + k] = tokens.length;
      tokens.push(...tokensOf(step));
    });
    if (tokens.length > POSITIONS) throw new Error(`A row by hand has at most ${POSITIONS} tokens.`);
    side.tokens.set(tokens, place * POSITIONS);
    side.lengths[place] = tokens.length;
    tokens.forEach((_, position) => {
      side.logProbs[place * POSITIONS + position] = -(position + 1) / 64;
      side.entropies[place * POSITIONS + position] = (position + 1) / 32;
    });
    side.passages.set(row.passages ?? [], place * 12);
    side.passageClasses.set(row.classes ?? [], place * 12);
    side.scores.set(row.scores ?? [], place * 12);
    side.useful.set(row.useful ?? [], place * 4);
    side.shares.set(row.shares ?? [], place * 4);
  });
  return side;
}

/** Questions are "question 0" and so on, answers the entities from Ada Moreau on. */
export function handBatch(
  rows: readonly HandRow[],
  { update = 1, groupSize = rows.length }: { update?: number; groupSize?: number } = {},
): TrajectoryBatch {
  const prompts = rows.length / groupSize;
  const reviewLogProbs = new Float32Array(rows.length * 6);
  rows.forEach(({ review = [] }, row) => {
    if (review.length === 0) return;
    for (let k = 0; k < 6; k += 1) reviewLogProbs[6 * row + k] = Math.log(review[k] ?? 0);
  });
  return {
    update,
    prompts,
    groupSize,
    positions: POSITIONS,
    answers: Uint16Array.from({ length: prompts }, (_, group) => tokenOf('Ada_Moreau') + group),
    questions: Array.from({ length: prompts }, (_, group) => `question ${group}`),
    draft: handSide(rows.map(({ draft }) => draft)),
    final: handSide(rows.map(({ draft, final = draft }) => final)),
    cuts: Uint8Array.from(rows, ({ cut = 0 }) => cut),
    reviewLogProbs,
    advantages: Float32Array.from(rows, ({ advantage = 0 }) => advantage),
    reviewAdvantages: Float32Array.from(rows, ({ reviewAdvantage = 0 }) => reviewAdvantage),
  };
}

export const ANSWER_STEP = '<think> Aldermoor </think> <answer> Aldermoor </answer> <eos>';

/** Rows of which only the numbers matter: one step each. */
export function numbersBatch(
  rows: readonly {
    cut?: number;
    draftEm?: number;
    em?: number;
    reward?: number;
    draftReward?: number;
    advantage?: number;
  }[],
  how: { update?: number; groupSize?: number } = {},
): TrajectoryBatch {
  return handBatch(
    rows.map(
      ({ cut = 0, draftEm = 0, em = draftEm, reward = 0, draftReward = cut === 0 ? reward : 0, advantage = 0 }) => ({
        draft: { steps: [ANSWER_STEP], em: draftEm, reward: draftReward },
        final: { steps: [ANSWER_STEP], em, reward },
        cut,
        advantage,
      }),
    ),
    how,
  );
}
