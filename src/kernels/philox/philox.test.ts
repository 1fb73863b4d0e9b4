import { describe, expect, it } from 'vitest';
import { philox4x32, uniformFromWord } from '../../lib/philox';
import { SIZES, kernelTests } from '../../testing/kernels/kernel-harness';
import { blockCase, uniformCase, words } from '../../selftest/cases/philox';
import { philoxKernel } from './philox';
import * as reference from './philox.reference';
import { uniformFromWordsKernel } from './uniform';

kernelTests('philox', [philoxKernel, uniformFromWordsKernel], [...SIZES.map(blockCase), ...SIZES.map(uniformCase)]);

describe('the CPU stream', () => {
  it('computes the same words as the reference in 64 bits', () => {
    const input = words(6 * 50, 9);
    for (let n = 0; n < 50; n++) {
      const [c0, c1, c2, c3, k0, k1] = input.subarray(6 * n, 6 * n + 6);
      const block = reference.philoxBlock([c0!, c1!, c2!, c3!], [k0!, k1!]);
      expect(philox4x32(c0!, c1!, c2!, c3!, k0!, k1!)).toEqual([...block]);
      expect(uniformFromWord(c0!)).toBe(reference.uniformFromWord(c0!));
    }
  });
});
