/**
 * Float64 reference of RMSNorm: y = x * rstd * w with rstd = 1 / sqrt(mean(x^2) + eps) per row.
 *
 * Plain loops that share no code with the kernels; tests and `verify` only.
 */

export interface RmsnormShape {
  rows: number;
  cols: number;
  eps: number;
}

/** x (rows, cols), w (cols) -> y (rows, cols), rstd (rows). */
export function rmsnormForward(args: RmsnormShape & { x: ArrayLike<number>; w: ArrayLike<number> }): {
  y: Float64Array;
  rstd: Float64Array;
} {
  const { rows, cols, eps, x, w } = args;
  const y = new Float64Array(rows * cols);
  const rstd = new Float64Array(rows);
  for (let n = 0; n < rows; n++) {
    let squares = 0;
    for (let c = 0; c < cols; c++) squares += x[n * cols + c]! ** 2;
    const r = 1 / Math.sqrt(squares / cols + eps);
    rstd[n] = r;
    for (let c = 0; c < cols; c++) y[n * cols + c] = x[n * cols + c]! * r * w[c]!;
  }
  return { y, rstd };
}

/**
 * dx_nc = rstd w_c dy_nc - x_nc rstd^3 mean_c'(w_c' dy_nc' x_nc') and dw_c = sum_n dy_nc x_nc rstd_n.
 * dy (rows, cols) -> dx (rows, cols), dw (cols).
 */
export function rmsnormBackward(
  args: RmsnormShape & { x: ArrayLike<number>; w: ArrayLike<number>; dy: ArrayLike<number> },
): { dx: Float64Array; dw: Float64Array } {
  const { rows, cols, x, w, dy } = args;
  const { rstd } = rmsnormForward(args);
  const dx = new Float64Array(rows * cols);
  const dw = new Float64Array(cols);
  for (let n = 0; n < rows; n++) {
    const r = rstd[n]!;
    let mean = 0;
    for (let c = 0; c < cols; c++) mean += (w[c]! * dy[n * cols + c]! * x[n * cols + c]!) / cols;
    for (let c = 0; c < cols; c++) {
      const at = n * cols + c;
      dx[at] = r * w[c]! * dy[at]! - x[at]! * r ** 3 * mean;
      dw[c]! += dy[at]! * x[at]! * r;
    }
  }
  return { dx, dw };
}
