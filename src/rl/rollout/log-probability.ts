/** Log-probabilities among the tokens that the policy may write, as the sampler has them: (x - max) - log(sum). */
export function logProbability(logits: Float32Array, allowed: Uint32Array): (token: number) => number {
  let max = -Infinity;
  logits.forEach((x, v) => {
    if (allowed[v] === 1) max = Math.max(max, x);
  });
  let sum = 0;
  logits.forEach((x, v) => {
    if (allowed[v] === 1) sum += Math.exp(x - max);
  });
  return (token) => (logits[token] ?? 0) - max - Math.log(sum);
}
