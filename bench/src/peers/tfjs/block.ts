/** One layer, forward and backward by hand: the tape of tfjs could neither share what both need nor fuse the sums. */
import * as tf from '@tensorflow/tfjs';
import type { Frame } from './frame';
import { add, columnMean, multiply, overRoot, rowMax, rowMean, subtract, type Tensor } from './ops';
import { Matrix } from './products';

/** Rows of x / rms(x), and 1 / rms(x) of each. */
interface Normed {
  x: Tensor;
  inverse: Tensor;
}

export function normalise({ zero, ones, shape }: Frame, x: Tensor): Normed {
  const inverse = overRoot(ones, rowMean(multiply(x, x)), shape.rmsEps, zero);
  return { x: tf.mul(x, inverse), inverse };
}

/** Gradient of what was normalised. */
export function normaliseBackward(d: Tensor, { x, inverse }: Normed): Tensor {
  return tf.mul(subtract(d, tf.mul(x, rowMean(multiply(d, x)))), inverse);
}

/**
 * A layer's weights from its matrix (4 H D + 3 F, C), whose rows are q, k, v, gate, up, and transposed o and down: one tensor,
 * so that Adam needs ten operations a layer and not ten a weight. The weights of a norm are multiplied into the matrices that
 * read it, so that they and their gradients cost a pass over weights and none over the batch.
 */
export function layerWeights({ shape }: Frame, matrix: Tensor, norm1: Tensor, norm2: Tensor) {
  const { width, heads, headDim, ffn } = shape;
  const inner = heads * headDim;
  const rowsOf = (x: Tensor, from: number, count: number) => tf.slice(x, [from, 0], [count, width]);
  const matrixOf = (x: Tensor, from: number, count: number) => new Matrix(rowsOf(x, from, count));
  const qkv = rowsOf(matrix, 0, 3 * inner);
  const gateUp = rowsOf(matrix, 3 * inner, 2 * ffn);
  const scaledQkv = tf.mul(qkv, norm1);
  const scaledGateUp = tf.mul(gateUp, norm2);
  return {
    ...{ norm1, norm2, qkv, gateUp },
    q: matrixOf(scaledQkv, 0, inner),
    k: matrixOf(scaledQkv, inner, inner),
    v: matrixOf(scaledQkv, 2 * inner, inner),
    gate: matrixOf(scaledGateUp, 0, ffn),
    up: matrixOf(scaledGateUp, ffn, ffn),
    out: matrixOf(matrix, 3 * inner + 2 * ffn, inner),
    down: matrixOf(matrix, 4 * inner + 2 * ffn, ffn),
  };
}
export type LayerWeights = ReturnType<typeof layerWeights>;

/** x (rows,width), what the layer reads. `y` is its output; the rest is for the backward pass. */
export function layerForward(frame: Frame, x: Tensor, w: LayerWeights) {
  const { products, shape, sequences, length, rows, turns } = frame;
  const { heads, headDim } = shape;
  const batch = heads * sequences;
  const norm1 = normalise(frame, x);
  const q = frame.rotate(products.byHeads(norm1.x, w.q, heads), turns.query);
  const k = frame.rotate(products.byHeads(norm1.x, w.k, heads), turns.key);
  const v = tf.reshape(products.byHeads(norm1.x, w.v, heads), [batch, length, headDim]);
  // With a transposed second factor the product reads single numbers: transposing first takes two thirds of the time.
  const masked = tf.fused.matMul({ a: q, b: tf.transpose(k, [0, 2, 1]), bias: frame.mask });
  const scores = tf.reshape(masked, [heads * rows, length]);
  // Not divided by its sum yet: that is done to the output, which is narrower. tf.softmax takes 3 times as long.
  const exps = tf.exp(tf.sub(scores, rowMax(scores)));
  const sums = tf.mul(rowMean(exps), frame.scalar(length));
  const shares = tf.reshape(exps, [batch, length, length]);
  const attended = tf.div(tf.reshape(tf.matMul(shares, v), [heads * rows, headDim]), sums);
  const flat = flattened(frame, attended);
  const middle = products.times(flat, w.out, x);
  const norm2 = normalise(frame, middle);
  const gate = products.timesTransposed(norm2.x, w.gate);
  const up = products.timesTransposed(norm2.x, w.up);
  const sigmoid = tf.sigmoid(gate);
  const silu = multiply(gate, sigmoid);
  const hidden = multiply(silu, up);
  const y = products.times(hidden, w.down, middle);
  return { y, norm1, q, k, v, shares, sums, attended, flat, norm2, gate, up, sigmoid, silu, hidden };
}
export type LayerTape = ReturnType<typeof layerForward>;

