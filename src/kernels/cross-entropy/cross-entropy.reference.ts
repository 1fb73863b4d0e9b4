/**
 * Float64 reference of the masked mean cross entropy. No shift: logits[n] predicts targets[n].
 *
 * Plain loops that share no code with the kernels; tests and `verify` only.
 */

export interface CrossEntropyShape {
  /** B * T. */
  rows: number;
  vocab: number;
}

/**
 * With M = sum of mask: loss = sum(mask * nll) / M, dLogits = mask * (softmax - onehot) / M, both 0 where M = 0.
 * logits (rows, V), targets and mask (rows) -> nll (rows), at every position; loss (scalar); dLogits (rows, V).
 * The mask may hold weights other than 0 and 1 (the warm start weighs review tokens).
 */
export function crossEntropy(
  args: CrossEntropyShape & { logits: ArrayLike<number>; targets: ArrayLike<number>; mask: ArrayLike<number> },
): { nll: Float64Array; loss: number; dLogits: Float64Array } {
  const { rows, vocab, logits, targets, mask } = args;
  const nll = new Float64Array(rows);
  const dLogits = new Float64Array(rows * vocab);
  let total = 0;
  for (let n = 0; n < rows; n++) total += mask[n]!;
  let loss = 0;
  for (let n = 0; n < rows; n++) {
    let max = -Infinity;
    for (let v = 0; v < vocab; v++) max = Math.max(max, logits[n * vocab + v]!);
    let sum = 0;
    for (let v = 0; v < vocab; v++) sum += Math.exp(logits[n * vocab + v]! - max);
    // (x - max) first: a target far below the maximum keeps its digits.
    nll[n] = Math.log(sum) - (logits[n * vocab + targets[n]!]! - max);
    if (mask[n] === 0) continue;
    const weight = mask[n]! / total;
    loss += weight * nll[n]!;
    for (let v = 0; v < vocab; v++) {
      const p = Math.exp(logits[n * vocab + v]! - max) / sum;
      dLogits[n * vocab + v] = weight * (p - (v === targets[n] ? 1 : 0));
    }
  }
  return { nll, loss, dLogits };
}
