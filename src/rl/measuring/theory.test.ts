import { describe, expect, it } from 'vitest';
import { PhiloxStream, PURPOSES } from '../../lib/philox';
import { decompose, type DecompositionInput } from './theory';

function randomInput(drafts: number, maxSteps: number, seed: number): DecompositionInput {
  const stream = new PhiloxStream(seed, PURPOSES.sweep);
  const uniforms = (n: number) => Array.from({ length: n }, () => stream.uniform());
  const normalised = (weights: number[]) => {
    const sum = weights.reduce((a, w) => a + w, 0);
    return weights.map((w) => w / sum);
  };
  const steps = Array.from({ length: drafts }, () => 1 + stream.int(maxSteps));
  const padded = (row: number[]) => [...row, ...new Array<number>(maxSteps - row.length).fill(0)];
  return {
    p: normalised(uniforms(drafts)),
    rewards: uniforms(drafts),
    alpha: uniforms(drafts),
    steps,
    maxSteps,
    h: steps.flatMap((s) => padded(normalised(uniforms(s)))),
    values: steps.flatMap((s) => padded(uniforms(s))),
  };
}

describe('decompose', () => {
  it('works out two drafts by hand', () => {
    const result = decompose({
      p: [0.5, 0.5],
      rewards: [1, 0],
      alpha: [1, 0],
      steps: [1, 2],
      maxSteps: 2,
      h: [1, 0, 0.5, 0.5],
      values: [0.5, 0, 1, 0],
    });
    expect(result.jBase).toBe(0.5);
    expect([...result.jTrim]).toEqual([0.5, 0.5]);
    expect(result.jMeta).toBe(0.75);
    expect([...result.gain]).toEqual([-0.5, 0, 1, 0]);
    expect(result.vInter).toBe(0.5);
    // alpha is (1, 0) and R - jTrim is (0.5, -0.5), whose mean is 0.
    expect(result.aPrec).toBe(0.25);
    // Step 1: Cov of (1, 0.5) and (-0.5, 1); step 2 gains nothing.
    expect(result.sTrim).toBe(-0.1875);
    expect(result.gBar).toBe(0.1875);
  });

  it.each([1, 2, 3, 4])('jMeta - jBase = aPrec + vInter * (sTrim + gBar), seed %i', (seed) => {
    const { jMeta, jBase, aPrec, vInter, sTrim, gBar } = decompose(randomInput(9, 5, seed));
    expect(jMeta - jBase).toBeCloseTo(aPrec + vInter * (sTrim + gBar), 13);
    // The paper drops gBar: then the sides differ.
    expect(Math.abs(jMeta - jBase - aPrec - vInter * sTrim)).toBeGreaterThan(1e-4);
  });

  it('refuses wrong lengths and too many steps', () => {
    const input = randomInput(2, 3, 1);
    expect(() => decompose({ ...input, h: [1] })).toThrow('h has 1 numbers instead of 6');
    expect(() => decompose({ ...input, steps: [4, 1] })).toThrow('draft 0 has 4 steps, more than 3');
  });
});
