/**
 * What refinement gains, split into its causes (Search-R2, arXiv 2602.03647, section on the theory; method.md section
 * 9). The paper drops Gbar; it is kept here. Float64 on the CPU.
 *
 *     jMeta - jBase = aPrec + vInter * (sTrim + gBar)
 */
import { assert } from '../../lib/assert';

export interface DecompositionInput {
  /** (N) probability of each draft; they sum to 1. */
  p: ArrayLike<number>;
  /** (N) reward of each draft. */
  rewards: ArrayLike<number>;
  /** (N) probability that the discriminator accepts each draft. */
  alpha: ArrayLike<number>;
  /** (N) number of steps S_i of each draft. */
  steps: ArrayLike<number>;
  /** Columns of h and V; S_i <= maxSteps. */
  maxSteps: number;
  /** (N, maxSteps) h_i(k): distribution of the cut given rejection, column k - 1 is step k; 0 for k > S_i. */
  h: ArrayLike<number>;
  /** (N, maxSteps) V_i(k): expected reward after cutting at k and regenerating. */
  values: ArrayLike<number>;
}

export interface Decomposition {
  /** Expected reward of the drafts. */
  jBase: number;
  /** (N) expected reward of each draft once it is cut and regenerated. */
  jTrim: Float64Array;
  /** Expected reward with the refiner. */
  jMeta: number;
  /** Share of drafts that are accepted. */
  zAcc: number;
  /** Share that is revised, 1 - zAcc. */
  vInter: number;
  /** Cov(alpha, R - jTrim): does the gate accept what a revision would not improve? */
  aPrec: number;
  /** sum_k Cov(h(k), G(k)): are the cuts where cutting pays? */
  sTrim: number;
  /** sum_k E[h(k)] E[G(k)]: what cutting pays on the average. */
  gBar: number;
  /** (N, maxSteps) G_i(k) = V_i(k) - R_i for k <= S_i, else 0. */
  gain: Float64Array;
}

/** All terms of the decomposition. Throws where a length is wrong or a draft has more than maxSteps steps. */
export function decompose(input: DecompositionInput): Decomposition {
  const { p, rewards, alpha, steps, maxSteps, h, values } = input;
  const drafts = p.length;
  for (const [name, list, length] of [
    ['rewards', rewards, drafts],
    ['alpha', alpha, drafts],
    ['steps', steps, drafts],
    ['h', h, drafts * maxSteps],
    ['values', values, drafts * maxSteps],
  ] as const) {
    assert(list.length === length, `decompose: ${name} has ${list.length} numbers instead of ${length}`);
  }

  const gain = new Float64Array(drafts * maxSteps);
  const jTrim = new Float64Array(drafts);
  const jMetaOf = new Float64Array(drafts);
  const worthKeeping = new Float64Array(drafts);
  for (let i = 0; i < drafts; i++) {
    assert(steps[i]! <= maxSteps, `decompose: draft ${i} has ${steps[i]} steps, more than ${maxSteps}`);
    for (let k = 0; k < steps[i]!; k++) {
      gain[i * maxSteps + k] = values[i * maxSteps + k]! - rewards[i]!;
      jTrim[i]! += h[i * maxSteps + k]! * values[i * maxSteps + k]!;
    }
    jMetaOf[i] = alpha[i]! * rewards[i]! + (1 - alpha[i]!) * jTrim[i]!;
    worthKeeping[i] = rewards[i]! - jTrim[i]!;
  }

  let sTrim = 0;
  let gBar = 0;
  for (let k = 0; k < maxSteps; k++) {
    const column = (matrix: ArrayLike<number>) =>
      Float64Array.from({ length: drafts }, (_, i) => matrix[i * maxSteps + k]!);
    const hk = column(h);
    const gk = column(gain);
    sTrim += covariance(p, hk, gk);
    gBar += expectation(p, hk) * expectation(p, gk);
  }
  const zAcc = expectation(p, alpha);
  return {
    jBase: expectation(p, rewards),
    jTrim,
    jMeta: expectation(p, jMetaOf),
    zAcc,
    vInter: 1 - zAcc,
    aPrec: covariance(p, alpha, worthKeeping),
    sTrim,
    gBar,
    gain,
  };
}

function expectation(p: ArrayLike<number>, x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += p[i]! * x[i]!;
  return sum;
}

/** Population covariance under p, around the means: E[ab] - E[a]E[b] would lose digits where rewards are large. */
function covariance(p: ArrayLike<number>, a: ArrayLike<number>, b: ArrayLike<number>): number {
  const meanA = expectation(p, a);
  const meanB = expectation(p, b);
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += p[i]! * (a[i]! - meanA) * (b[i]! - meanB);
  return sum;
}
