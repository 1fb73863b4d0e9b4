/**
 * The episode, retrieval and review kernels against the CPU's episode, retriever and labels: the same choices must give the
 * same trajectories, token for token.
 */
import { describe, expect, it } from 'vitest';
import {
  bm25TopKKernel,
  episodeCompactKernel,
  episodeStepKernel,
  reviewBegin,
  reviewBeginKernel,
  reviewDecideKernel,
} from '../../kernels/episode/episode';
import { reviewTextKernel, reviewThinkKernel, reviewVerdictsKernel } from '../../kernels/episode/review-again';
import { compareNumbers } from '../../selftest/bench/bounds';
import { withVariants } from '../../selftest/bench/kernel-case';
import {
  compactBatch,
  playScript,
  POSITIONS,
  readCompaction,
  readEpisodes,
  scriptedCompaction,
  scriptedEpisodes,
  scriptRows,
  slicesOf,
  uploadBatch,
  vocabulary,
} from '../../selftest/launch/launch-episode';
import type { ScriptStep } from '../../selftest/launch/episode-script';
import {
  launchReading,
  launchReviews,
  scriptedReading,
  scriptedReviews,
  type ReviewHow,
} from '../../selftest/launch/launch-review';
import {
  launchTexts,
  launchThoughts,
  launchVerdicts,
  scriptedTexts,
  scriptedThoughts,
  scriptedVerdicts,
} from '../../selftest/launch/launch-review-again';
import { useBench } from '../kernels/kernel-harness';

type Outputs = Readonly<Record<string, ArrayLike<number>>>;

/** Every output, number for number. */
function expectEqual(got: Outputs, want: Outputs): void {
  expect(Object.keys(got)).toEqual(Object.keys(want));
  for (const [name, values] of Object.entries(want))
    expect([...Array.from(got[name] ?? [])], name).toEqual([...Array.from(values)]);
}

