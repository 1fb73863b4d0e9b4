/** Float64 reference of the sums that other kernels end in. Plain loops; tests only. */

/** y (size) + the sum over s of partials (S, size) -> (size). */
export function reducePartials(args: {
  size: number;
  splits: number;
  partials: ArrayLike<number>;
  y: ArrayLike<number>;
}): Float64Array {
  const { size, splits, partials, y } = args;
  const result = Float64Array.from(y);
  for (let s = 0; s < splits; s++) {
    for (let e = 0; e < size; e++) result[e]! += partials[s * size + e]!;
  }
  return result;
}

/** y (cols) + the column sums of x (rows, cols) -> (cols). */
export function reduceColumns(args: {
  rows: number;
  cols: number;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}): Float64Array {
  return reducePartials({ size: args.cols, splits: args.rows, partials: args.x, y: args.y });
}

/** x + y, both (size). */
export function add(args: { x: ArrayLike<number>; y: ArrayLike<number> }): Float64Array {
  return Float64Array.from(args.x, (x, e) => x + args.y[e]!);
}
