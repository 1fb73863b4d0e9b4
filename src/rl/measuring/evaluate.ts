import { drawQuestion } from '../../env/questions';
import type { World } from '../../env/world';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import { clusteredHalfWidth } from '../../lib/inference';
import { mean } from '../../lib/stats';
import type { Learner } from '../learning/learner';
import type { RefinedOptions } from '../learning/refined-rollout';
import { sideMetrics, type Metrics } from '../learning/metrics';
import { readerReviews } from '../rollout/symbolic-reader';
import { joinSides } from '../rollout/trajectory';
import type { ReviewOptions, Roller, RolloutResult, RolloutRow, ShouldStop } from '../rollout/rollout';
import { metersByKind, staysWithinType } from './kinds-of-questions';
import { NEVER, payingMargin, rejectionScore } from './calibrated-margin';
import { doubtScores, readingMeters } from './reading-meters';

/** Replicates keep evaluations apart from training and from each other. */
export const REPLICATE = {
  sampled: 1,
  greedy: 2,
  closedBook: 3,
  train: 4,
  real: 5,
  theoryDrafts: 6,
  theoryFresh: 7,
  temperature: 16,
  between: 24,
  calibration: 28,
  /** And the next ones, one for each further try. */
  tries: 32,
} as const;
/** Temperatures between greedy and 1 that an evaluation may ask at too, and how their keys end. */
const BETWEEN = [
  { temperature: 0.25, key: 'T25' },
  { temperature: 0.5, key: 'T50' },
  { temperature: 0.75, key: 'T75' },
] as const;
/** Lane of the question stream, so that evaluation questions are never the training ones; the same at every update. */
export const LANE = { redrawn: 1, train: 2, real: 3, theory: 4 } as const;
/** closedBook, train and real are side lines: half as many questions. */
const SIDE_SHARE = 2;

type Asking = Pick<Learner, 'config' | 'pool'>;

/** What an evaluation needs of a learner. */
export interface Evaluated
  extends Asking, Pick<Learner, 'updates' | 'roll' | 'readReviews' | 'rolloutOptions' | 'refinement'> {
  rollout: Pick<Roller, 'batch'>;
}

interface Condition {
  temperature: number;
  refine: boolean;
  /** In the place of what the settings say of reviews. */
  review?: Partial<Pick<ReviewOptions, 'margin' | 'gate' | 'revisions'>>;
  blank: boolean;
  replicate: number;
}

/** Questions on worlds that are never trained on: the headline set. */
export function redrawnQuestions(learner: Asking, count: number, lane: number = LANE.redrawn): RolloutRow[] {
  const { pool, config } = learner;
  return questions(learner, count, lane, (stream) => {
    const place = stream.int(config.evalWorlds);
    return { world: pool.heldOut(place), slot: config.poolSize + place };
  });
}

function trainQuestions(learner: Asking, count: number): RolloutRow[] {
  const { pool } = learner;
  return questions(learner, count, LANE.train, (stream) => {
    const place = stream.int(pool.size);
    return { world: pool.member(place), slot: place };
  });
}

function questions(
  learner: Asking,
  count: number,
  lane: number,
  pick: (stream: PhiloxStream) => { world: World; slot: number },
): RolloutRow[] {
  const { minHops, maxHops } = learner.config;
  return Array.from({ length: count }, (_, row) => {
    const stream = new PhiloxStream(learner.config.worldSeed, PURPOSES.question, row, 0, lane);
    const { world, slot } = pick(stream);
    return { world, slot, chain: drawQuestion(world, stream, maxHops, minHops), logicalRow: row };
  });
}

/** Runs any number of rows through the rollout, batch by batch. */
export async function run(
  learner: Evaluated,
  rows: readonly RolloutRow[],
  condition: Condition,
  shouldStop?: ShouldStop,
): Promise<RolloutResult[]> {
  const { batch } = learner.rollout;
  const results: RolloutResult[] = [];
  for (let start = 0; start < rows.length; start += batch) {
    const part = rows.slice(start, start + batch);
    results.push(
      await learner.roll(
        part,
        {
          ...learner.rolloutOptions(learner.updates),
          replicate: condition.replicate,
          temperature: condition.temperature,
          ...refinementOf(learner, condition),
          blank: condition.blank,
        },
        shouldStop,
      ),
    );
  }
  return results;
}

function refinementOf(learner: Evaluated, { refine, review }: Condition): Pick<RefinedOptions, 'review' | 'chooser'> {
  const given = learner.refinement(refine ? 'greedy' : null);
  return given.review === null ? given : { ...given, review: { ...given.review, ...review } };
}

