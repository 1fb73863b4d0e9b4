/**
 * Float64 reference of rotary positions, rotate-half form: coordinate j pairs with j + D/2,
 * angle(t, j) = (offset + t) * theta^(-2j/D).
 *
 * Plain loops that share no code with the kernels; tests and `verify` only.
 */

export interface RopeShape {
  batch: number;
  heads: number;
  seqLen: number;
  /** Even. */
  headDim: number;
  /** Position of the first row. */
  offset: number;
  theta: number;
}

function rotate(shape: RopeShape, x: ArrayLike<number>, direction: 1 | -1): Float64Array {
  const { batch, heads, seqLen, headDim, offset, theta } = shape;
  const half = headDim / 2;
  const y = new Float64Array(batch * heads * seqLen * headDim);
  for (let bh = 0; bh < batch * heads; bh++) {
    for (let t = 0; t < seqLen; t++) {
      const row = (bh * seqLen + t) * headDim;
      for (let j = 0; j < half; j++) {
        const angle = direction * (offset + t) * theta ** ((-2 * j) / headDim);
        const a = x[row + j]!;
        const b = x[row + j + half]!;
        y[row + j] = a * Math.cos(angle) - b * Math.sin(angle);
        y[row + j + half] = b * Math.cos(angle) + a * Math.sin(angle);
      }
    }
  }
  return y;
}

/** x (B, H, T, D) -> y (B, H, T, D). */
export function ropeForward(args: RopeShape & { x: ArrayLike<number> }): Float64Array {
  return rotate(args, args.x, 1);
}

/** dy (B, H, T, D) -> dx (B, H, T, D): a rotation is orthogonal, so its transpose is the rotation back. */
export function ropeBackward(args: RopeShape & { dy: ArrayLike<number> }): Float64Array {
  return rotate(args, args.dy, -1);
}

/**
 * Decoding: the new token of active row n stands at position lengths[n] - 1 of cache row rows[n]. Its queries are
 * rotated; its rotated keys and its values go into the cache (B, T, 2 * KV * D) = [keys | values]; the rest of the cache
 * stays. qkv (n, (H + 2 KV) D) -> q (n, H * D) and the whole cache.
 */
export function ropeCache(args: {
  heads: number;
  kvHeads: number;
  headDim: number;
  positions: number;
  theta: number;
  rows: ArrayLike<number>;
  lengths: ArrayLike<number>;
  qkv: ArrayLike<number>;
  cache: ArrayLike<number>;
}): { q: Float64Array; cache: Float64Array } {
  const { heads, kvHeads, headDim, positions, theta, rows, lengths, qkv } = args;
  const cache = Float64Array.from(args.cache);
  const q = new Float64Array(rows.length * heads * headDim);
  const total = heads + 2 * kvHeads;
  for (let n = 0; n < rows.length; n++) {
    const offset = lengths[n]! - 1;
    for (let h = 0; h < total; h++) {
      const x = Float64Array.from({ length: headDim }, (_, d) => qkv[(n * total + h) * headDim + d]!);
      const turned = rotate({ batch: 1, heads: 1, seqLen: 1, headDim, offset, theta }, x, 1);
      const slot = (rows[n]! * positions + offset) * 2 * kvHeads;
      if (h < heads) q.set(turned, (n * heads + h) * headDim);
      else cache.set(h < heads + kvHeads ? turned : x, (slot + h - heads) * headDim);
    }
  }
  return { q, cache };
}
