/** Reviews and cuts of scripted trajectories on the GPU, and what the CPU makes of the same logits. */
import { END_REASON, PHASE } from '../../env/episode';
import { BLOCK_TOKENS } from '../../env/episode-limits';
import {
  reviewBegin,
  reviewDecide,
  type CutRule,
  type ReviewGate,
  type ReviewMode,
} from '../../kernels/episode/episode';
import { REVIEW_WORDS, ROW, ROW_WORDS, THOUGHTS_AT } from '../../kernels/episode/row-layout';
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
  scriptedCompaction,
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

/**
 * What a refiner of its own is fed of finished trajectories that it has not read: their block number `block`, or what is left behind
 * so many blocks, `<review>` included.
 */
export function launchReading(bench: GpuBench, rows: readonly ScriptedRow[], block: number, last: boolean) {
  return bench.run(async (scope) => {
    const batch = uploadBatch(scope, rows);
    const size = rows.length;
    await playScript(scope, rows, batch);
    reviewBegin(scope.recorder, { ...slicesOf(batch), batch: size, positions: POSITIONS, attempt: 0, whole: true });
    for (let i = 0; i < block; i++) compactBatch(scope, batch, size, false);
    compactBatch(scope, batch, size, last);
    const { active, fed } = readStep(rows, block, last);
    return readCompaction(scope, batch, active.length, fed.length);
  });
}

export const scriptedReading = (rows: readonly ScriptedRow[], block: number, last: boolean) =>
  scriptedCompaction(rows, readStep(rows, block, last));

function readStep(rows: readonly ScriptedRow[], block: number, last: boolean) {
  const start = block * BLOCK_TOKENS;
  const others = rows.flatMap(({ tokens }, row) => {
    const stop = last ? tokens.length : Math.min(start + BLOCK_TOKENS, tokens.length);
    return Array.from({ length: Math.max(0, stop - start) }, (_, i) => ({ row, position: start + i }));
  });
  const active = last ? [...rows.keys()] : [];
  return { active, fed: [...active.map((row) => ({ row, position: rows[row]!.tokens.length })), ...others] };
}

/**
 * Every draft reviewed and cut. A log-probability of 1 stands for an integer that must not be said, and for rows that are not
 * cut what they would go on with is 0, but for their length.
 */
export function launchReviews(bench: GpuBench, rows: readonly ScriptedRow[], how: ReviewHow) {
  const { mode, gate = 'model', cut = 'model', again = false } = how;
  const size = rows.length;
  const { logits, uniforms } = drawn(size);
  return bench.run(async (scope) => {
    const batch = uploadBatch(scope, rows);
    const index = await playScript(scope, rows, batch);
    reviewBegin(scope.recorder, { ...slicesOf(batch), batch: size, positions: POSITIONS, attempt: 0, whole: false });
    compactBatch(scope, batch, size);
    const { inputs, lengths } = await readCompaction(scope, batch, size, 2 * size);
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
      logProbs: each((b) => [...floats.subarray(b * REVIEW_WORDS + 3, b * REVIEW_WORDS + THOUGHTS_AT)]).map((x) =>
        x < -1e38 ? 1 : x,
      ),
      rows: each((b) => {
        const at = (field: keyof typeof ROW) => state[b * ROW_WORDS + ROW[field]]!;
        const goesOn = CUT_FIELDS.map(at);
        return at('isActive') === 0 ? untouched(at('length')) : [1, ...goesOn];
      }),
    };
  });
}

/** What a row that was cut goes on from. */
const CUT_FIELDS = ['position', 'length', 'searches', 'steps', 'attempt', 'phase', 'reason', 'pending'] as const;

const untouched = (length: number) => [0, ...CUT_FIELDS.map((field) => (field === 'length' ? length : 0))];

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
          ? untouched(tokens.length)
          : [1, kept - 1, kept, cut - 1, cut - 1, 1, PHASE.expectThink, END_REASON.running, 0],
    };
  });
  return {
    inputs: [...rows.map(() => vocabulary.special.review), ...rows.map(({ tokens }) => tokens.at(-1)!)],
    lengths: [...rows.map(({ tokens }) => tokens.length + 1), ...rows.map(({ tokens }) => tokens.length)],
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