/**
 * The margin that pays at a temperature, on questions about training worlds: every draft is cut where its review would cut it.
 * Without `marginFrom pool` that of the settings, as no answer.
 */
async function calibrated(
  learner: Evaluated,
  rows: readonly RolloutRow[],
  temperature: number,
  shouldStop?: ShouldStop,
): Promise<{ margin?: number }> {
  if (learner.config.marginFrom !== 'pool') return {};
  const always = { temperature, refine: true, review: { gate: 'always', revisions: 1 }, blank: false } as const;
  const tried = await run(learner, rows, { ...always, replicate: REPLICATE.calibration }, shouldStop);
  const drafts = joinSides(tried.map(({ draft }) => draft));
  const after = tried.flatMap(({ final }) => Array.from(final.em));
  const logProbs = await learner.readReviews(drafts, 'present', shouldStop);
  const together = learner.config.reviewReading === 'steps';
  const cuts = after.map((em, b) => {
    const score = rejectionScore(logProbs.subarray(b * 6, b * 6 + 6), together);
    return { score, gain: em - (drafts.em[b] ?? 0) };
  });
  return { margin: payingMargin(cuts) };
}

/** What reviews are told, as a number that a person can read: null is never. */
const marginOf = ({ margin }: { margin?: number }): number | null => (margin === NEVER ? null : (margin ?? null));

const answersOf = (results: readonly RolloutResult[], side: 'draft' | 'final') =>
  results.flatMap((result) => Array.from(result[side].em));
const emOf = (results: readonly RolloutResult[], side: 'draft' | 'final') => mean(answersOf(results, side));

/** Half of the 95 % interval of an EM over the worlds that were asked about, which differ more than answers of one world do. */
function byWorld(
  results: readonly RolloutResult[],
  asked: readonly RolloutRow[],
  side: 'draft' | 'final',
): number | null {
  return clusteredHalfWidth(
    answersOf(results, side),
    asked.map(({ slot }) => slot),
  );
}

/**
 * The evaluation of method.md sections 3 and 9 with the current weights: exact match on re-drawn worlds, sampled and greedy,
 * of the actor alone and with the refiner (which regenerates at temperature 1 in both); on the training pool; with blanked passages; on the real facts where there are any.
 *
 * @param shouldStop asked between submits; a yes throws RolloutAborted. The weights are never touched.
 * @param count questions on re-drawn worlds; more of them begin with the same ones
 */
export async function evaluate(
  learner: Evaluated,
  shouldStop?: ShouldStop,
  count: number = learner.config.evalQuestions,
): Promise<Metrics> {
  const { config } = learner;
  // The pool as the last update saw it, also right after a resume.
  learner.pool.redraw(Math.max(0, learner.updates - 1));
  const refine = config.refiner !== 'none';
  const asked = redrawnQuestions(learner, count);
  const fewer = Math.max(8, Math.floor(count / SIDE_SHARE));
  const condition = { temperature: 1, refine: false, blank: false, replicate: 0 };
  const train = trainQuestions(learner, fewer);
  const hot = await calibrated(learner, train, 1, shouldStop);
  const cold = await calibrated(learner, train, 0, shouldStop);
  const sampled = await run(
    learner,
    asked,
    { ...condition, refine, review: hot, replicate: REPLICATE.sampled },
    shouldStop,
  );
  const greedy = await run(
    learner,
    asked,
    { ...condition, refine, review: cold, temperature: 0, replicate: REPLICATE.greedy },
    shouldStop,
  );
  const reading = await readingOf(learner, asked, { sampled, greedy }, shouldStop);
  const between = config.evalTemperatures === 'five' ? await betweenOf(learner, asked, train, shouldStop) : {};
  const onTrain = await run(learner, train, { ...condition, replicate: REPLICATE.train }, shouldStop);
  const blank = await run(learner, train, { ...condition, blank: true, replicate: REPLICATE.closedBook }, shouldStop);
  const metrics: Metrics = {
    update: learner.updates,
    emSampled: emOf(sampled, 'draft'),
    emGreedy: emOf(greedy, 'draft'),
    emSampledRefined: refine ? emOf(sampled, 'final') : null,
    emGreedyRefined: refine ? emOf(greedy, 'final') : null,
    emTrain: emOf(onTrain, 'draft'),
    emClosedBook: emOf(blank, 'draft'),
    emSampledWorlds: byWorld(sampled, asked, 'draft'),
    emGreedyWorlds: byWorld(greedy, asked, 'draft'),
    emSampledRefinedWorlds: refine ? byWorld(sampled, asked, 'final') : null,
    emGreedyRefinedWorlds: refine ? byWorld(greedy, asked, 'final') : null,
    ...(config.marginFrom === 'pool' ? { marginSampled: marginOf(hot), marginGreedy: marginOf(cold) } : {}),
    ...between,
    ...reading,
    ...pooled(sampled, asked, 'Sampled'),
    ...pooled(greedy, asked, 'Greedy'),
  };
  return { ...metrics, ...(await evaluateReal(learner, fewer, shouldStop)) };
}

