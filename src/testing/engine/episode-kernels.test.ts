/**
 * The episode, retrieval and review kernels against the CPU's episode, retriever and labels: the same choices must give the
 * same trajectories, token for token.
 */
import { describe, expect, it } from 'vitest';
import { END_REASON, PHASE } from '../../env/episode';
import { episodeLimits } from '../../env/episode-limits';
import { microwikiFamily } from '../../env/microwiki';
import {
  bm25TopK,
  bm25TopKKernel,
  episodeCompact,
  episodeCompactKernel,
  episodeStep,
  episodeStepKernel,
  reviewBegin,
  reviewBeginKernel,
  reviewDecide,
  reviewDecideKernel,
  reviewFeed,
  reviewFeedKernel,
  type CutRule,
  type ReviewGate,
  type ReviewMode,
} from '../../kernels/episode/episode';
import { REVIEW_WORDS, ROW, ROW_WORDS } from '../../kernels/episode/row-layout';
import { philox4x32, PhiloxStream, PURPOSES, uniformFromWord } from '../../lib/philox';
import { initialState, scriptRow, type ScriptedRow } from './episode-script';
import type { BenchScope, BenchTensor } from '../kernels/gpu-bench';
import { normals, useBench, withVariants } from '../kernels/kernel-harness';

const POSITIONS = episodeLimits(3).positions;
const family = microwikiFamily();
const worlds = [family.draw(1, 0.3), family.draw(2, 0.3)];
const { vocabulary } = family.schema;
const STRIDE = Math.max(...worlds.map((world) => world.passages.length)) + 3;
const LANES = 64;

