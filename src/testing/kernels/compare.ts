/** Results beside golden fixtures (src/testing/golden/README.md). */
import { compareNumbers, EXACT, float32Bound, type Bound, type Comparison } from '../../selftest/bench/bounds';
import type { GoldenTensor } from './golden';

/** For what is computed in doubles. */
export const FLOAT64_BOUND: Bound = { rtol: 1e-9, atol: 1e-11 };

/** The bound of one output of one case, computed in doubles: what must be equal in float32 must be equal here too. */
export function float64Bound(file: string, caseId: string, output: string): Bound {
  const { rtol, atol } = float32Bound(file, caseId, output);
  return rtol === 0 && atol === 0 ? EXACT : FLOAT64_BOUND;
}

/** Compares one tensor; integers (dtype i32, u32) must be equal whatever the bound. */
export function compareTensor(got: ArrayLike<number>, want: GoldenTensor, bound: Bound): Comparison {
  const exact = want.dtype === 'i32' || want.dtype === 'u32';
  return compareNumbers(got, want.data, exact ? EXACT : bound);
}
