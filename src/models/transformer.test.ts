import { describe, expect, it } from 'vitest';
import { crossEntropy } from '../kernels/cross-entropy/cross-entropy';
import { crossEntropy as crossEntropyReference } from '../kernels/cross-entropy/cross-entropy.reference';
import { adamwStep } from '../kernels/adamw/adamw.reference';
import { compareNumbers } from '../selftest/bench/bounds';
import type { BenchScope } from '../selftest/bench/gpu-bench';
import { differs } from '../selftest/bench/bounds';
import { integers } from '../selftest/bench/draw';
import { useBench } from '../testing/kernels/kernel-harness';
import { launchTrainCurve } from '../testing/kernels/launch-model';
import { BatchUploader } from './batch';
import { initialParameters } from './initialise';
import { modelBackward, modelForward, modelWeightShapes } from './model.reference';
import { parameterTable } from './parameters';
import { Transformer } from './transformer';

/** Fewer key/value heads than heads, a vocabulary that is no multiple of 4, and more layers than one. */
const shape = { vocab: 23, hidden: 16, heads: 2, kvHeads: 1, headDim: 8, ffn: 20, layers: 2, eps: 1e-5, theta: 10000 };
const table = parameterTable({ ...shape, width: shape.hidden, ropeTheta: shape.theta, rmsEps: shape.eps });
const start = initialParameters(table, 4).map((x) => 2 * x);
const weights = new Map(
  table.entries.map(({ name, offset, size }) => [name, start.slice(offset, offset + size)] as const),
);

describe('the transformer', () => {
  const bench = useBench();

  it('follows the loss curve of the float64 model over ten steps', async () => {
    const [batch, seqLen, steps] = [3, 17, 10];
    const rows = batch * seqLen;
    const args = {
      batch,
      seqLen,
      tokens: integers(rows, 1, shape.vocab),
      targets: integers(rows, 2, shape.vocab),
      mask: integers(rows, 3, 2),
    };
    // At larger steps the curve is chaotic: rounding grows tenfold a step.
    const hyper = { lr: 0.005, beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay: 0.01, maxGradNorm: 1 };
    const got = await launchTrainCurve(bench(), { shape, weights, ...args, hyper, steps });

    const params = new Map([...weights].map(([name, data]) => [name, Float64Array.from(data)]));
    const names = modelWeightShapes(shape).map(([name]) => name);
    const state = names.map((name) => {
      const param = params.get(name)!;
      return { param, m: new Float64Array(param.length), v: new Float64Array(param.length), decay: true };
    });
    const losses: number[] = [];
    for (let step = 1; step <= steps; step++) {
      const { logits, tape } = modelForward(shape, params, args);
      const { loss, dLogits } = crossEntropyReference({ rows, vocab: shape.vocab, logits, ...args });
      const grads = modelBackward(tape, dLogits);
      losses.push(loss);
      adamwStep(
        { ...hyper, step },
        state,
        names.map((name) => grads.get(name)!),
      );
    }
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.5);
    const result = compareNumbers(got.loss, losses, { rtol: 1e-5, atol: 0 });
    expect(result.ok, JSON.stringify(result)).toBe(true);
  });

  /** Logits at every position, and the gradient of a cross entropy whose weights sum to 1 over all `total` tokens. */
  async function run(scope: BenchScope, sequences: readonly Uint32Array[], total: number) {
    const capacity = 160;
    const rows = sequences.reduce((sum, { length }) => sum + length, 0);
    const tokens = Uint32Array.from(sequences.flatMap((sequence) => [...sequence]));
    const params = scope.floats('parameters', start).slice;
    const grads = scope.accumulator('gradients', table.size);
    const model = new Transformer(scope.recorder, scope.owner, table, capacity, 70);
    const batch = new BatchUploader(scope.recorder.gpu.device, scope.owner, shape.vocab, capacity).upload({
      tokens,
      lengths: sequences.map(({ length }) => length),
      selected: Uint32Array.from({ length: rows }, (_, n) => n),
    });
    model.forward(params, batch);
    const ld = model.logitStride;
    const logits = await scope.readFloats({ label: 'logits', slice: model.logits, length: rows * ld });
    crossEntropy(scope.recorder, {
      logits: model.logits,
      targets: scope.words(
        'targets',
        tokens.map((token) => (token * 7 + 3) % shape.vocab),
      ).slice,
      weights: scope.floats('weights', new Float32Array(rows).fill(1 / total)).slice,
      nll: scope.output('nll', rows * 2).slice,
      rows,
      vocab: shape.vocab,
      ld,
    });
    model.backward(params, grads.slice, batch);
    const padded = Array.from({ length: rows }, (_, n) => [...logits.subarray(n * ld, n * ld + shape.vocab)]);
    return { logits: padded, grads: await scope.readFloats(grads) };
  }

  it('gives a sequence the same logits bit for bit alone and packed with others, and the sum of their gradients', async () => {
    // Around the attention's blocks, and one of a single token.
    const sequences = [1, 15, 64, 7, 33].map((length, i) => integers(length, 10 + i, shape.vocab));
    const total = sequences.reduce((sum, { length }) => sum + length, 0);
    const packed = await bench().run((scope) => run(scope, sequences, total));
    const sum = new Float64Array(table.size);
    let row = 0;
    for (const sequence of sequences) {
      const alone = await bench().run((scope) => run(scope, [sequence], total));
      alone.logits.forEach((logits, t) => expect(differs(logits, packed.logits[row + t]!)).toBe(-1));
      alone.grads.forEach((g, i) => (sum[i]! += g));
      row += sequence.length;
    }
    expect(row).toBe(packed.logits.length);
    const result = compareNumbers(packed.grads, sum, { rtol: 1e-5, atol: 1e-8 });
    expect(result.ok, JSON.stringify(result)).toBe(true);
    // A later token never reaches an earlier one.
    const [, , long] = sequences;
    const other = Uint32Array.from(long!, (token, t) => (t === 40 ? (token + 1) % shape.vocab : token));
    const changed = await bench().run((scope) => run(scope, [other], total));
    const was = packed.logits.slice(16, 16 + 64);
    const same = changed.logits.map((logits, t) => differs(logits, was[t]!) === -1);
    expect(same).toEqual(Array.from({ length: 64 }, (_, t) => t < 40));
  });

  it('refuses more tokens than it has room for', () => {
    const uploader = new BatchUploader(bench().gpu.device, bench().gpu.buffers, shape.vocab, 8);
    const tokens = new Uint32Array(9);
    expect(() => uploader.upload({ tokens, lengths: [9], selected: new Uint32Array(1) })).toThrow(
      'exceeds the capacity',
    );
  });
});