describe('episode kernels', () => {
  const bench = useBench();

  it.each([
    { batch: 1, errorEvery: 1000 },
    { batch: 65, errorEvery: 12 },
    { batch: 257, errorEvery: 25 },
    { batch: 7, errorEvery: 1000, blank: true },
    { batch: 65, errorEvery: 12, cooperative: true },
    { batch: 257, errorEvery: 1000, cooperative: true },
  ])('follow the CPU: %o', async ({ batch: size, errorEvery, blank = false, cooperative = false }) => {
    const rows = scriptRows(size, { errorEvery, blank });
    const follow = () =>
      bench().run(async (scope) => {
        const batch = uploadBatch(scope, rows);
        await playScript(scope, rows, batch, { blank });
        return readEpisodes(scope, batch, size);
      });
    expectEqual(await withVariants(bench(), { cooperative }, follow), scriptedEpisodes(rows));
  });

  it('the scripts above end in every way that a trajectory can', () => {
    const reasons = new Set(scriptRows(257, { errorEvery: 25 }).map(({ outcome }) => outcome.reason));
    const rare = scriptRows(400, { errorEvery: 6 }).map(({ outcome }) => outcome.reason);
    expect([...new Set([...reasons, ...rare])].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('compaction lists what the next step feeds, whole blocks where passages were found', async () => {
    const rows = scriptRows(65, { errorEvery: 12 });
    const blocks: number[] = [];
    await bench().run(async (scope) => {
      const batch = uploadBatch(scope, rows);
      const onStep = async (index: number, step: ScriptStep) => {
        const { active, fed } = step;
        expectEqual(await readCompaction(scope, batch, active.length, fed.length), scriptedCompaction(rows, step));
        if (fed.length > active.length) blocks.push(index);
      };
      await playScript(scope, rows, batch, { onStep });
    });
    expect(blocks).toEqual([0, 8, 16, 24, 32]);
  });

  it.each([
    { mode: 'sample' },
    { mode: 'greedy' },
    { mode: 'oracleLabel' },
    { mode: 'oracleWrong' },
    { mode: 'sample', gate: 'always' },
    { mode: 'greedy', gate: 'always' },
    { mode: 'sample', gate: 'never' },
    { mode: 'sample', cut: 'first' },
    { mode: 'sample', cut: 'uniform' },
    { mode: 'greedy', cut: 'uniform' },
    { mode: 'sample', again: true },
    { mode: 'greedy', again: true },
    { mode: 'greedy', gate: 'always', again: true },
  ] satisfies ReviewHow[])('reviews and cuts: %o', async (how: ReviewHow) => {
    const rows = scriptRows(257, { errorEvery: 60 });
    const { logProbs, ...decided } = await launchReviews(bench(), rows, how);
    const { logProbs: wanted, ...want } = scriptedReviews(rows, how);
    expectEqual(decided, want);
    expect(compareNumbers(logProbs, wanted, { rtol: 0, atol: 5e-5 })).toMatchObject({ ok: true });
    expect(rows.map(({ flawed }) => flawed)).toEqual(expect.arrayContaining([0, 1, 2, 3]));
    const made = new Set(decided.decided.filter((_, i) => i % 3 === 0));
    expect(made.has(0)).toBe(how.gate !== 'always');
    if (how.gate !== 'never' && (how.cut ?? 'model') === 'model') expect(made.size).toBeGreaterThan(3);
  });

  it.each([
    { first: 0, count: 65, certainty: true },
    { first: 40, count: 33, certainty: true },
    { first: 7, count: 20, certainty: false },
    { first: 40, count: 33, certainty: true, thoughts: 4 },
  ])('texts that are read again: %o', async (how) => {
    const rows = scriptRows(65, { errorEvery: 60 });
    const texts = scriptedTexts(rows, how);
    expectEqual(await launchTexts(bench(), rows, how), texts);
    const { integers } = vocabulary.special;
    const marks = integers.map((integer) => texts.text.filter((token) => token === integer).length);
    expect(marks.every((count) => count > 0)).toBe(how.certainty);
  });

  it.each([
    { first: 0, count: 65, certainty: true, thoughts: 3 },
    { first: 40, count: 33, certainty: false, thoughts: 4 },
  ])('what reviews think of each hop is written behind one another: %o', async (how) => {
    const rows = scriptRows(65, { errorEvery: 20 });
    const { text, reviews } = scriptedThoughts(rows, how);
    expectEqual(await launchThoughts(bench(), rows, how), { text, reviews });
    expect(reviews.filter((word) => word > 0)).toHaveLength(
      rows.slice(how.first).reduce((sum, { chain }) => sum + chain.relations.length, 0),
    );
  });

  it.each([
    { first: 0, count: 65, certainty: false },
    { first: 40, count: 33, certainty: false, thoughts: 4 },
  ])('verdicts become one integer: %o', async (how) => {
    const rows = scriptRows(65, { errorEvery: 20 });
    const { said } = await launchVerdicts(bench(), rows, how);
    const want = scriptedVerdicts(rows, how);
    expect(compareNumbers(said, want.said, { rtol: 0, atol: 2e-4 })).toMatchObject({ ok: true });
    const sums = rows.map((_, b) =>
      want.said.slice(6 * b, 6 * b + 6).reduce((sum, x) => sum + (x === 0 ? 0 : Math.exp(x)), 0),
    );
    for (const sum of sums.slice(how.first)) expect(sum).toBeCloseTo(1, 10);
  });

  it.each([
    { block: 0, last: false },
    { block: 3, last: false },
    { block: 6, last: false },
    { block: 6, last: true },
  ])('a refiner of its own reads finished trajectories in blocks: %o', async ({ block, last }) => {
    const rows = scriptRows(65, { errorEvery: 12 });
    expectEqual(await launchReading(bench(), rows, block, last), scriptedReading(rows, block, last));
  });

  it('a second review has nothing to read of rows that were not cut', async () => {
    const rows = scriptRows(65, { errorEvery: 12 });
    await bench().run(async (scope) => {
      const batch = uploadBatch(scope, rows);
      await playScript(scope, rows, batch);
      const before = await scope.readWords(batch.rows);
      const all = { ...slicesOf(batch), batch: rows.length, positions: POSITIONS, whole: false };
      reviewBegin(scope.recorder, { ...all, attempt: 1 });
      expect(await scope.readWords(batch.rows)).toEqual(before);
      reviewBegin(scope.recorder, { ...all, attempt: 0 });
      compactBatch(scope, batch, rows.length);
      const { inputs } = await readCompaction(scope, batch, rows.length, rows.length);
      expect([...inputs]).toEqual(rows.map(() => vocabulary.special.review));
    });
  });

  it('dispatched every kernel they are about', () => {
    const kernels = [
      episodeCompactKernel,
      episodeStepKernel,
      bm25TopKKernel,
      reviewBeginKernel,
      reviewDecideKernel,
      reviewTextKernel,
      reviewThinkKernel,
      reviewVerdictsKernel,
    ];
    expect([...bench.dispatched()].sort()).toEqual(kernels.map(({ name }) => name).sort());
  });
});