async function evaluateReal(learner: Evaluated, count: number, shouldStop?: ShouldStop): Promise<Metrics> {
  const { pool, config } = learner;
  const real = pool.real();
  if (real === null) return {};
  const slot = config.poolSize + config.evalWorlds;
  const rows = questions(learner, count, LANE.real, () => ({ world: real, slot }));
  const condition = { refine: false, blank: false, replicate: REPLICATE.real };
  return {
    emRealGreedy: emOf(await run(learner, rows, { ...condition, temperature: 0 }, shouldStop), 'draft'),
    emRealSampled: emOf(await run(learner, rows, { ...condition, temperature: 1 }, shouldStop), 'draft'),
    emRealClosedBook: emOf(
      await run(learner, rows, { ...condition, temperature: 0, blank: true }, shouldStop),
      'draft',
    ),
  };
}

/** The same questions at the temperatures in between, by the actor alone and with the refiner. */
async function betweenOf(
  learner: Evaluated,
  asked: readonly RolloutRow[],
  train: readonly RolloutRow[],
  shouldStop?: ShouldStop,
): Promise<Metrics> {
  const metrics: Metrics = {};
  const refine = learner.config.refiner !== 'none';
  for (const [i, { temperature, key }] of BETWEEN.entries()) {
    const review = await calibrated(learner, train, temperature, shouldStop);
    const condition = { temperature, refine, review, blank: false, replicate: REPLICATE.between + i };
    const results = await run(learner, asked, condition, shouldStop);
    metrics[`em${key}`] = emOf(results, 'draft');
    metrics[`em${key}Refined`] = refine ? emOf(results, 'final') : null;
  }
  return metrics;
}

/**
 * How well the sampled drafts are read by the network, by the frozen base and by the symbolic reader, and what the actor's doubt
 * tells; of all questions, and of each kind.
 */
async function readingOf(
  learner: Evaluated,
  asked: readonly RolloutRow[],
  { sampled, greedy }: Readonly<Record<'sampled' | 'greedy', readonly RolloutResult[]>>,
  shouldStop?: ShouldStop,
): Promise<Metrics> {
  const drafts = joinSides(sampled.map(({ draft }) => draft));
  const reviews = {
    '': await learner.readReviews(drafts, 'present', shouldStop),
    Base: await learner.readReviews(drafts, 'base', shouldStop),
    Doubt: doubtScores(drafts),
    Reader: readerReviews(asked, drafts, learner.config.noise).logProbs,
  };
  const meters = Object.entries(reviews).map(([name, logProbs]) => ({ name, ...readingMeters(logProbs, drafts) }));
  const em = {
    Sampled: answersOf(sampled, 'draft'),
    Greedy: answersOf(greedy, 'draft'),
    ...(learner.config.refiner === 'none'
      ? {}
      : { SampledRefined: answersOf(sampled, 'final'), GreedyRefined: answersOf(greedy, 'final') }),
  };
  const within = asked.map(({ world, chain }) => staysWithinType(world, chain));
  return {
    ...Object.fromEntries(meters.map(({ name, auc }) => [`reviewAuc${name}`, auc])),
    ...Object.fromEntries(meters.map(({ name, cutHit }) => [`cutHit${name}`, cutHit])),
    ...metersByKind(within, em, drafts, reviews),
  };
}

/** Trajectory metrics of the actor alone, over all parts of an evaluation. */
function pooled(results: readonly RolloutResult[], rows: readonly RolloutRow[], suffix: string): Metrics {
  return sideMetrics(joinSides(results.map(({ draft }) => draft)), rows, suffix);
}

/** EM on re-drawn worlds over a few temperatures: "the base at its best" is the fair thing to beat. */
export async function evaluateTemperatures(
  learner: Evaluated,
  temperatures: readonly number[],
): Promise<{ temperature: number; em: number }[]> {
  const rows = redrawnQuestions(learner, learner.config.evalQuestions);
  const found: { temperature: number; em: number }[] = [];
  for (const [i, temperature] of temperatures.entries()) {
    const results = await run(learner, rows, {
      temperature,
      refine: false,
      blank: false,
      replicate: REPLICATE.temperature + i,
    });
    found.push({ temperature, em: emOf(results, 'draft') });
  }
  return found;
}
