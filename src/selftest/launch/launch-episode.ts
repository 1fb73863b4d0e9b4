/** The episode, retrieval and review kernels, fed with scripted trajectories, and what the CPU's own code makes of the same choices. */
import { END_REASON, PHASE } from '../../env/episode';
import { BLOCK_TOKENS, episodeLimits } from '../../env/episode-limits';
import { microwikiFamily } from '../../env/microwiki';
import { bm25TopK, episodeCompact, episodeStep } from '../../kernels/episode/episode';
import { ROW, ROW_WORDS } from '../../kernels/episode/row-layout';
import { philox4x32, PhiloxStream, PURPOSES, uniformFromWord } from '../../lib/philox';
import { postingsLength, postingsOf } from '../../retrieval/postings';
import type { BenchScope, BenchTensor } from '../bench/gpu-bench';
import type { Outputs } from '../bench/kernel-case';
import { initialState, scriptRow, scriptSteps, type ScriptedRow, type ScriptStep } from './episode-script';

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
  const content = { from: vocabulary.relationBase, to: vocabulary.size };
  const listStride = postingsLength(content, STRIDE);
  const postings = new Uint32Array(2 * listStride);
  worlds.forEach((world, slot) => {
    terms.set(world.index.terms, slot * STRIDE * 4);
    weights.set(world.index.weights, slot * STRIDE * 4);
    postings.set(postingsOf(world.index, content), slot * listStride);
    world.passages.forEach(({ rumour, fact }, id) => (facts[slot * STRIDE + id] = rumour ? 0 : fact + 1));
  });
  return {
    terms: scope.words('terms', terms).slice,
    weights: scope.words('weights', weights).slice,
    postings: scope.words('postings', postings).slice,
    ...{ stride: STRIDE, listStride, contentBase: content.from, nameBase: vocabulary.entityBase },
    facts: scope.words('facts', facts).slice,
  };
}

export interface EpisodeBatch {
  rows: BenchTensor;
  tokens: BenchTensor;
  logProbs: BenchTensor;
  entropies: BenchTensor;
  active: BenchTensor;
  fed: BenchTensor;
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
    fed: scope.output('fed', LANES + batch * BLOCK_TOKENS),
    inputs: scope.output('inputs', batch * BLOCK_TOKENS),
    lengths: scope.output('lengths', batch * BLOCK_TOKENS),
    uniforms: scope.output('uniforms', batch),
  };
}

export const slicesOf = (batch: EpisodeBatch) => ({
  rows: batch.rows.slice,
  tokens: batch.tokens.slice,
  logProbs: batch.logProbs.slice,
  entropies: batch.entropies.slice,
  active: batch.active.slice,
  fed: batch.fed.slice,
  inputs: batch.inputs.slice,
  lengths: batch.lengths.slice,
  uniforms: batch.uniforms.slice,
});

export function compactBatch(scope: BenchScope, batch: EpisodeBatch, rowCount: number, last = true): void {
  const [key0, key1] = KEY;
  episodeCompact(scope.recorder, {
    ...slicesOf(batch),
    batch: rowCount,
    positions: POSITIONS,
    update: UPDATE,
    key0,
    key1,
    block: BLOCK_TOKENS,
    last,
  });
}

/** Log-probability that the script pretends token `position` of row b had. */
const pretended = (b: number, position: number) => -(b + 1) / 128 - position;

interface PlayOptions {
  blank?: boolean;
  onStep?: (index: number, step: ScriptStep) => Promise<void>;
}

/** Feeds the script to the kernels until every row has ended. */
export async function playScript(
  scope: BenchScope,
  script: readonly ScriptedRow[],
  batch: EpisodeBatch,
  { blank = false, onStep }: PlayOptions = {},
) {
  const index = uploadIndex(scope);
  const rows = { ...slicesOf(batch), batch: script.length, positions: POSITIONS };
  for (const [s, step] of scriptSteps(script).entries()) {
    if (step.retrieves) bm25TopK(scope.recorder, { ...rows, index, blank });
    compactBatch(scope, batch, script.length);
    await onStep?.(s, step);
    const written = step.active.map((row, n) => ({ row, position: step.fed[n]!.position + 1 }));
    episodeStep(scope.recorder, {
      ...rows,
      chosen: scope.words(
        'chosen',
        written.map(({ row, position }) => script[row]!.tokens[position]!),
      ).slice,
      stats: scope.floats(
        'stats',
        written.flatMap(({ row, position }) => [pretended(row, position), 0.5]),
      ).slice,
      contentBase: vocabulary.relationBase,
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

/** What the newest compaction prepared for the next step, which feeds `count` tokens. */
export async function readCompaction(scope: BenchScope, batch: EpisodeBatch, rows: number, count: number) {
  const first = async (tensor: BenchTensor) => (await scope.readWords(tensor)).subarray(0, count);
  const listed = async (tensor: BenchTensor, length: number) => {
    const words = await scope.readWords(tensor);
    return [words[0]!, ...words.subarray(LANES, LANES + length)];
  };
  return {
    active: await listed(batch.active, rows),
    fed: await listed(batch.fed, count),
    inputs: await first(batch.inputs),
    lengths: await first(batch.lengths),
    uniforms: (await scope.readFloats(batch.uniforms)).subarray(0, rows),
  };
}

/** The same by the script. */
export function scriptedCompaction(rows: readonly ScriptedRow[], { active, fed }: Omit<ScriptStep, 'retrieves'>) {
  const next = fed.slice(0, active.length).map(({ row, position }) => ({ row, at: position + 1 }));
  return {
    active: [active.length, ...active],
    fed: [fed.length, ...fed.map(({ row }) => row)],
    inputs: fed.map(({ row, position }) => rows[row]!.tokens[position] ?? vocabulary.special.review),
    lengths: fed.map(({ position }) => position + 1),
    uniforms: next.map(({ row, at }) => uniformFromWord(philox4x32(at, 1000 + row, UPDATE, row % 4, ...KEY)[0])),
  } satisfies Outputs;
}
