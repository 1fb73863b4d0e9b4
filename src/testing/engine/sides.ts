/** Trajectory sides from token lists, for tests of what comes after a rollout. */
import { MAX_SEARCHES, MAX_STEPS, PASSAGES_PER_SEARCH } from '../../env/episode-limits';
import { parseTrajectory } from '../../env/episode';
import type { Vocabulary } from '../../retrieval/vocabulary';
import type { Reviews, TrajectorySide } from '../../rl/rollout/trajectory';

export interface SideRow {
  tokens: readonly number[];
  em?: 0 | 1;
  reward?: number;
  coverage?: number;
  flawed?: number;
  /** Per search: the share of new supporting passages. */
  shares?: readonly number[];
  /** Per search: the classes of its three passages. */
  classes?: readonly (readonly number[])[];
  /** Per position. */
  logProbs?: ArrayLike<number>;
}

/** Lengths, steps, searches and reasons follow from the tokens; the rest is 0 unless given. */
export function sideOf(vocabulary: Vocabulary, positions: number, rows: readonly SideRow[]): TrajectorySide {
  const batch = rows.length;
  const slots = MAX_SEARCHES * PASSAGES_PER_SEARCH;
  const side: TrajectorySide = {
    tokens: new Uint16Array(batch * positions),
    lengths: Uint16Array.from(rows, ({ tokens }) => tokens.length),
    logProbs: new Float32Array(batch * positions),
    entropies: new Float32Array(batch * positions),
    stepStarts: new Uint16Array(batch * MAX_STEPS),
    stepCounts: new Uint8Array(batch),
    reasons: new Uint8Array(batch),
    passages: new Int32Array(batch * slots).fill(-1),
    passageClasses: new Uint8Array(batch * slots).fill(255),
    useful: new Uint8Array(batch * MAX_SEARCHES),
    shares: new Float32Array(batch * MAX_SEARCHES),
    em: Uint8Array.from(rows, ({ em }) => em ?? 0),
    rewards: Float32Array.from(rows, ({ reward }) => reward ?? 0),
    coverage: Float32Array.from(rows, ({ coverage }) => coverage ?? 0),
    searches: new Uint8Array(batch),
    flawed: Uint8Array.from(rows, ({ flawed }) => flawed ?? 0),
  };
  rows.forEach((row, b) => {
    const { steps, searches, reason } = parseTrajectory(vocabulary, row.tokens);
    side.tokens.set(row.tokens, b * positions);
    side.logProbs.set(Float32Array.from(row.logProbs ?? []), b * positions);
    side.stepStarts.set(
      steps.map(({ start }) => start),
      b * MAX_STEPS,
    );
    side.stepCounts[b] = steps.length;
    side.searches[b] = searches.length;
    side.reasons[b] = reason;
    side.shares.set(row.shares ?? [], b * MAX_SEARCHES);
    side.passageClasses.set((row.classes ?? []).flat(), b * slots);
  });
  return side;
}

/** Reviews that say and do these cuts, 0 = accepted, with every legal integer equally likely. */
export function reviewsOf(side: TrajectorySide, cuts: readonly number[]): Reviews {
  const logProbs = cuts.flatMap((_, b) => {
    const steps = side.stepCounts[b] ?? 0;
    return [0, 1, 2, 3, 4, 5].map((j) => (j <= steps ? -Math.log(steps + 1) : -Infinity));
  });
  const said = Uint8Array.from(cuts);
  return { reviewed: said.map(() => 1), cuts: said, integers: said.slice(), logProbs: Float32Array.from(logProbs) };
}
