/**
 * Float64 reference of causal attention with grouped key/value heads: query head h reads key/value head
 * floor(h * KV / H); query i stands at position queryOffset + i and sees keys j <= queryOffset + i.
 *
 * Plain loops that share no code with the kernels; tests and `verify` only.
 */

export interface AttentionShape {
  batch: number;
  heads: number;
  kvHeads: number;
  /** Tq. */
  queries: number;
  /** Tk. */
  keys: number;
  headDim: number;
  /** Absolute position of query 0 (Tk - Tq when decoding with a cache). */
  queryOffset: number;
}

interface AttentionInputs {
  q: ArrayLike<number>;
  k: ArrayLike<number>;
  v: ArrayLike<number>;
}

/** Scores q_i . k_j / sqrt(D) of one query over the keys it may see. */
function visibleScores(args: AttentionShape & AttentionInputs, b: number, h: number, i: number): Float64Array {
  const { heads, kvHeads, queries, keys, headDim, queryOffset, q, k } = args;
  const visible = Math.min(keys, queryOffset + i + 1);
  const qRow = ((b * heads + h) * queries + i) * headDim;
  const kHead = (b * kvHeads + Math.floor((h * kvHeads) / heads)) * keys * headDim;
  const scores = new Float64Array(visible);
  for (let j = 0; j < visible; j++) {
    let dot = 0;
    for (let d = 0; d < headDim; d++) dot += q[qRow + d]! * k[kHead + j * headDim + d]!;
    scores[j] = dot / Math.sqrt(headDim);
  }
  return scores;
}

/** q (B, H, Tq, D), k and v (B, KV, Tk, D) -> out (B, H, Tq, D), logsumexp (B, H, Tq). */
export function attentionForward(args: AttentionShape & AttentionInputs): {
  out: Float64Array;
  logsumexp: Float64Array;
} {
  const { batch, heads, kvHeads, queries, keys, headDim, v } = args;
  const out = new Float64Array(batch * heads * queries * headDim);
  const logsumexp = new Float64Array(batch * heads * queries);
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const vHead = (b * kvHeads + Math.floor((h * kvHeads) / heads)) * keys * headDim;
      for (let i = 0; i < queries; i++) {
        const row = (b * heads + h) * queries + i;
        const scores = visibleScores(args, b, h, i);
        const max = scores.reduce((a, s) => Math.max(a, s), -Infinity);
        const sum = scores.reduce((a, s) => a + Math.exp(s - max), 0);
        logsumexp[row] = max + Math.log(sum);
        scores.forEach((s, j) => {
          const weight = Math.exp(s - max) / sum;
          for (let d = 0; d < headDim; d++) out[row * headDim + d]! += weight * v[vHead + j * headDim + d]!;
        });
      }
    }
  }
  return { out, logsumexp };
}

/** Softmax weights of query i of the first sequence over the keys it sees: (H, visible). */
export function attentionWeights(args: AttentionShape & AttentionInputs, i: number): Float64Array {
  const rows = Array.from({ length: args.heads }, (_, h) => {
    const scores = visibleScores(args, 0, h, i);
    const max = scores.reduce((a, s) => Math.max(a, s), -Infinity);
    const sum = scores.reduce((a, s) => a + Math.exp(s - max), 0);
    return [...scores].map((s) => Math.exp(s - max) / sum);
  });
  return Float64Array.from(rows.flat());
}

/**
 * dP_ij = dout_i . v_j, dS_ij = P_ij (dP_ij - dout_i . out_i); dk and dv sum over the query heads that share a
 * key/value head. dout (B, H, Tq, D) -> dq like q, dk like k, dv like v.
 */
export function attentionBackward(args: AttentionShape & AttentionInputs & { dout: ArrayLike<number> }): {
  dq: Float64Array;
  dk: Float64Array;
  dv: Float64Array;
} {
  const { batch, heads, kvHeads, queries, keys, headDim, q, k, v, dout } = args;
  const { out } = attentionForward(args);
  const dq = new Float64Array(batch * heads * queries * headDim);
  const dk = new Float64Array(batch * kvHeads * keys * headDim);
  const dv = new Float64Array(batch * kvHeads * keys * headDim);
  const scale = 1 / Math.sqrt(headDim);
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const kvHead = (b * kvHeads + Math.floor((h * kvHeads) / heads)) * keys * headDim;
      for (let i = 0; i < queries; i++) {
        const row = ((b * heads + h) * queries + i) * headDim;
        const scores = visibleScores(args, b, h, i);
        const max = scores.reduce((a, s) => Math.max(a, s), -Infinity);
        const sum = scores.reduce((a, s) => a + Math.exp(s - max), 0);
        let dDotOut = 0;
        for (let d = 0; d < headDim; d++) dDotOut += dout[row + d]! * out[row + d]!;
        scores.forEach((s, j) => {
          const key = kvHead + j * headDim;
          const weight = Math.exp(s - max) / sum;
          let dWeight = 0;
          for (let d = 0; d < headDim; d++) dWeight += dout[row + d]! * v[key + d]!;
          const dScore = weight * (dWeight - dDotOut);
          for (let d = 0; d < headDim; d++) {
            dq[row + d]! += dScore * k[key + d]! * scale;
            dk[key + d]! += dScore * q[row + d]! * scale;
            dv[key + d]! += weight * dout[row + d]!;
          }
        });
      }
    }
  }
  return { dq, dk, dv };
}
