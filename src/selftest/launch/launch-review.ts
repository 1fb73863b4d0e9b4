/** Reviews and cuts of scripted trajectories on the GPU, and what the CPU makes of the same logits. */
import { END_REASON, PHASE } from '../../env/episode';
import {
  reviewBegin,
  reviewDecide,
  reviewFeed,
  type CutRule,
  type ReviewGate,
  type ReviewMode,
} from '../../kernels/episode/episode';
import { REVIEW_WORDS, ROW, ROW_WORDS } from '../../kernels/episode/row-layout';
import { philox4x32, PURPOSES, uniformFromWord } from '../../lib/philox';
import { normals } from '../bench/draw';
import type { GpuBench } from '../bench/gpu-bench';
import type { ScriptedRow } from './episode-script';
import {
  compactBatch,
  KEY,
  playScript,
  POSITIONS,
  readCompaction,
  slicesOf,
  UPDATE,
  uploadBatch,
  vocabulary,
} from './launch-episode';

export interface ReviewHow {
  mode: ReviewMode;
  gate?: ReviewGate;
  cut?: CutRule;
  /** Whether the numbers are what verdicts said together: the gate then decides. */
  again?: boolean;
}

const LD = Math.ceil(vocabulary.size / 4) * 4;
const MARGIN = 0.25;
/** Integers that a review can say. */
const CHOICES = 6;
const [SEED] = KEY;

function drawn(size: number) {
  return { logits: normals(size * LD, 3, 2), uniforms: normals(size, 4).map((x) => Math.abs(x) % 1) };
}

/** The kernels of a refiner of its own: each trajectory is read at `step`; rows that have ended before are left out. */
export function launchFeed(bench: GpuBench, rows: readonly ScriptedRow[], step: number) {
  return bench.run(async (scope) => {
    const batch = uploadBatch(scope, rows);
    await playScript(scope, rows, batch, { feedLast: false });
    reviewFeed(scope.recorder, { rows: batch.rows.slice, batch: rows.length, step, attempt: 0 });
    compactBatch(scope, batch, rows.length);
    const { active, inputs } = await readCompaction(scope, batch, scriptedFeed(rows, step).inputs.length);
    return { active, inputs };
  });
}

export function scriptedFeed(rows: readonly ScriptedRow[], step: number) {
  const there = rows.flatMap(({ tokens }, b) => (step < tokens.length ? [b] : []));
  return { active: [there.length, ...there], inputs: there.map((b) => rows[b]!.tokens[step]!) };
}

/**
 * Every draft reviewed and cut. A log-probability of 1 stands for an integer that must not be said, and for rows that are not
 * cut what they would go on with is 0.
 */
export function launchReviews(bench: GpuBench, rows: readonly ScriptedRow[], how: ReviewHow) {
  const { mode, gate = 'model', cut = 'model', again = false } = how;
  const size = rows.length;
  const { logits, uniforms } = drawn(size);
  return bench.run(async (scope) => {
    const batch = uploadBatch(scope, rows);
    const index = await playScript(scope, rows, batch, { feedLast: true });
    reviewBegin(scope.recorder, { ...slicesOf(batch), batch: size, positions: POSITIONS, attempt: 0 });
    compactBatch(scope, batch, size);
    const { inputs, lengths } = await readCompaction(scope, batch, size);
    const reviews = scope.output('reviews', size * REVIEW_WORDS);
    reviewDecide(scope.recorder, {
      ...slicesOf(batch),
      logits: scope.floats('logits', logits).slice,
      uniforms: scope.floats('uniforms', uniforms).slice,
      passageFacts: index.facts,
      reviews: reviews.slice,
      ld: LD,
      again,
      mode,
      margin: MARGIN,
      gate,
      cut,
      ...{ seed: SEED, update: UPDATE },
      batch: size,
    });
    const words = await scope.readWords(reviews);
    const floats = new Float32Array(words.buffer);
    const state = await scope.readWords(batch.rows);
    const each = <T>(of: (b: number) => T[]) => Array.from({ length: size }, (_, b) => of(b)).flat();
    return {
      inputs,
      lengths,
      decided: each((b) => [...words.subarray(b * REVIEW_WORDS, b * REVIEW_WORDS + 3)]),
      logProbs: each((b) => [...floats.subarray(b * REVIEW_WORDS + 3, (b + 1) * REVIEW_WORDS)]).map((x) =>
        x < -1e38 ? 1 : x,
      ),
      rows: each((b) => {
        const at = (field: keyof typeof ROW) => state[b * ROW_WORDS + ROW[field]]!;
        const goesOn = CUT_FIELDS.map(at);
        return at('isActive') === 0 ? [0, ...goesOn.map(() => 0)] : [1, ...goesOn];
      }),
    };
  });
}

/** What a row that was cut goes on from. */
const CUT_FIELDS = ['position', 'length', 'searches', 'steps', 'attempt', 'phase', 'reason', 'pending'] as const;

export function scriptedReviews(
  rows: readonly ScriptedRow[],
  { mode, gate = 'model', cut: rule = 'model', again = false }: ReviewHow,
) {
  const { logits, uniforms } = drawn(rows.length);
  const first = vocabulary.special.integers[0];
  const lowest = gate === 'always' ? 1 : 0;
  const reviews = rows.map(({ tokens, outcome: { steps }, flawed, right }, b) => {
    const count = steps.length;
    const legal = [...logits.subarray(b * LD + first, b * LD + first + count + 1)].map((x, j) =>
      j < lowest ? -Infinity : x,
    );
    const logSum = Math.log(legal.reduce((sum, x) => sum + Math.exp(x), 0));
    const logProbs = legal.map((x) => x - logSum);
    const said = {
      sample: sampled(logProbs, uniforms[b]!),
      greedy: greedy(logProbs, again),
      oracleLabel: flawed,
      oracleWrong: right ? 0 : flawed,
    }[mode];
    const [word] = philox4x32(tokens.length + 1, 1000 + b, UPDATE, b % 4, SEED, PURPOSES.cut);
    const drawnCut = 1 + Math.floor(uniformFromWord(word) * count);
    const cut = said === 0 || gate === 'never' ? 0 : { model: said, uniform: drawnCut, first: 1 }[rule];
    const kept = steps[cut - 1]?.start;
    return {
      decided: [cut, count, said],
      logProbs: Array.from({ length: CHOICES }, (_, j) => (j >= lowest && j <= count ? logProbs[j]! : 1)),
      rows:
        kept === undefined
          ? [0, ...CUT_FIELDS.map(() => 0)]
          : [1, kept - 1, kept, cut - 1, cut - 1, 1, PHASE.expectThink, END_REASON.running, 0],
    };
  });
  return {
    inputs: rows.map(() => vocabulary.special.review),
    lengths: rows.map(({ tokens }) => tokens.length + 1),
    decided: reviews.flatMap(({ decided }) => decided),
    logProbs: reviews.flatMap(({ logProbs }) => logProbs),
    rows: reviews.flatMap((review) => review.rows),
  };
}

function sampled(logProbs: readonly number[], u: number): number {
  let cumulative = 0;
  const at = logProbs.findIndex((logProb) => (cumulative += Math.exp(logProb)) > u);
  return at < 0 ? logProbs.length - 1 : at;
}

function greedy(logProbs: readonly number[], again: boolean): number {
  const [accept, ...cuts] = logProbs;
  const best = cuts.indexOf(Math.max(...cuts)) + 1;
  const against = again ? Math.log(cuts.reduce((sum, x) => sum + Math.exp(x), 0)) : logProbs[best]!;
  return against - accept! >= MARGIN ? best : 0;
}
