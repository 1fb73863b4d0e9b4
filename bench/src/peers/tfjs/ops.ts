/**
 * Operations that tfjs has no kernel for, or only one with barriers or much index arithmetic, which software adapters take
 * long over, put together from those that do without. The figures are CPU time on Mesa's llvmpipe.
 */
import * as tf from '@tensorflow/tfjs';

export type Tensor = tf.Tensor;

/** Reads a row in one window of one invocation. */
function rowWindows(x: Tensor): { image: tf.Tensor4D; window: [number, number]; rows: number } {
  const [rows = 1, cols = 1] = x.shape;
  return { image: tf.reshape<tf.Rank.R4>(x, [rows, 1, cols, 1]), window: [1, cols], rows };
}

/** Two columns of windows, as tfjs turns a single window into a slow reduction. */
function columnWindows(x: Tensor): { image: tf.Tensor4D; window: [number, number]; cols: number } {
  const [rows = 1, cols = 1] = x.shape;
  return { image: tf.reshape<tf.Rank.R4>(x, [1, rows, 2, cols / 2]), window: [rows, 1], cols };
}

/**
 * (rows,1) means of the rows of x (rows,cols). tf.mean and tf.sum give every row a workgroup of 64 that joins its partial
 * sums between barriers; pooling takes a tenth of the time.
 */
export function rowMean(x: Tensor): Tensor {
  const { image, window, rows } = rowWindows(x);
  return tf.reshape(tf.avgPool(image, window, 1, 'valid'), [rows, 1]);
}

/** (rows,1) maxima of the rows of x (rows,cols). */
export function rowMax(x: Tensor): Tensor {
  const { image, window, rows } = rowWindows(x);
  return tf.reshape(tf.maxPool(image, window, 1, 'valid'), [rows, 1]);
}

/** (1,cols) means of the columns of x (rows,cols), cols even. tf.mean would also transpose x first. */
export function columnMean(x: Tensor): Tensor {
  const { image, window, cols } = columnWindows(x);
  return tf.reshape(tf.avgPool(image, window, 1, 'valid'), [1, cols]);
}

/** (1,cols) maxima of the columns of x (rows,cols), cols even. */
export function columnMax(x: Tensor): Tensor {
  const { image, window, cols } = columnWindows(x);
  return tf.reshape(tf.maxPool(image, window, 1, 'valid'), [1, cols]);
}

/**
 * Of two tensors of one shape, or a tensor and a scalar: as vectors they need no coordinates, which cost integer
 * divisions. Reshaping is free.
 */
function flatly(operation: (a: Tensor, b: Tensor) => Tensor) {
  return (a: Tensor, b: Tensor): Tensor => tf.reshape(operation(tf.reshape(a, [-1]), tf.reshape(b, [-1])), a.shape);
}

export const multiply = flatly((a, b) => tf.mul(a, b));
export const add = flatly((a, b) => tf.add(a, b));
export const divide = flatly((a, b) => tf.div(a, b));
export const subtract = flatly((a, b) => tf.sub(a, b));

/** (cols,rows) x^T, as a batch of one: for two dimensions tfjs has a kernel with barriers, on SwiftShader 25 times as slow. */
export function transposed(x: Tensor): Tensor {
  const [rows = 1, cols = 1] = x.shape;
  return tf.reshape(tf.transpose(tf.reshape(x, [1, rows, cols]), [0, 2, 1]), [cols, rows]);
}

/**
 * x / sqrt(variance + eps), x (rows,cols), variance (rows,1). Normalising a batch is the one operation of tfjs that adds,
 * takes the root, inverts and scales at once. It computes one number at a time, so it is for small x.
 */
export function overRoot(x: Tensor, variance: Tensor, eps: number, zero: Tensor): Tensor {
  return tf.reshape(tf.batchNorm(x, zero, variance, undefined, undefined, eps), x.shape);
}
