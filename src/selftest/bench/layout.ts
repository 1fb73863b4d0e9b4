/** Row-major layouts of the fixtures against those of the kernels. */

/** x (rows, cols) -> (rows, ld), the new columns 0. */
export function padColumns(x: ArrayLike<number>, rows: number, cols: number, ld: number): Float32Array {
  const padded = new Float32Array(rows * ld);
  for (let n = 0; n < rows; n++) {
    for (let c = 0; c < cols; c++) padded[n * ld + c] = x[n * cols + c]!;
  }
  return padded;
}

/** Columns first .. first + cols - 1 of x (rows, ld). */
export function columnsOf(x: Float32Array, rows: number, ld: number, cols: number, first = 0): Float32Array {
  return Float32Array.from({ length: rows * cols }, (_, e) => x[Math.floor(e / cols) * ld + first + (e % cols)]!);
}

/** (B, H, T, D) -> (B * T, H * D). */
export function fromHeads(
  x: ArrayLike<number>,
  batch: number,
  heads: number,
  seqLen: number,
  headDim: number,
): Float32Array {
  const y = new Float32Array(x.length);
  eachElement(batch, heads, seqLen, headDim, (byHead, byRow) => {
    y[byRow] = x[byHead]!;
  });
  return y;
}

/** (B * T, H * D) -> (B, H, T, D). */
export function toHeads(
  x: ArrayLike<number>,
  batch: number,
  heads: number,
  seqLen: number,
  headDim: number,
): Float32Array {
  const y = new Float32Array(x.length);
  eachElement(batch, heads, seqLen, headDim, (byHead, byRow) => {
    y[byHead] = x[byRow]!;
  });
  return y;
}

function eachElement(
  batch: number,
  heads: number,
  seqLen: number,
  headDim: number,
  visit: (byHead: number, byRow: number) => void,
): void {
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let t = 0; t < seqLen; t++) {
        for (let d = 0; d < headDim; d++) {
          visit(((b * heads + h) * seqLen + t) * headDim + d, ((b * seqLen + t) * heads + h) * headDim + d);
        }
      }
    }
  }
}