/** Gradients, `dy` (rows,width) given: of x, of the matrix (divided by the frame's sheets), and of the two norms. */
export function layerBackward(frame: Frame, dy: Tensor, tape: LayerTape, w: LayerWeights) {
  const { products, shape, sequences, length, rows, sheets, turns } = frame;
  const { heads, headDim, ffn } = shape;
  const batch = heads * sequences;
  const transposedTimes = (a: Tensor, b: Matrix) => products.transposedTimes(new Matrix(a), b, sheets);
  const dDown = transposedTimes(tape.hidden, new Matrix(dy));
  const dHidden = products.timesTransposed(dy, w.down);
  const dUp = multiply(dHidden, tape.silu);
  // silu' = sigmoid (1 + gate - silu)
  const part = multiply(multiply(dHidden, tape.up), tape.sigmoid);
  const dGate = add(part, multiply(part, subtract(tape.gate, tape.silu)));
  const input2 = new Matrix(tape.norm2.x);
  const dGateUp = tf.concat([dGate, dUp].map((d) => transposedTimes(d, input2)));
  const dNormed2 = products.times(dUp, w.up, products.times(dGate, w.gate));
  const dMiddle = add(normaliseBackward(dNormed2, tape.norm2), dy);

  const dOut = transposedTimes(tape.flat, new Matrix(dMiddle));
  const dAttended = products.byHeads(dMiddle, w.out, heads);
  const dShared = tf.div(tf.reshape(dAttended, [heads * rows, headDim]), tape.sums);
  const common = tf.mul(rowMean(multiply(dShared, tape.attended)), frame.scalar(headDim));
  const dOutput = tf.reshape(dShared, [batch, length, headDim]);
  const dv = tf.matMul(tape.shares, dOutput, true);
  const dShares = tf.reshape(tf.matMul(dOutput, tf.transpose(tape.v, [0, 2, 1])), [heads * rows, length]);
  const dScores = multiply(tf.reshape(tf.sub(dShares, common), [batch, length, length]), tape.shares);
  const dq = flattened(frame, frame.rotate(tf.matMul(dScores, tape.k), turns.queryBack));
  const dk = flattened(frame, frame.rotate(tf.matMul(dScores, tape.q, true), turns.keyBack));
  const dvFlat = flattened(frame, dv);
  const input1 = new Matrix(tape.norm1.x);
  const dQkv = tf.concat([dq, dk, dvFlat].map((d) => transposedTimes(d, input1)));
  const dNormed1 = products.times(dq, w.q, products.times(dk, w.k, products.times(dvFlat, w.v)));
  const dx = add(normaliseBackward(dNormed1, tape.norm1), dMiddle);

  const matrix = tf.concat([tf.mul(dQkv, w.norm1), tf.mul(dGateUp, w.norm2), dOut, dDown]);
  return {
    ...{ dx, matrix },
    norm1: normGradient(frame, w.qkv, dQkv, 3 * heads * headDim),
    norm2: normGradient(frame, w.gateUp, dGateUp, 2 * ffn),
  };
}

/** (1,width) gradient of a norm's weights from the `rows` rows of weights they were multiplied into. */
export function normGradient(frame: Frame, weights: Tensor, gradient: Tensor, rows: number): Tensor {
  return tf.mul(columnMean(multiply(weights, gradient)), frame.scalar(rows));
}

/** (rows, heads*headDim) from (heads, rows, headDim) in any grouping of rows. */
function flattened({ shape: { heads, headDim }, rows }: Frame, x: Tensor): Tensor {
  return tf.reshape(tf.transpose(tf.reshape(x, [heads, rows, headDim]), [1, 0, 2]), [rows, heads * headDim]);
}
