/**
 * Float64 reference of the GRPO loss: clipped surrogate, k3 KL to a reference policy, three ways to aggregate
 * (DeepSeekMath, arXiv 2402.03300, eq. 3-4; fixedLength: Dr. GRPO, arXiv 2503.20783).
 * No shift: logits[b, t] predicts targets[b, t].
 *
 * Plain loops that share no code with the kernels; tests and `verify` only.
 */

export type Aggregation = 'sequenceMean' | 'tokenMean' | 'fixedLength';

export interface GrpoShape {
  batch: number;
  seqLen: number;
  vocab: number;
  clipLow: number;
  clipHigh: number;
  klBeta: number;
  aggregation: Aggregation;
  /** Weight of the entropy in the loss, which it lowers; 0 where absent. */
  entropyBonus?: number;
  /** The first epoch: the old policy is the new one with its gradient stopped, and oldLogProbs is not read. */
  oldFromNew?: boolean;
}

export interface GrpoInputs {
  /** (B, T, V) */
  logits: ArrayLike<number>;
  /** (B, T) */
  targets: ArrayLike<number>;
  /** (B, T) */
  oldLogProbs: ArrayLike<number>;
  /** (B, T) */
  refLogProbs: ArrayLike<number>;
  /** (B) */
  advantages: ArrayLike<number>;
  /** (B, T), 0 or 1 */
  policyMask: ArrayLike<number>;
  /** (B, T, V), 0 or 1: what the policy may write there, the target included; absent = everything. */
  allowed?: ArrayLike<number>;
}

export interface GrpoOutputs {
  loss: number;
  policyLoss: number;
  /** Means over the masked tokens, 0 where there are none. */
  kl: number;
  approxKl: number;
  clipFraction: number;
  entropy: number;
  /** (B, T), at every position, masked or not. */
  logProbs: Float64Array;
  /** (B, T, V) */
  dLogits: Float64Array;
}

/** c(b): the weight of one masked token of row b in the aggregate. */
function tokenWeights(args: GrpoShape & Pick<GrpoInputs, 'policyMask'>): (b: number) => number {
  const { batch, seqLen, policyMask, aggregation } = args;
  const counts = new Float64Array(batch);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < seqLen; t++) counts[b]! += policyMask[b * seqLen + t]!;
  }
  const total = counts.reduce((a, n) => a + n, 0);
  switch (aggregation) {
    case 'sequenceMean':
      return (b) => (counts[b] === 0 ? 0 : 1 / (batch * counts[b]!));
    case 'tokenMean':
      return () => (total === 0 ? 0 : 1 / total);
    case 'fixedLength':
      return () => 1 / (batch * seqLen);
  }
}

/** Loss, metrics and the gradient by the logits. Positions outside the mask contribute exactly nothing. */
export function grpoLoss(args: GrpoShape & GrpoInputs): GrpoOutputs {
  const { batch, seqLen, vocab, clipLow, clipHigh, klBeta, entropyBonus = 0, oldFromNew = false } = args;
  const { targets, oldLogProbs, refLogProbs, advantages, policyMask } = args;
  const weightOf = tokenWeights(args);
  const logProbs = new Float64Array(batch * seqLen);
  const dLogits = new Float64Array(batch * seqLen * vocab);
  const sums = { loss: 0, policyLoss: 0, kl: 0, approxKl: 0, clipped: 0, entropy: 0, tokens: 0 };
  for (let n = 0; n < batch * seqLen; n++) {
    const b = Math.floor(n / seqLen);
    const target = targets[n]!;
    const logSoftmax = logSoftmaxRow(args, n);
    const current = logSoftmax[target]!;
    logProbs[n] = current;
    if (policyMask[n] === 0) continue;

    const advantage = advantages[b]!;
    const old = oldFromNew ? current : oldLogProbs[n]!;
    const ratio = Math.exp(current - old);
    const plain = ratio * advantage;
    const clipped = Math.min(Math.max(ratio, 1 - clipLow), 1 + clipHigh) * advantage;
    const policy = -Math.min(plain, clipped);
    const gap = refLogProbs[n]! - current;
    const k3 = Math.exp(gap) - gap - 1;
    const weight = weightOf(b);
    const entropy = logSoftmax.reduce((a, lp) => a - (lp === -Infinity ? 0 : Math.exp(lp) * lp), 0);
    sums.loss += weight * (policy + klBeta * k3 - entropyBonus * entropy);
    sums.policyLoss += weight * policy;
    sums.kl += k3;
    sums.approxKl += old - current;
    sums.clipped += clipped < plain ? 1 : 0;
    sums.entropy += entropy;
    sums.tokens += 1;

    const dPolicy = plain <= clipped ? -advantage * ratio : 0;
    const dCurrent = weight * (dPolicy + klBeta * (1 - Math.exp(gap)));
    logSoftmax.forEach((lp, v) => {
      if (lp === -Infinity) return;
      // d entropy / d logit_v = -p_v (log p_v + entropy)
      const dEntropy = -Math.exp(lp) * (lp + entropy);
      const dTarget = (v === target ? 1 : 0) - Math.exp(lp);
      dLogits[n * vocab + v] = dCurrent * dTarget - weight * entropyBonus * dEntropy;
    });
  }
  const perToken = sums.tokens === 0 ? 0 : 1 / sums.tokens;
  return {
    loss: sums.loss,
    policyLoss: sums.policyLoss,
    kl: sums.kl * perToken,
    approxKl: sums.approxKl * perToken,
    clipFraction: sums.clipped * perToken,
    entropy: sums.entropy * perToken,
    logProbs,
    dLogits,
  };
}

/** log softmax over the allowed tokens of row n; -Infinity elsewhere. */
function logSoftmaxRow({ vocab, logits, allowed }: GrpoShape & GrpoInputs, n: number): Float64Array {
  const legal = (v: number) => !allowed || allowed[n * vocab + v] !== 0;
  const row = Float64Array.from({ length: vocab }, (_, v) => (legal(v) ? logits[n * vocab + v]! : -Infinity));
  const max = row.reduce((a, x) => Math.max(a, x), -Infinity);
  const logSum = Math.log(row.reduce((a, x) => a + Math.exp(x - max), 0));
  return row.map((x) => x - max - logSum);
}
