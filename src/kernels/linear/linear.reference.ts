/**
 * Float64 reference of the linear layer without bias: y = x W^T, weights stored as [out, in].
 *
 * Plain loops that share no code with the kernels; tests and `verify` only.
 */

export interface LinearShape {
  rows: number;
  inFeatures: number;
  outFeatures: number;
}

/** x (rows, in), w (out, in) -> y (rows, out). */
export function linearForward(args: LinearShape & { x: ArrayLike<number>; w: ArrayLike<number> }): Float64Array {
  const { rows, inFeatures, outFeatures, x, w } = args;
  const y = new Float64Array(rows * outFeatures);
  for (let n = 0; n < rows; n++) {
    for (let o = 0; o < outFeatures; o++) {
      let sum = 0;
      for (let i = 0; i < inFeatures; i++) sum += x[n * inFeatures + i]! * w[o * inFeatures + i]!;
      y[n * outFeatures + o] = sum;
    }
  }
  return y;
}

/** dX = dY W (rows, in) and dW = dY^T x (out, in). */
export function linearBackward(
  args: LinearShape & { x: ArrayLike<number>; w: ArrayLike<number>; dY: ArrayLike<number> },
): { dX: Float64Array; dW: Float64Array } {
  const { rows, inFeatures, outFeatures, x, w, dY } = args;
  const dX = new Float64Array(rows * inFeatures);
  const dW = new Float64Array(outFeatures * inFeatures);
  for (let n = 0; n < rows; n++) {
    for (let o = 0; o < outFeatures; o++) {
      const g = dY[n * outFeatures + o]!;
      for (let i = 0; i < inFeatures; i++) {
        dX[n * inFeatures + i]! += g * w[o * inFeatures + i]!;
        dW[o * inFeatures + i]! += g * x[n * inFeatures + i]!;
      }
    }
  }
  return { dX, dW };
}
