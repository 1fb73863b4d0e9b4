import type { RunConfig } from '../../config/schema';
import type { WorldFamily } from '../../env/world';
import { tokenMetrics } from '../learning/metrics';
import { policyPositions } from '../rollout/policy-tokens';
import type { RolloutRow, ShouldStop } from '../rollout/rollout';
import { readerReviews } from '../rollout/symbolic-reader';
import { joinSides, textOfRow, type TrajectorySide } from '../rollout/trajectory';
import { rejectionScore } from './calibrated-margin';
import { redrawnQuestions, REPLICATE, run, type Evaluated } from './evaluate';
import { doubtScores } from './reading-meters';
import { severalTries, type Judge, type Try, type TryLine } from './several-tries';

/** Whether the first try takes its likeliest tokens; all others are sampled at temperature 1. */
type First = 'sampled' | 'greedy';

/** A line of tries.jsonl. */
export interface TriesReport {
  update: number;
  questions: number;
  /** The most of a question. */
  tries: number;
  /** By rule and number of tries; `refined` is one try with its cuts, where there is a refiner. */
  lines: (TryLine & { first: First })[];
}

type Measured = Evaluated & { family: Pick<WorldFamily, 'schema'>; config: RunConfig; positions: number };

/**
 * Several tries of the questions of an evaluation, with the current weights: what a vote among them brings, what a reviewer
 * brings who picks one or asks until it accepts one, and what cutting brings instead (docs/metrics.md).
 *
 * @param most tries of a question, from 2 on
 * @param count questions, the same as an evaluation's
 * @param shouldStop asked between submits; a yes throws RolloutAborted. The weights are never touched.
 */
export async function measureTries(
  learner: Measured,
  most: number,
  count: number,
  shouldStop?: ShouldStop,
): Promise<TriesReport> {
  const { config } = learner;
  learner.pool.redraw(Math.max(0, learner.updates - 1));
  const asked = redrawnQuestions(learner, count);
  const one = async (temperature: number, replicate: number) => {
    const results = await run(learner, asked, { temperature, refine: false, blank: false, replicate }, shouldStop);
    return tryOf(learner, asked, joinSides(results.map(({ draft }) => draft)), shouldStop);
  };
  const sampled: Try[] = [];
  for (let t = 0; t < most; t++) sampled.push(await one(1, REPLICATE.tries + t));
  const greedy = [await one(0, REPLICATE.greedy), ...sampled.slice(1)];
  const named = (first: First, lines: TryLine[]) => lines.map((line) => ({ first, ...line }));
  const lines = [
    ...named('sampled', severalTries(sampled, config.margin)),
    ...named('greedy', severalTries(greedy, config.margin)),
  ];
  if (config.refiner !== 'none') {
    lines.push({ first: 'sampled', ...(await refined(learner, asked, 1, REPLICATE.tries, shouldStop)) });
    lines.push({ first: 'greedy', ...(await refined(learner, asked, 0, REPLICATE.greedy, shouldStop)) });
  }
  return { update: learner.updates, questions: asked.length, tries: most, lines };
}

/** One try of each question, cut where its review says so. */
async function refined(
  learner: Measured,
  asked: readonly RolloutRow[],
  temperature: number,
  replicate: number,
  shouldStop?: ShouldStop,
): Promise<TryLine> {
  const results = await run(learner, asked, { temperature, refine: true, blank: false, replicate }, shouldStop);
  const { vocabulary } = learner.family.schema;
  const { em } = joinSides(results.map(({ final }) => final));
  const tokens = results.reduce((sum, result) => {
    return sum + (tokenMetrics(result, vocabulary, learner.positions, false)['sampledTokens'] ?? 0);
  }, 0);
  const right = em.reduce((sum, one) => sum + one, 0);
  return { rule: 'refined', tries: 1, em: right / asked.length, tokens: tokens / asked.length };
}

async function tryOf(
  learner: Measured,
  asked: readonly RolloutRow[],
  drafts: TrajectorySide,
  shouldStop?: ShouldStop,
): Promise<Try> {
  const { config, family } = learner;
  const { special } = family.schema.vocabulary;
  const scores = (logProbs: Float32Array, together: boolean) =>
    asked.map((_, q) => rejectionScore(logProbs.subarray(q * 6, q * 6 + 6), together));
  const leastLikely = doubtScores(drafts);
  const doubts: Record<Judge, ArrayLike<number>> = {
    network: scores(await learner.readReviews(drafts, 'present', shouldStop), config.reviewReading === 'steps'),
    rules: scores(readerReviews(asked, drafts, config.noise).logProbs, false),
    doubt: asked.map((_, q) => -(leastLikely[q * 6] ?? 0)),
  };
  return {
    em: drafts.em,
    answers: asked.map((_, q) => answerOf(textOfRow(drafts, q), special.answer)),
    tokens: asked.map((_, q) => {
      const text = textOfRow(drafts, q);
      return policyPositions(text, 0, text.length, special).length;
    }),
    doubts,
  };
}

/** The token behind the answer's tag, -1 where there is none. */
function answerOf(text: Uint16Array, tag: number): number {
  const place = text.lastIndexOf(tag);
  return place < 0 ? -1 : (text[place + 1] ?? -1);
}
