/**
 * Float64 reference of sampling with temperature, top-k and top-p over the allowed tokens.
 *
 * Plain loops that share no code with the kernels; tests and `verify` only.
 */

export interface SamplingShape {
  /** Rows. */
  batch: number;
  vocab: number;
  /** 0 takes the largest logit, lowest id on ties. */
  temperature: number;
  /** 0 is off. */
  topK: number;
  /** 1 is off. */
  topP: number;
}

/** Logarithm of the softmax over the listed ids; -Infinity elsewhere. */
function logSoftmaxOver(ids: readonly number[], scaled: (id: number) => number, vocab: number): Float64Array {
  const logProbs = new Float64Array(vocab).fill(-Infinity);
  const max = ids.reduce((a, id) => Math.max(a, scaled(id)), -Infinity);
  const logSum = Math.log(ids.reduce((a, id) => a + Math.exp(scaled(id) - max), 0));
  for (const id of ids) logProbs[id] = scaled(id) - max - logSum;
  return logProbs;
}

function distribution(kept: readonly number[], scaled: (id: number) => number, vocab: number) {
  const logProbs = logSoftmaxOver(kept, scaled, vocab);
  return { kept, logProbs, probs: logProbs.map(Math.exp) };
}

/** The distribution of one row: logits (V), allowed (V, 0 or 1) -> probs (V) and the ids that survived every filter. */
function filterRow(
  shape: SamplingShape,
  logits: ArrayLike<number>,
  allowed: ArrayLike<number>,
): { probs: Float64Array; logProbs: Float64Array; kept: readonly number[] } {
  const { vocab, temperature, topK, topP } = shape;
  const ids = Array.from({ length: vocab }, (_, v) => v).filter((v) => allowed[v] !== 0);
  // Descending logit; lower ids first on ties.
  const ranked = [...ids].sort((a, b) => logits[b]! - logits[a]! || a - b);
  if (temperature === 0) {
    const kept = ranked.slice(0, 1);
    return distribution(kept, () => 0, vocab);
  }
  const scaled = (id: number) => logits[id]! / temperature;
  let kept = topK > 0 ? ranked.slice(0, topK) : ranked;
  if (topP < 1) {
    const { probs } = distribution(kept, scaled, vocab);
    let cumulative = 0;
    let size = 0;
    while (size < kept.length && (size === 0 || cumulative < topP)) cumulative += probs[kept[size++]!]!;
    kept = kept.slice(0, size);
  }
  return distribution(kept, scaled, vocab);
}

/** The first id whose cumulative probability exceeds u; the last possible one where rounding leaves the total below. */
function pick(probs: Float64Array, u: number): number {
  let cumulative = 0;
  let last = 0;
  for (let v = 0; v < probs.length; v++) {
    if (probs[v]! <= 0) continue;
    last = v;
    cumulative += probs[v]!;
    if (cumulative > u) return v;
  }
  return last;
}

/**
 * logits and allowed (B, V), uniforms (B, U) -> probs (B, V), kept (B, V; 1 = survived every filter), chosen (B, U), and
 * logProbs (B, U) of what was chosen and entropies (B, U), both under the allowed tokens at temperature 1: the
 * distribution of the loss.
 * Every row has at least one allowed token.
 */
export function sample(
  args: SamplingShape & {
    draws: number;
    logits: ArrayLike<number>;
    allowed: ArrayLike<number>;
    uniforms: ArrayLike<number>;
  },
): {
  probs: Float64Array;
  kept: Uint32Array;
  chosen: Int32Array;
  logProbs: Float64Array;
  entropies: Float64Array;
} {
  const { batch, vocab, draws } = args;
  const probs = new Float64Array(batch * vocab);
  const kept = new Uint32Array(batch * vocab);
  const chosen = new Int32Array(batch * draws);
  const logProbs = new Float64Array(batch * draws);
  const entropies = new Float64Array(batch * draws);
  const row = (values: ArrayLike<number>, b: number) => Array.from({ length: vocab }, (_, v) => values[b * vocab + v]!);
  for (let b = 0; b < batch; b++) {
    const result = filterRow(args, row(args.logits, b), row(args.allowed, b));
    probs.set(result.probs, b * vocab);
    for (const id of result.kept) kept[b * vocab + id] = 1;
    const plain = { ...args, temperature: 1, topK: 0, topP: 1 };
    const policy = filterRow(plain, row(args.logits, b), row(args.allowed, b)).logProbs;
    const entropy = policy.reduce((sum, lp) => sum - (lp === -Infinity ? 0 : Math.exp(lp) * lp), 0);
    for (let n = b * draws; n < (b + 1) * draws; n++) {
      chosen[n] = pick(result.probs, args.uniforms[n]!);
      logProbs[n] = policy[chosen[n]!]!;
      entropies[n] = entropy;
    }
  }
  return { probs, kept, chosen, logProbs, entropies };
}
