/** The kernels that work on rows: what becomes of a row does not depend on how many there are. */
import { describe, expect, it } from 'vitest';
import { differs } from '../selftest/bench/bounds';
import { integers, normals } from '../selftest/bench/draw';
import { useBench } from '../testing/kernels/kernel-harness';
import { withVariants } from '../selftest/bench/kernel-case';
import { launchCrossEntropy, launchGrpo, launchRmsnorm } from '../selftest/launch/launch';
import { launchSampling } from '../selftest/launch/launch-steps';
import type { GpuBench } from '../selftest/bench/gpu-bench';

const COLS = 130;
const numbers = (seed: number) => normals(70 * COLS, seed);

/** Each of the first `rows` rows of a launch; weights of the losses are those of one row. */
const LAUNCHES: Record<string, (bench: GpuBench, rows: number) => Promise<Record<string, ArrayLike<number>>>> = {
  async rmsnorm(bench, rows) {
    const { y, rstd, dx } = await launchRmsnorm(bench, {
      ...{ rows, cols: COLS, eps: 1e-5 },
      ...{ x: numbers(1).subarray(0, rows * COLS), w: normals(COLS, 2), dy: numbers(3).subarray(0, rows * COLS) },
    });
    return { y, rstd, dx };
  },
  async crossEntropy(bench, rows) {
    const { nll, dLogits } = await launchCrossEntropy(bench, {
      ...{ rows, vocab: COLS, logits: numbers(1), targets: integers(70, 2, COLS) },
      mask: Uint32Array.from({ length: rows }, (_, n) => (n === 1 ? 1 : 0)),
    });
    return { nll, dLogits };
  },
  async grpo(bench, rows) {
    const { logProbs, dLogits } = await launchGrpo(bench, {
      ...{ batch: rows, seqLen: 1, vocab: COLS, logits: numbers(1), targets: integers(70, 2, COLS) },
      ...{ clipLow: 0.2, clipHigh: 0.28, klBeta: 0.04, aggregation: 'tokenMean' },
      ...{ advantages: normals(70, 3), oldLogProbs: normals(70, 4), refLogProbs: normals(70, 5) },
      policyMask: Uint32Array.from({ length: rows }, (_, n) => (n === 1 ? 1 : 0)),
    });
    return { logProbs, dLogits };
  },
  async sampling(bench, rows) {
    const { probs, chosen, logProbs, entropies } = await launchSampling(bench, {
      ...{ batch: rows, draws: 1, vocab: COLS, temperature: 0.7, topK: 40, topP: 0.9, logits: numbers(1) },
      allowed: new Uint32Array(COLS).fill(1),
      uniforms: Float32Array.from(integers(rows, 3, 1 << 24), (word) => word * 2 ** -24),
    });
    return { probs, chosen, logProbs, entropies };
  },
};

describe('a row', () => {
  const bench = useBench();
  const cases = Object.keys(LAUNCHES).flatMap((name) => [false, true].map((cooperative) => ({ name, cooperative })));

  it.each(cases)('has the same bits among 3 and among 70: $name, cooperative $cooperative', async (given) => {
    const { name, cooperative } = given;
    const run = (rows: number) => withVariants(bench(), { cooperative }, () => LAUNCHES[name]!(bench(), rows));
    const few = await run(3);
    const many = await run(70);
    for (const [output, got] of Object.entries(few)) {
      expect(differs(got, Array.from(many[output]!).slice(0, got.length)), `${output} differs at`).toBe(-1);
    }
  });
});
