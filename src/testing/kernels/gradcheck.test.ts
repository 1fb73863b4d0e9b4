/** Every backward reference by central differences, and the check itself: wrong and zero backwards must fail. */
import { describe, expect, it } from 'vitest';
import * as attention from '../../kernels/attention/attention.reference';
import { crossEntropy } from '../../kernels/cross-entropy/cross-entropy.reference';
import * as embedding from '../../kernels/embedding/embedding.reference';
import { grpoLoss, type Aggregation } from '../../kernels/grpo/grpo.reference';
import * as linear from '../../kernels/linear/linear.reference';
import * as rmsnorm from '../../kernels/rmsnorm/rmsnorm.reference';
import * as rope from '../../kernels/rope/rope.reference';
import * as swiglu from '../../kernels/swiglu/swiglu.reference';
import { modelBackward, modelForward, modelWeightShapes } from '../../models/model.reference';
import { gradcheck, type GradcheckCase, type Tensors } from './gradcheck';
import { randomNormal } from '../../selftest/bench/draw';

/** A tensor that must be there. */
function tensor(tensors: Tensors, name: string): Float64Array {
  const found = tensors[name];
  if (!found) throw new Error(`no tensor ${name}`);
  return found;
}

function softmax(x: Float64Array): Float64Array {
  const sum = x.reduce((a, v) => a + Math.exp(v), 0);
  return x.map((v) => Math.exp(v) / sum);
}

const softmaxCase: GradcheckCase = {
  inputs: { x: randomNormal(5, 1) },
  forward: (i) => ({ y: softmax(tensor(i, 'x')) }),
  backward: (i, d) => {
    const [p, dy] = [softmax(tensor(i, 'x')), tensor(d, 'y')];
    const dot = p.reduce((a, v, j) => a + v * dy[j]!, 0);
    return { x: p.map((v, j) => v * (dy[j]! - dot)) };
  },
};

const allOk = (check: GradcheckCase) => gradcheck(check).every((row) => row.ok);

describe('the gradient check itself', () => {
  it('passes a right backward', () => {
    expect(allOk(softmaxCase)).toBe(true);
  });

  it.each([
    ['zero', () => ({ x: new Float64Array(5) })],
    ['missing', () => ({})],
    [
      'that forgets the normalisation',
      (i: Tensors, d: Tensors) => {
        const [p, dy] = [softmax(tensor(i, 'x')), tensor(d, 'y')];
        return { x: p.map((v, j) => v * (1 - v) * dy[j]!) };
      },
    ],
    [
      'off by 1e-6',
      (i: Tensors, d: Tensors) => {
        const { x } = softmaxCase.backward(i, d);
        return { x: x!.map((v, j) => (j === 3 ? v + 1e-6 : v)) };
      },
    ],
    ['of NaN', () => ({ x: new Float64Array(5).fill(NaN) })],
  ] satisfies [string, GradcheckCase['backward']][])('fails a backward %s', (_, backward) => {
    expect(allOk({ ...softmaxCase, backward })).toBe(false);
  });
});

const linearShape = { rows: 3, inFeatures: 4, outFeatures: 5 };
const normShape = { rows: 3, cols: 5, eps: 1e-5 };
const ropeShape = { batch: 2, heads: 2, seqLen: 3, headDim: 4, offset: 5, theta: 10000 };
const gqaShape = { batch: 2, heads: 4, kvHeads: 2, queries: 3, keys: 3, headDim: 2, queryOffset: 0 };
const decodeShape = { ...gqaShape, queries: 2, keys: 5, queryOffset: 3 };
const tokens = Int32Array.of(2, 0, 2, 3);
const mask = Uint32Array.of(1, 0, 1, 1);

function attentionCase(shape: attention.AttentionShape): GradcheckCase {
  const { batch, heads, kvHeads, queries, keys, headDim } = shape;
  return {
    inputs: {
      q: randomNormal(batch * heads * queries * headDim, 1),
      k: randomNormal(batch * kvHeads * keys * headDim, 2),
      v: randomNormal(batch * kvHeads * keys * headDim, 3),
    },
    forward: (i) => {
      const [q, k, v] = [tensor(i, 'q'), tensor(i, 'k'), tensor(i, 'v')];
      return { out: attention.attentionForward({ ...shape, q, k, v }).out };
    },
    backward: (i, d) => {
      const [q, k, v] = [tensor(i, 'q'), tensor(i, 'k'), tensor(i, 'v')];
      const { dq, dk, dv } = attention.attentionBackward({ ...shape, q, k, v, dout: tensor(d, 'out') });
      return { q: dq, k: dk, v: dv };
    },
  };
}

type GrpoExtras = Pick<Parameters<typeof grpoLoss>[0], 'entropyBonus' | 'allowed'>;

function grpoCase(aggregation: Aggregation, extras: GrpoExtras = {}): GradcheckCase {
  const shape = { batch: 2, seqLen: 2, vocab: 4, clipLow: 0.2, clipHigh: 0.28, klBeta: 0.04, aggregation, ...extras };
  const logits = randomNormal(16, 5);
  const rest = {
    targets: tokens,
    // Ratios on both sides of the clip range and inside it, none near an edge.
    oldLogProbs: grpoLogProbs(logits).map((lp, n) => lp + [0.4, 0, -0.05, -0.5][n]!),
    refLogProbs: grpoLogProbs(logits).map((lp, n) => lp + 0.3 * (n - 1)),
    advantages: Float64Array.of(-0.7, 1.1),
    policyMask: mask,
  };
  return {
    inputs: { logits },
    forward: (i) => ({ loss: Float64Array.of(grpoLoss({ ...shape, ...rest, logits: tensor(i, 'logits') }).loss) }),
    backward: (i, d) => {
      const { dLogits } = grpoLoss({ ...shape, ...rest, logits: tensor(i, 'logits') });
      return { logits: dLogits.map((g) => g * tensor(d, 'loss')[0]!) };
    },
  };
}