function script(batch: number, options: { errorEvery: number; blank?: boolean }): ScriptedRow[] {
  return Array.from({ length: batch }, (_, b) => {
    return scriptRow(worlds[b % 2]!, b % 2, new PhiloxStream(7, PURPOSES.hand, b), options);
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

interface Batch {
  rows: BenchTensor;
  tokens: BenchTensor;
  logProbs: BenchTensor;
  entropies: BenchTensor;
  active: BenchTensor;
  inputs: BenchTensor;
  lengths: BenchTensor;
  uniforms: BenchTensor;
}

function upload(scope: BenchScope, script: readonly ScriptedRow[]): Batch {
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

const slicesOf = (batch: Batch) => ({
  rows: batch.rows.slice,
  tokens: batch.tokens.slice,
  logProbs: batch.logProbs.slice,
  entropies: batch.entropies.slice,
  active: batch.active.slice,
  inputs: batch.inputs.slice,
  lengths: batch.lengths.slice,
  uniforms: batch.uniforms.slice,
});

function compact(scope: BenchScope, batch: Batch, rowCount: number): void {
  episodeCompact(scope.recorder, {
    ...slicesOf(batch),
    batch: rowCount,
    positions: POSITIONS,
    update: 5,
    key0: 77,
    key1: 3,
  });
}

/** Log-probability that the script pretends token `position` of row b had. */
const pretended = (b: number, position: number) => -(b + 1) / 128 - position;

interface RunOptions {
  feedLast: boolean;
  blank?: boolean;
  onStep?: (step: number, expected: number[]) => Promise<void>;
}

/** Feeds the script to the kernels until every row has ended. */
async function play(scope: BenchScope, script: readonly ScriptedRow[], batch: Batch, options: RunOptions) {
  const index = uploadIndex(scope);
  const extra = options.feedLast ? 1 : 0;
  const steps = Math.max(...script.map(({ tokens }) => tokens.length - 1)) + extra;
  for (let step = 0; step < steps; step++) {
    // Every row starts at position 0, so in step s it writes position s + 1.
    const active = [...script.keys()].filter((b) => script[b]!.tokens.length - 1 + extra > step);
    compact(scope, batch, script.length);
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

/** Fields of one row of the state. */
function rowOf(state: Uint32Array, b: number) {
  const at = (field: number) => state[b * ROW_WORDS + field]!;
  const list = (field: number, count: number) => [...state.subarray(b * ROW_WORDS + field).subarray(0, count)];
  return { at, list };
}

async function expectScript(scope: BenchScope, script: readonly ScriptedRow[], batch: Batch): Promise<void> {
  const state = await scope.readWords(batch.rows);
  const tokens = await scope.readWords(batch.tokens);
  const logProbs = await scope.readFloats(batch.logProbs);
  const entropies = await scope.readFloats(batch.entropies);
  script.forEach(({ tokens: wanted, chosen, outcome, passages }, b) => {
    const { at, list } = rowOf(state, b);
    const mine = (all: Uint32Array | Float32Array) => [...all.subarray(b * POSITIONS, (b + 1) * POSITIONS)];
    const padded = (values: number[]) => [...values, ...new Array<number>(POSITIONS - values.length).fill(0)];
    expect(mine(tokens)).toEqual(padded([...wanted]));
    expect(mine(logProbs)).toEqual(padded(wanted.map((_, t) => (chosen[t] ? pretended(b, t) : 0))));
    expect(mine(entropies)).toEqual(padded(wanted.map((_, t) => (chosen[t] ? 0.5 : 0))));
    expect(at(ROW.length)).toBe(outcome.length);
    expect(at(ROW.reason)).toBe(outcome.reason);
    expect(at(ROW.phase)).toBe(PHASE.done);
    expect(at(ROW.isActive)).toBe(0);
    expect(list(ROW.stepStarts, at(ROW.steps))).toEqual(outcome.steps.map(({ start }) => start));
    expect(list(ROW.passages, 3 * at(ROW.searches))).toEqual(passages.flat());
    if (outcome.reason === END_REASON.finished) expect(at(ROW.answer)).toBe(outcome.answer);
  });
}

interface How {
  mode: ReviewMode;
  gate?: ReviewGate;
  cut?: CutRule;
}

describe('episode kernels', () => {
  const bench = useBench();

  it.each([
    { batch: 1, errorEvery: 1000, feedLast: false },
    { batch: 65, errorEvery: 12, feedLast: false },
    { batch: 257, errorEvery: 25, feedLast: true },
    { batch: 7, errorEvery: 1000, feedLast: false, blank: true },
    { batch: 65, errorEvery: 12, feedLast: false, cooperative: true },
    { batch: 257, errorEvery: 1000, feedLast: true, cooperative: true },
  ])('follow the CPU: %o', async ({ batch: size, errorEvery, feedLast, blank = false, cooperative = false }) => {
    const rows = script(size, { errorEvery, blank });
    const follow = () =>
      bench().run(async (scope) => {
        const batch = upload(scope, rows);
        await play(scope, rows, batch, { feedLast, blank });
        await expectScript(scope, rows, batch);
      });
    await withVariants(bench(), { cooperative }, follow);
  });

  it('the scripts above end in every way that a trajectory can', () => {
    const reasons = new Set(script(257, { errorEvery: 25 }).map(({ outcome }) => outcome.reason));
    const rare = script(400, { errorEvery: 6 }).map(({ outcome }) => outcome.reason);
    expect([...new Set([...reasons, ...rare])].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('compaction lists the active rows and what their next step needs', async () => {
    const rows = script(65, { errorEvery: 12 });
    await bench().run(async (scope) => {
      const batch = upload(scope, rows);
      const onStep = async (step: number, expected: number[]) => {
        const count = expected.length;
        const active = await scope.readWords(batch.active);
        expect(active[0]).toBe(count);
        expect([...active.subarray(LANES, LANES + count)]).toEqual(expected);
        const first = async (tensor: BenchTensor, length: number) => [
          ...(await scope.readWords(tensor)).subarray(0, length),
        ];
        expect(await first(batch.inputs, count)).toEqual(expected.map((b) => rows[b]!.tokens[step]));
        expect(await first(batch.lengths, count)).toEqual(expected.map(() => step + 1));
        const uniforms = [...(await scope.readFloats(batch.uniforms)).subarray(0, count)];
        expect(uniforms).toEqual(
          expected.map((b) => uniformFromWord(philox4x32(step + 1, 1000 + b, 5, b % 4, 77, 3)[0])),
        );
      };
      await play(scope, rows, batch, { feedLast: false, onStep });
    });
  });

  it.each([
    { mode: 'sample' },
    { mode: 'greedy' },
    { mode: 'oracleLabel' },
    { mode: 'sample', gate: 'always' },
    { mode: 'greedy', gate: 'always' },
    { mode: 'sample', gate: 'never' },
    { mode: 'sample', cut: 'first' },
    { mode: 'sample', cut: 'uniform' },
    { mode: 'greedy', cut: 'uniform' },
  ] satisfies How[])('reviews and cuts: %o', async (how: How) => {
    const { mode, gate = 'model', cut: rule = 'model' } = how;
    const margin = 0.25;
    const size = 257;
    const rows = script(size, { errorEvery: 60 });
    const ld = Math.ceil(vocabulary.size / 4) * 4;
    const logits = normals(size * ld, 3, 2);
    const uniforms = normals(size, 4).map((x) => Math.abs(x) % 1);
    const first = vocabulary.special.integers[0];
    await bench().run(async (scope) => {
      const batch = upload(scope, rows);
      const index = await play(scope, rows, batch, { feedLast: true });
      reviewBegin(scope.recorder, { ...slicesOf(batch), batch: size, positions: POSITIONS, attempt: 0 });
      compact(scope, batch, size);
      const inputs = await scope.readWords(batch.inputs);
      expect([...inputs]).toEqual(rows.map(() => vocabulary.special.review));
      expect([...(await scope.readWords(batch.lengths))]).toEqual(rows.map(({ tokens }) => tokens.length + 1));
      const reviews = scope.output('reviews', size * REVIEW_WORDS);
      reviewDecide(scope.recorder, {
        ...slicesOf(batch),
        logits: scope.floats('logits', logits).slice,
        uniforms: scope.floats('uniforms', uniforms).slice,
        passageFacts: index.facts,
        reviews: reviews.slice,
        ld,
        mode,
        margin,
        gate,
        cut: rule,
        ...{ seed: 77, update: 5 },
        batch: size,
      });
      const decided = await scope.readWords(reviews);
      const state = await scope.readWords(batch.rows);
      const made = new Set<number>();
      rows.forEach(({ tokens, outcome, flawed }, b) => {
        const count = outcome.steps.length;
        const lowest = gate === 'always' ? 1 : 0;
        const legal = [...logits.subarray(b * ld + first, b * ld + first + count + 1)].map((x, j) =>
          j < lowest ? -Infinity : x,
        );
        const logSum = Math.log(legal.reduce((sum, x) => sum + Math.exp(x), 0));
        const logProbs = legal.map((x) => x - logSum);
        const said = { sample: sampled(logProbs, uniforms[b]!), greedy: greedy(logProbs, margin), oracleLabel: flawed }[
          mode
        ];
        const [word] = philox4x32(tokens.length + 1, 1000 + b, 5, b % 4, 77, PURPOSES.cut);
        const drawn = 1 + Math.floor(uniformFromWord(word) * count);
        const cut = said === 0 || gate === 'never' ? 0 : { model: said, uniform: drawn, first: 1 }[rule];
        made.add(cut);
        const review = decided.subarray(b * REVIEW_WORDS, (b + 1) * REVIEW_WORDS);
        expect([...review.subarray(0, 3)]).toEqual([cut, count, said]);
        new Float32Array(review.slice(3).buffer).forEach((logProb, j) => {
          if (j >= lowest && j <= count) expect(logProb).toBeCloseTo(logProbs[j]!, 4);
          else expect(logProb).toBeLessThan(-1e38);
        });
        const { at } = rowOf(state, b);
        expect(at(ROW.isActive)).toBe(cut === 0 ? 0 : 1);
        if (cut === 0) return;
        const kept = outcome.steps[cut - 1]!.start;
        expect([at(ROW.position), at(ROW.length)]).toEqual([kept - 1, kept]);
        expect([at(ROW.searches), at(ROW.steps), at(ROW.attempt)]).toEqual([cut - 1, cut - 1, 1]);
        expect([at(ROW.phase), at(ROW.reason), at(ROW.pending)]).toEqual([PHASE.expectThink, END_REASON.running, 0]);
      });
      expect(rows.map(({ flawed }) => flawed)).toEqual(expect.arrayContaining([0, 1, 2, 3]));
      expect(made.has(0)).toBe(gate !== 'always');
      if (gate !== 'never' && rule === 'model') expect(made.size).toBeGreaterThan(3);
    });
  });

  it('a refiner of its own reads each finished trajectory from its start, then all reviews at once', async () => {
    const rows = script(65, { errorEvery: 12 });
    await bench().run(async (scope) => {
      const batch = upload(scope, rows);
      await play(scope, rows, batch, { feedLast: false });
      for (const step of [0, 7, 30, POSITIONS - 2]) {
        reviewFeed(scope.recorder, { rows: batch.rows.slice, batch: rows.length, step, attempt: 0 });
        compact(scope, batch, rows.length);
        const there = rows.flatMap(({ tokens }, b) => (step < tokens.length ? [b] : []));
        const active = await scope.readWords(batch.active);
        expect([active[0], ...active.subarray(LANES, LANES + there.length)]).toEqual([there.length, ...there]);
        const inputs = (await scope.readWords(batch.inputs)).subarray(0, there.length);
        expect([...inputs]).toEqual(there.map((b) => rows[b]!.tokens[step]));
      }
      const before = await scope.readWords(batch.rows);
      // Nobody has been cut yet, so a second review has nothing to read.
      reviewFeed(scope.recorder, { rows: batch.rows.slice, batch: rows.length, step: 3, attempt: 1 });
      reviewBegin(scope.recorder, { ...slicesOf(batch), batch: rows.length, positions: POSITIONS, attempt: 1 });
      expect(await scope.readWords(batch.rows)).toEqual(before);
      reviewBegin(scope.recorder, { ...slicesOf(batch), batch: rows.length, positions: POSITIONS, attempt: 0 });
      compact(scope, batch, rows.length);
      expect([...(await scope.readWords(batch.inputs))]).toEqual(rows.map(() => vocabulary.special.review));
    });
  });

  it('dispatched every kernel they are about', () => {
    const kernels = [
      episodeCompactKernel,
      episodeStepKernel,
      bm25TopKKernel,
      reviewFeedKernel,
      reviewBeginKernel,
      reviewDecideKernel,
    ];
    expect([...bench.dispatched()].sort()).toEqual(kernels.map(({ name }) => name).sort());
  });
});

function sampled(logProbs: readonly number[], u: number): number {
  let cumulative = 0;
  const at = logProbs.findIndex((logProb) => (cumulative += Math.exp(logProb)) > u);
  return at < 0 ? logProbs.length - 1 : at;
}

function greedy(logProbs: readonly number[], margin: number): number {
  const [accept, ...cuts] = logProbs;
  const best = cuts.indexOf(Math.max(...cuts)) + 1;
  return logProbs[best]! - accept! >= margin ? best : 0;
}
