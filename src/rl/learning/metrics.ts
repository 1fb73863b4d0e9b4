import { MAX_SEARCHES, MAX_STEPS, PASSAGES_PER_SEARCH } from '../../env/episode-limits';
import { END_REASON } from '../../env/episode';
import { PASSAGE_REPEATED } from '../../env/evidence';
import { mean } from '../../lib/stats';
import type { Vocabulary } from '../../retrieval/vocabulary';
import { policyPositions } from '../rollout/policy-tokens';
import type { RolloutResult } from '../rollout/rollout';
import { thoughtsOf } from '../rollout/review-text';
import { reviewRounds, revisionsOf } from '../rollout/rounds';
import type { RowQuestion, TrajectorySide } from '../rollout/trajectory';

/** Every value is a finite number, or null where it is a rate over nothing. Formulas: docs/metrics.md. */
export type Metrics = Record<string, number | null>;

interface UpdateFacts {
  /** Updates done, this one included. */
  update: number;
  vocabulary: Vocabulary;
  positions: number;
  /** Whether the network reviews. */
  reviewed: boolean;
  /** Tokens of further reviews, which the rollout does not hold. */
  extra: { sampledTokens: number; forcedTokens: number };
  zeroVarianceGroups: number;
}

/** All metrics of an update but the optimiser's: those of the final trajectories, and what the reviews made of the drafts. */
export function rolloutMetrics(
  result: RolloutResult,
  questions: readonly RowQuestion[],
  { update, vocabulary, positions, reviewed, extra, zeroVarianceGroups }: UpdateFacts,
): Metrics {
  const { draft, final } = result;
  const { em = null, reward = null, ...finalMetrics } = sideMetrics(final, questions, '');
  return {
    update,
    rewardMean: reward,
    rewardDraftMean: mean(draft.rewards),
    emDraft: mean(draft.em),
    emFinal: em,
    ...finalMetrics,
    ...reviewMetrics(result),
    ...reasonMetrics(final),
    ...tokenMetrics(result, vocabulary, positions, reviewed, extra),
    zeroVarianceGroups,
  };
}

/** Metrics of one side: what the trajectories themselves are worth. `suffix` is appended to each key. */
export function sideMetrics(side: TrajectorySide, questions: readonly RowQuestion[], suffix: string): Metrics {
  const rows = Array.from(questions.keys());
  const hops = (b: number) => questions[b]?.chain.relations.length ?? 0;
  const metrics: Metrics = {
    em: mean(side.em),
    reward: mean(side.rewards),
    density: mean(rows.map((b) => density(side, b))),
    coverage: mean(side.coverage),
    searches: mean(side.searches),
    luckyGuessRate: share(rows, (b) => side.em[b] === 1 && (side.coverage[b] ?? 0) < 1),
    wrongDespiteEvidenceRate: share(rows, (b) => side.em[b] === 0 && side.coverage[b] === 1),
    repeatedSearchRate: repeatedSearchRate(side, rows),
    malformedRate: share(rows, (b) => side.reasons[b] !== END_REASON.finished),
  };
  // Each hop takes a search.
  for (let h = 1; h <= MAX_SEARCHES; h++) {
    const some = rows.filter((b) => hops(b) === h);
    metrics[`searchesHop${h}`] = some.length === 0 ? null : mean(some.map((b) => side.searches[b] ?? 0));
    metrics[`emHop${h}`] = some.length === 0 ? null : mean(some.map((b) => side.em[b] ?? 0));
  }
  return Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key + suffix, value]));
}

/** What the reviews did, as shares of all rows unless named otherwise. */
export function reviewMetrics(result: RolloutResult): Metrics {
  const { draft, final, reviews } = result;
  const rows = Array.from(draft.em.keys());
  const revised = (b: number) => (reviews.cuts[b] ?? 0) > 0;
  const before = (b: number) => draft.em[b] === 1;
  const after = (b: number) => final.em[b] === 1;
  const wrong = rows.filter((b) => !before(b));
  const right = rows.filter(before);
  const metrics: Metrics = {
    revisionRate: share(rows, revised),
    revisions: mean(rows.map((b) => revisionsOf(result, b))),
    revisionRateWrong: share(wrong, revised),
    revisionRateRight: share(right, revised),
    savedRate: share(rows, (b) => revised(b) && !before(b) && after(b)),
    harmedRate: share(rows, (b) => revised(b) && before(b) && !after(b)),
    wastedRate: share(rows, (b) => revised(b) && before(b) === after(b)),
    missedRate: share(rows, (b) => !revised(b) && !before(b)),
    // How often the review says exactly what the labels say.
    reviewAccuracy: share(rows, (b) => reviews.cuts[b] === draft.flawed[b]),
  };
  for (let j = 0; j <= MAX_STEPS; j++) metrics[`cutShare${j}`] = share(rows, (b) => reviews.cuts[b] === j);
  return metrics;
}

