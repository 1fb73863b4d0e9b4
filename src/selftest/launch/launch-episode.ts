/** The episode, retrieval and review kernels, fed with scripted trajectories, and what the CPU's own code makes of the same choices. */
import { END_REASON, PHASE } from '../../env/episode';
import { episodeLimits } from '../../env/episode-limits';
import { microwikiFamily } from '../../env/microwiki';
import { bm25TopK, episodeCompact, episodeStep } from '../../kernels/episode/episode';
import { ROW, ROW_WORDS } from '../../kernels/episode/row-layout';
import { philox4x32, PhiloxStream, PURPOSES, uniformFromWord } from '../../lib/philox';
import type { BenchScope, BenchTensor } from '../bench/gpu-bench';
import type { Outputs } from '../bench/kernel-case';
import { initialState, scriptRow, type ScriptedRow } from './episode-script';

export const POSITIONS = episodeLimits(3).positions;
/** Of the random numbers: (seed, purpose), and the update in their counters. */
export const KEY = [77, 3] as const;
export const UPDATE = 5;
const LANES = 64;

const family = microwikiFamily();
const worlds = [family.draw(1, 0.3), family.draw(2, 0.3)] as const;
export const { vocabulary } = family.schema;
const STRIDE = Math.max(...worlds.map((world) => world.passages.length)) + 3;

export function scriptRows(batch: number, options: { errorEvery: number; blank?: boolean }): ScriptedRow[] {
  return Array.from({ length: batch }, (_, b) => {
    const slot = b % 2 === 0 ? 0 : 1;
    return scriptRow(worlds[slot], slot, new PhiloxStream(7, PURPOSES.hand, b), options);
  });
}

/** Both worlds in one index, a few empty places between them. */
function uploadIndex(scope: BenchScope) {
  const terms = new Uint32Array(2 * STRIDE * 4);
  const weights = new Uint32Array(2 * STRIDE * 4);
  const facts = new Uint32Array(2 * STRIDE);
  worlds.forEach((world, slot) => {
    terms.set(world.index.terms, slot * STRIDE * 4);
    weights.set(world.index.weights, slot * STRIDE * 4);
    world.passages.forEach(({ rumour, fact }, id) => (facts[slot * STRIDE + id] = rumour ? 0 : fact + 1));
  });
  return {
    terms: scope.words('terms', terms).slice,
    weights: scope.words('weights', weights).slice,
    facts: scope.words('facts', facts).slice,
  };
}

export interface EpisodeBatch {
  rows: BenchTensor;
  tokens: BenchTensor;
  logProbs: BenchTensor;
  entropies: BenchTensor;
  active: BenchTensor;
  inputs: BenchTensor;
  lengths: BenchTensor;
  uniforms: BenchTensor;
}

export function uploadBatch(scope: BenchScope, script: readonly ScriptedRow[]): EpisodeBatch {
  const { state, tokens } = initialState(script, POSITIONS, STRIDE);
  const batch = script.length;
  return {
    rows: scope.words('rows', state),
    tokens: scope.words('tokens', tokens),
    logProbs: scope.accumulator('logProbs', batch * POSITIONS),
    entropies: scope.accumulator('entropies', batch * POSITIONS),
    active: scope.output('active', LANES + batch),
    inputs: scope.output('inputs', batch),
    lengths: scope.output('lengths', batch),
    uniforms: scope.output('uniforms', batch),
  };
}

export const slicesOf = (batch: EpisodeBatch) => ({
  rows: batch.rows.slice,
  tokens: batch.tokens.slice,
  logProbs: batch.logProbs.slice,
  entropies: batch.entropies.slice,
  active: batch.active.slice,
  inputs: batch.inputs.slice,
  lengths: batch.lengths.slice,
  uniforms: batch.uniforms.slice,
});

export function compactBatch(scope: BenchScope, batch: EpisodeBatch, rowCount: number): void {
  const [key0, key1] = KEY;
  episodeCompact(scope.recorder, {
    ...slicesOf(batch),
    batch: rowCount,
    positions: POSITIONS,
    update: UPDATE,
    key0,
    key1,
  });
}

/** Log-probability that the script pretends token `position` of row b had. */
const pretended = (b: number, position: number) => -(b + 1) / 128 - position;

interface PlayOptions {
  feedLast: boolean;
  blank?: boolean;
  onStep?: (step: number, expected: number[]) => Promise<void>;
}

