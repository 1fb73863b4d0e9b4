/** Reviews that read scripted trajectories again, on the GPU, and what the CPU makes of the same texts and verdicts. */
import { reviewText, reviewThink, reviewVerdicts, SAID_STRIDE } from '../../kernels/episode/review-again';
import { REVIEW_WORDS, THOUGHTS_AT } from '../../kernels/episode/row-layout';
import { normals } from '../bench/draw';
import type { GpuBench } from '../bench/gpu-bench';
import type { ScriptedRow } from './episode-script';
import { playScript, POSITIONS, slicesOf, uploadBatch, vocabulary } from './launch-episode';

const MAX_STEPS = 5;
/** `<review>` and a token behind each step; `<review>` once more, and its thoughts. */
const strideOf = (thoughts: number) => POSITIONS + 1 + MAX_STEPS + (thoughts === 0 ? 0 : 1 + thoughts);
const LD = Math.ceil(vocabulary.size / 4) * 4;
/** Bounds of the log-probability of a step's least likely token. */
const BOUNDS = [-0.1, -0.5, -1, -2, -3.5];

export interface ReadHow {
  /** Of the batch: rows from here on. */
  first: number;
  count: number;
  certainty: boolean;
  /** Most thoughts, one a hop; none without it. */
  thoughts?: number;
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

export function launchTexts(bench: GpuBench, rows: readonly ScriptedRow[], how: ReadHow) {
  const { first, count, certainty, thoughts = 0 } = how;
  const stride = strideOf(thoughts);
  return bench.run(async (scope) => {
    const batch = uploadBatch(scope, rows);
    await playScript(scope, rows, batch);
    const text = scope.output('text', count * stride);
    const selected = scope.output('selected', count * (MAX_STEPS + thoughts));
    reviewText(scope.recorder, {
      ...slicesOf(batch),
      logProbs: scope.floats('certainty', drawnLogProbs(rows)).slice,
      ...{ text: text.slice, selected: selected.slice },
      ...{ batch: rows.length, first, count, positions: POSITIONS, stride, certainty, thoughts },
    });
    return { text: await scope.readWords(text), selected: await scope.readWords(selected) };
  });
}

export function scriptedTexts(rows: readonly ScriptedRow[], how: ReadHow) {
  const { first, count, certainty, thoughts = 0 } = how;
  const stride = strideOf(thoughts);
  const logProbs = drawnLogProbs(rows);
  const { review, integers } = vocabulary.special;
  const text: number[] = [];
  const selected: number[] = [];
  for (let n = 0; n < count; n++) {
    const b = first + n;
    const row = rows[b];
    const written: number[] = row === undefined ? [] : [review];
    const places: number[] = [];
    const thinks: number[] = [];
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
      if (thoughts > 0 && step + 1 === steps.length) {
        written.push(review);
        row.chain.relations.forEach(() => {
          thinks.push(n * stride + written.length - 1);
          written.push(0);
        });
      }
      places.push(n * stride + written.length);
      written.push(certainty ? (integers[bucket] ?? review) : review);
    });
    text.push(...written, ...new Array<number>(stride - written.length).fill(0));
    selected.push(...places, ...new Array<number>(MAX_STEPS - places.length).fill(n * stride));
    selected.push(...thinks, ...new Array<number>(thoughts - thinks.length).fill(n * stride));
  }
  return { text, selected };
}

/** @returns the texts with the thoughts in them, and the thoughts as reviews keep them */
export function launchThoughts(bench: GpuBench, rows: readonly ScriptedRow[], how: ReadHow) {
  const { first, count, thoughts = 0 } = how;
  return bench.run(async (scope) => {
    const batch = uploadBatch(scope, rows);
    await playScript(scope, rows, batch);
    const { text, selected } = scriptedTexts(rows, how);
    const words = {
      text: scope.words('text', Uint32Array.from(text)),
      reviews: scope.accumulator('reviews', rows.length * REVIEW_WORDS),
    };
    const places = scope.words('selected', Uint32Array.from(selected)).slice;
    const logits = scope.floats('logits', drawnLogits(count, thoughts)).slice;
    for (let hop = 0; hop < thoughts; hop++) {
      reviewThink(scope.recorder, {
        ...{ rows: batch.rows.slice, logits, selected: places, text: words.text.slice, reviews: words.reviews.slice },
        ...{ batch: rows.length, first, count, thoughts, ld: LD, hop },
        ...{ vocab: vocabulary.size, entityBase: vocabulary.entityBase },
      });
    }
    return { text: await scope.readWords(words.text), reviews: await scope.readWords(words.reviews) };
  });
}

export function scriptedThoughts(rows: readonly ScriptedRow[], how: ReadHow) {
  const { first, count, thoughts = 0 } = how;
  const { text, selected } = scriptedTexts(rows, how);
  const logits = drawnLogits(count, thoughts);
  const reviews = new Array<number>(rows.length * REVIEW_WORDS).fill(0);
  const { special, entityBase, size } = vocabulary;
  const may = [special.question, ...Array.from({ length: size - entityBase }, (_, i) => entityBase + i)];
  for (let n = 0; n < count; n++) {
    rows[first + n]?.chain.relations.forEach((_, hop) => {
      const place = n * (MAX_STEPS + thoughts) + MAX_STEPS + hop;
      const chances = may.map((token) => logits[place * LD + token] ?? NaN);
      const token = may[chances.indexOf(Math.max(...chances))] ?? 0;
      text[(selected[place] ?? 0) + 1] = token;
      reviews[(first + n) * REVIEW_WORDS + THOUGHTS_AT + hop] = token;
    });
  }
  return { text, reviews };
}

/** Of so many thoughts a row at most, whose places stand behind those of the verdicts. */
const drawnLogits = (count: number, thoughts: number) => normals(count * (MAX_STEPS + thoughts) * LD, 11, 4);

/** @returns said: (B,6) log-probabilities, 0 past S and in rows that were not read */
export function launchVerdicts(bench: GpuBench, rows: readonly ScriptedRow[], how: ReadHow) {
  const { first, count, thoughts = 0 } = how;
  return bench.run(async (scope) => {
    const batch = uploadBatch(scope, rows);
    await playScript(scope, rows, batch);
    const said = scope.accumulator('said', rows.length * SAID_STRIDE);
    reviewVerdicts(scope.recorder, {
      rows: batch.rows.slice,
      logits: scope.floats('logits', drawnLogits(count, thoughts)).slice,
      said: said.slice,
      ...{ batch: rows.length, first, count, thoughts, ld: LD },
    });
    const read = await scope.readFloats(said);
    const start = vocabulary.special.integers[0];
    return {
      said: rows.flatMap((_, b) => Array.from({ length: 6 }, (_, j) => read[b * SAID_STRIDE + start + j] ?? NaN)),
    };
  });
}

export function scriptedVerdicts(rows: readonly ScriptedRow[], { first, count, thoughts = 0 }: ReadHow) {
  const logits = drawnLogits(count, thoughts);
  const [fine, flawed] = vocabulary.special.integers;
  return {
    said: rows.flatMap(({ outcome: { steps } }, b) => {
      const n = b - first;
      const none = new Array<number>(6).fill(0);
      if (n < 0 || n >= count) return none;
      const chance = (s: number) => {
        const at = (n * (MAX_STEPS + thoughts) + s) * LD;
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