const REASON_KEYS: readonly [key: string, reason: number][] = [
  ['malformedFifthSearch', END_REASON.fifthSearch],
  ['malformedOverLongThink', END_REASON.overLongThink],
  ['malformedOverLongQuery', END_REASON.overLongQuery],
  ['malformedOverLongAnswer', END_REASON.overLongAnswer],
  ['malformedUnexpectedToken', END_REASON.unexpectedToken],
  ['malformedEmptyQuery', END_REASON.emptyQuery],
  ['malformedEmptyAnswer', END_REASON.emptyAnswer],
];

/** Share of the rows that ended for each malformed reason. */
export function reasonMetrics(side: TrajectorySide): Metrics {
  const rows = Array.from(side.em.keys());
  return Object.fromEntries(REASON_KEYS.map(([key, reason]) => [key, share(rows, (b) => side.reasons[b] === reason)]));
}

/**
 * Tokens that were sampled (drafts, regenerated suffixes, one integer a review, and its thoughts) and tokens that the environment inserted.
 * Comparisons between arms are made at equal sampled tokens.
 */
export function tokenMetrics(
  result: RolloutResult,
  vocabulary: Vocabulary,
  positions: number,
  reviewed: boolean,
  /** Of further reviews, which the rollout does not hold. */
  extra: { sampledTokens: number; forcedTokens: number } = { sampledTokens: 0, forcedTokens: 0 },
): Metrics {
  let sampled = extra.sampledTokens;
  let forced = extra.forcedTokens;
  const count = (side: TrajectorySide, b: number, from: number) => {
    const length = side.lengths[b] ?? 0;
    const written = policyPositions(side.tokens, b * positions, length, vocabulary.special);
    const kept = written.filter((t) => t >= from).length;
    const prompt = side.stepStarts[b * MAX_STEPS] ?? 0;
    sampled += kept;
    forced += length - Math.max(from, prompt) - kept;
  };
  const rounds = reviewRounds(result);
  for (const b of result.draft.em.keys()) {
    count(result.draft, b, 0);
    for (const { draft, reviews, after } of rounds) {
      const cut = reviews.cuts[b] ?? 0;
      if (cut > 0) count(after, b, draft.stepStarts[b * MAX_STEPS + cut - 1] ?? 0);
      if (reviewed)
        sampled += (reviews.reviewed[b] ?? 0) + (thoughtsOf(reviews.thoughts, b)?.filter(Boolean).length ?? 0);
    }
  }
  return { sampledTokens: sampled, forcedTokens: forced };
}

/** Mean share of new supporting passages over the searches of a trajectory; 0 without a search. */
function density(side: TrajectorySide, b: number): number {
  const searches = side.searches[b] ?? 0;
  let sum = 0;
  for (let s = 0; s < searches; s++) sum += side.shares[b * MAX_SEARCHES + s] ?? 0;
  return searches === 0 ? 0 : sum / searches;
}

/** Share of searches that brought nothing but passages or hops that were there before. */
function repeatedSearchRate(side: TrajectorySide, rows: readonly number[]): number | null {
  let searches = 0;
  let repeated = 0;
  for (const b of rows) {
    for (let s = 0; s < (side.searches[b] ?? 0); s++) {
      const at = (b * MAX_SEARCHES + s) * PASSAGES_PER_SEARCH;
      searches += 1;
      if (side.passageClasses.subarray(at, at + PASSAGES_PER_SEARCH).every((c) => c === PASSAGE_REPEATED))
        repeated += 1;
    }
  }
  return searches === 0 ? null : repeated / searches;
}

function share(rows: readonly number[], holds: (b: number) => boolean): number | null {
  return rows.length === 0 ? null : rows.filter(holds).length / rows.length;
}
