/** Reviews that read scripted trajectories again, on the GPU, and what the CPU makes of the same texts and verdicts. */
import { reviewText, reviewVerdicts, SAID_STRIDE } from '../../kernels/episode/review-again';
import { normals } from '../bench/draw';
import type { GpuBench } from '../bench/gpu-bench';
import type { ScriptedRow } from './episode-script';
import { playScript, POSITIONS, slicesOf, uploadBatch, vocabulary } from './launch-episode';

const MAX_STEPS = 5;
/** `<review>` and a token behind each step. */
const STRIDE = POSITIONS + 1 + MAX_STEPS;
const LD = Math.ceil(vocabulary.size / 4) * 4;
/** Bounds of the log-probability of a step's least likely token. */
const BOUNDS = [-0.1, -0.5, -1, -2, -3.5];

export interface ReadHow {
  /** Of the batch: rows from here on. */
  first: number;
  count: number;
  certainty: boolean;
}

/** What the policy is said to have given each token: mostly sure, now and then less so. */
function drawnLogProbs(rows: readonly ScriptedRow[]): Float32Array {
  const drawn = normals(rows.length * POSITIONS, 5, 1);
  return drawn.map((x, i) => {
    const row = rows[Math.floor(i / POSITIONS)];
    const t = i % POSITIONS;
    // What stands at the question's positions is from an earlier batch.
    if (row !== undefined && t < row.promptLength) return -9;
    return row?.chosen[t] === true ? -Math.exp(2 * x - 4) : 0;
  });
}

export function launchTexts(bench: GpuBench, rows: readonly ScriptedRow[], { first, count, certainty }: ReadHow) {
  return bench.run(async (scope) => {
    const batch = uploadBatch(scope, rows);
    await playScript(scope, rows, batch);
    const text = scope.output('text', count * STRIDE);
    const selected = scope.output('selected', count * MAX_STEPS);
    reviewText(scope.recorder, {
      ...slicesOf(batch),
      logProbs: scope.floats('certainty', drawnLogProbs(rows)).slice,
      ...{ text: text.slice, selected: selected.slice },
      ...{ batch: rows.length, first, count, positions: POSITIONS, stride: STRIDE, certainty },
    });
    return { text: await scope.readWords(text), selected: await scope.readWords(selected) };
  });
}

export function scriptedTexts(rows: readonly ScriptedRow[], { first, count, certainty }: ReadHow) {
  const logProbs = drawnLogProbs(rows);
  const { review, integers } = vocabulary.special;
  const text: number[] = [];
  const selected: number[] = [];
  for (let n = 0; n < count; n++) {
    const b = first + n;
    const row = rows[b];
    const written: number[] = row === undefined ? [] : [review];
    const places: number[] = [];
    row?.tokens.forEach((token, t) => {
      written.push(token);
      const { steps } = row.outcome;
      const step = steps.findIndex(
        ({ start }, s) => t >= start && t + 1 === (steps[s + 1]?.start ?? row.tokens.length),
      );
      if (step < 0) return;
      const from = b * POSITIONS + (steps[step]?.start ?? 0);
      const lowest = Math.min(...logProbs.subarray(from, b * POSITIONS + t + 1));
      const bucket = BOUNDS.filter((bound) => lowest < Math.fround(bound)).length;
      places.push(n * STRIDE + written.length);
      written.push(certainty ? (integers[bucket] ?? review) : review);
    });
    text.push(...written, ...new Array<number>(STRIDE - written.length).fill(0));
    selected.push(...places, ...new Array<number>(MAX_STEPS - places.length).fill(n * STRIDE));
  }
  return { text, selected };
}

const drawnLogits = (count: number) => normals(count * MAX_STEPS * LD, 11, 4);

/** @returns said: (B,6) log-probabilities, 0 past S and in rows that were not read */
export function launchVerdicts(bench: GpuBench, rows: readonly ScriptedRow[], { first, count }: ReadHow) {
  return bench.run(async (scope) => {
    const batch = uploadBatch(scope, rows);
    await playScript(scope, rows, batch);
    const said = scope.accumulator('said', rows.length * SAID_STRIDE);
    reviewVerdicts(scope.recorder, {
      rows: batch.rows.slice,
      logits: scope.floats('logits', drawnLogits(count)).slice,
      said: said.slice,
      ...{ batch: rows.length, first, count, ld: LD },
    });
    const read = await scope.readFloats(said);
    const start = vocabulary.special.integers[0];
    return {
      said: rows.flatMap((_, b) => Array.from({ length: 6 }, (_, j) => read[b * SAID_STRIDE + start + j] ?? NaN)),
    };
  });
}

export function scriptedVerdicts(rows: readonly ScriptedRow[], { first, count }: ReadHow) {
  const logits = drawnLogits(count);
  const [fine, flawed] = vocabulary.special.integers;
  return {
    said: rows.flatMap(({ outcome: { steps } }, b) => {
      const n = b - first;
      const none = new Array<number>(6).fill(0);
      if (n < 0 || n >= count) return none;
      const chance = (s: number) => {
        const at = (n * MAX_STEPS + s) * LD;
        return 1 / (1 + Math.exp((logits[at + fine] ?? 0) - (logits[at + flawed] ?? 0)));
      };
      const wrong = chance(steps.length - 1);
      const probabilities = [1 - wrong];
      let left = wrong;
      for (let s = 0; s < steps.length - 1; s++) {
        probabilities.push(left * chance(s));
        left *= 1 - chance(s);
      }
      probabilities.push(left);
      return none.map((_, j) => (j < probabilities.length ? Math.log(probabilities[j] ?? 0) : 0));
    }),
  };
}
