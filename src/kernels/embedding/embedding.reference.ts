/**
 * Float64 reference of the embedding lookup: y_n = E[tokens_n].
 *
 * Plain loops that share no code with the kernels; tests and `verify` only.
 */

export interface EmbeddingShape {
  /** Number of tokens (B * T). */
  rows: number;
  vocab: number;
  hidden: number;
}

/** tokens (rows), table (vocab, hidden) -> y (rows, hidden). */
export function embeddingForward(
  args: EmbeddingShape & { tokens: ArrayLike<number>; table: ArrayLike<number> },
): Float64Array {
  const { rows, hidden, tokens, table } = args;
  const y = new Float64Array(rows * hidden);
  for (let n = 0; n < rows; n++) {
    for (let c = 0; c < hidden; c++) y[n * hidden + c] = table[tokens[n]! * hidden + c]!;
  }
  return y;
}

/** tokens (rows), dY (rows, hidden) -> dTable (vocab, hidden), the sum over the rows that read each entry. */
export function embeddingBackward(
  args: EmbeddingShape & { tokens: ArrayLike<number>; dY: ArrayLike<number> },
): Float64Array {
  const { rows, vocab, hidden, tokens, dY } = args;
  const dTable = new Float64Array(vocab * hidden);
  for (let n = 0; n < rows; n++) {
    for (let c = 0; c < hidden; c++) dTable[tokens[n]! * hidden + c]! += dY[n * hidden + c]!;
  }
  return dTable;
}

/** y (M, hidden) with y[index[n]] = x[n] for x (rows, hidden); the rows not named keep what they hold. */
export function scatterRows(args: {
  rows: number;
  hidden: number;
  x: ArrayLike<number>;
  index: ArrayLike<number>;
  y: ArrayLike<number>;
}): Float64Array {
  const { rows, hidden, x, index } = args;
  const y = Float64Array.from(args.y);
  for (let n = 0; n < rows; n++) {
    for (let c = 0; c < hidden; c++) y[index[n]! * hidden + c] = x[n * hidden + c]!;
  }
  return y;
}