/** Feeds the script to the kernels until every row has ended. */
export async function playScript(
  scope: BenchScope,
  script: readonly ScriptedRow[],
  batch: EpisodeBatch,
  options: PlayOptions,
) {
  const index = uploadIndex(scope);
  const extra = options.feedLast ? 1 : 0;
  const steps = Math.max(...script.map(({ tokens }) => tokens.length - 1)) + extra;
  for (let step = 0; step < steps; step++) {
    // Every row starts at position 0, so in step s it writes position s + 1.
    const active = [...script.keys()].filter((b) => script[b]!.tokens.length - 1 + extra > step);
    compactBatch(scope, batch, script.length);
    await options.onStep?.(step, active);
    // Where the environment writes, whatever was sampled must not matter.
    const chosen = active.map((b) => (script[b]!.chosen[step + 1] ? script[b]!.tokens[step + 1]! : 3 + (b % 50)));
    const rowCount = script.length;
    episodeStep(scope.recorder, {
      ...slicesOf(batch),
      chosen: scope.words('chosen', chosen).slice,
      stats: scope.floats(
        'stats',
        active.flatMap((b) => [pretended(b, step + 1), 0.5]),
      ).slice,
      passages: index.terms,
      positions: POSITIONS,
      contentBase: vocabulary.relationBase,
      feedLast: options.feedLast,
      blank: options.blank ?? false,
      batch: rowCount,
    });
    bm25TopK(scope.recorder, {
      active: batch.active.slice,
      terms: index.terms,
      weights: index.weights,
      rows: batch.rows.slice,
      batch: rowCount,
      passages: STRIDE,
    });
  }
  return index;
}

/** What the kernels left of trajectories that have ended. What is not there is 0. */
export async function readEpisodes(scope: BenchScope, batch: EpisodeBatch, rows: number) {
  const state = await scope.readWords(batch.rows);
  const each = <T>(of: (at: (field: number) => number) => T[]) =>
    Array.from({ length: rows }, (_, b) => of((field) => state[b * ROW_WORDS + field]!)).flat();
  const list = (at: (field: number) => number, field: number, count: number, most: number) =>
    Array.from({ length: most }, (_, i) => (i < count ? at(field + i) : 0));
  return {
    tokens: await scope.readWords(batch.tokens),
    logProbs: await scope.readFloats(batch.logProbs),
    entropies: await scope.readFloats(batch.entropies),
    ends: each((at) => [
      ...[at(ROW.length), at(ROW.reason), at(ROW.phase), at(ROW.isActive), at(ROW.steps), at(ROW.searches)],
      at(ROW.reason) === END_REASON.finished ? at(ROW.answer) : 0,
    ]),
    stepStarts: each((at) => list(at, ROW.stepStarts, at(ROW.steps), 5)),
    passages: each((at) => list(at, ROW.passages, 3 * at(ROW.searches), 12)),
  };
}

/** The same by the CPU's episode and retriever. */
export function scriptedEpisodes(rows: readonly ScriptedRow[]) {
  const padded = (values: readonly number[], length: number) => Array.from({ length }, (_, i) => values[i] ?? 0);
  const perPosition = (of: (row: ScriptedRow, b: number) => number[]) =>
    rows.flatMap((row, b) => padded(of(row, b), POSITIONS));
  return {
    tokens: perPosition(({ tokens }) => [...tokens]),
    logProbs: perPosition(({ tokens, chosen }, b) => tokens.map((_, t) => (chosen[t] ? pretended(b, t) : 0))),
    entropies: perPosition(({ tokens, chosen }) => tokens.map((_, t) => (chosen[t] ? 0.5 : 0))),
    ends: rows.flatMap(({ outcome: { length, reason, steps, answer }, passages }) => [
      ...[length, reason, PHASE.done, 0, steps.length, passages.length],
      reason === END_REASON.finished ? answer : 0,
    ]),
    stepStarts: rows.flatMap(({ outcome }) =>
      padded(
        outcome.steps.map(({ start }) => start),
        5,
      ),
    ),
    passages: rows.flatMap(({ passages }) => padded(passages.flat(), 12)),
  } satisfies Outputs;
}

/** What the newest compaction prepared for the first `count` rows of the next step. */
export async function readCompaction(scope: BenchScope, batch: EpisodeBatch, count: number) {
  const active = await scope.readWords(batch.active);
  const first = async (tensor: BenchTensor) => (await scope.readWords(tensor)).subarray(0, count);
  return {
    active: [active[0]!, ...active.subarray(LANES, LANES + count)],
    inputs: await first(batch.inputs),
    lengths: await first(batch.lengths),
    uniforms: (await scope.readFloats(batch.uniforms)).subarray(0, count),
  };
}

/** The same where the rows in `active` are at their token at `step`. */
export function scriptedCompaction(rows: readonly ScriptedRow[], active: readonly number[], step: number) {
  return {
    active: [active.length, ...active],
    inputs: active.map((b) => rows[b]!.tokens[step]!),
    lengths: active.map(() => step + 1),
    uniforms: active.map((b) => uniformFromWord(philox4x32(step + 1, 1000 + b, UPDATE, b % 4, ...KEY)[0])),
  } satisfies Outputs;
}