function grpoLogProbs(logits: Float64Array): Float64Array {
  return crossEntropy({ rows: 4, vocab: 4, logits, targets: tokens, mask }).nll.map((nll) => -nll);
}

const modelShape = {
  vocab: 5,
  hidden: 4,
  heads: 2,
  kvHeads: 1,
  headDim: 2,
  ffn: 3,
  layers: 2,
  eps: 1e-5,
  theta: 10000,
};
const modelInput = { batch: 1, seqLen: 3, tokens: Int32Array.of(1, 4, 1) };

const CASES: { readonly [name: string]: GradcheckCase } = {
  embedding: {
    inputs: { table: randomNormal(4 * 3, 1) },
    forward: (i) => ({
      y: embedding.embeddingForward({ rows: 4, vocab: 4, hidden: 3, tokens, table: tensor(i, 'table') }),
    }),
    backward: (_, d) => ({
      table: embedding.embeddingBackward({ rows: 4, vocab: 4, hidden: 3, tokens, dY: tensor(d, 'y') }),
    }),
  },
  linear: {
    inputs: { x: randomNormal(12, 1), w: randomNormal(20, 2) },
    forward: (i) => ({ y: linear.linearForward({ ...linearShape, x: tensor(i, 'x'), w: tensor(i, 'w') }) }),
    backward: (i, d) => {
      const { dX, dW } = linear.linearBackward({
        ...linearShape,
        x: tensor(i, 'x'),
        w: tensor(i, 'w'),
        dY: tensor(d, 'y'),
      });
      return { x: dX, w: dW };
    },
  },
  rmsnorm: {
    inputs: { x: randomNormal(15, 1), w: randomNormal(5, 2) },
    forward: (i) => ({ y: rmsnorm.rmsnormForward({ ...normShape, x: tensor(i, 'x'), w: tensor(i, 'w') }).y }),
    backward: (i, d) => {
      const { dx, dw } = rmsnorm.rmsnormBackward({
        ...normShape,
        x: tensor(i, 'x'),
        w: tensor(i, 'w'),
        dy: tensor(d, 'y'),
      });
      return { x: dx, w: dw };
    },
  },
  rope: {
    inputs: { x: randomNormal(48, 1) },
    forward: (i) => ({ y: rope.ropeForward({ ...ropeShape, x: tensor(i, 'x') }) }),
    backward: (_, d) => ({ x: rope.ropeBackward({ ...ropeShape, dy: tensor(d, 'y') }) }),
  },
  'attention with shared heads': attentionCase(gqaShape),
  'attention behind a cache': attentionCase(decodeShape),
  swiglu: {
    inputs: { g: randomNormal(7, 1), u: randomNormal(7, 2) },
    forward: (i) => ({ y: swiglu.swigluForward({ g: tensor(i, 'g'), u: tensor(i, 'u') }) }),
    backward: (i, d) => {
      const { dg, du } = swiglu.swigluBackward({ g: tensor(i, 'g'), u: tensor(i, 'u'), dy: tensor(d, 'y') });
      return { g: dg, u: du };
    },
  },
  'cross entropy': {
    inputs: { logits: randomNormal(16, 1) },
    forward: (i) => ({
      loss: Float64Array.of(
        crossEntropy({ rows: 4, vocab: 4, logits: tensor(i, 'logits'), targets: tokens, mask }).loss,
      ),
    }),
    backward: (i, d) => {
      const { dLogits } = crossEntropy({ rows: 4, vocab: 4, logits: tensor(i, 'logits'), targets: tokens, mask });
      return { logits: dLogits.map((g) => g * tensor(d, 'loss')[0]!) };
    },
  },
  'grpo, mean of sequences': grpoCase('sequenceMean'),
  'grpo, mean of tokens': grpoCase('tokenMean'),
  'grpo, fixed length': grpoCase('fixedLength'),
  'grpo with an entropy bonus over allowed tokens': grpoCase('tokenMean', {
    entropyBonus: 0.1,
    allowed: [1, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 1],
  }),
  model: {
    inputs: Object.fromEntries(
      modelWeightShapes(modelShape).map(([name, dims], i) => [
        name,
        randomNormal(
          dims.reduce((a, n) => a * n, 1),
          i,
        ),
      ]),
    ),
    forward: (i) => ({ logits: modelForward(modelShape, new Map(Object.entries(i)), modelInput).logits }),
    backward: (i, d) => {
      const { tape } = modelForward(modelShape, new Map(Object.entries(i)), modelInput);
      return Object.fromEntries(modelBackward(tape, tensor(d, 'logits')));
    },
  },
};

describe('references by central differences with a random cotangent', () => {
  it.each(Object.keys(CASES))('%s', (name) => {
    const failed = gradcheck(CASES[name]!).filter((row) => !row.ok);
    expect(failed).toEqual([]);
  });
});
