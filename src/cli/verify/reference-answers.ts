/**
 * The reference side of `verify`: golden case -> outputs in float64, one entry per fixture file. Every reader checks
 * shape, dtype and range, so a malformed fixture is a clear message and never a wrong comparison.
 */
import * as adamw from '../../kernels/adamw/adamw.reference';
import * as attention from '../../kernels/attention/attention.reference';
import * as crossEntropy from '../../kernels/cross-entropy/cross-entropy.reference';
import * as embedding from '../../kernels/embedding/embedding.reference';
import * as grpo from '../../kernels/grpo/grpo.reference';
import * as linear from '../../kernels/linear/linear.reference';
import * as philox from '../../kernels/philox/philox.reference';
import * as rmsnorm from '../../kernels/rmsnorm/rmsnorm.reference';
import * as rope from '../../kernels/rope/rope.reference';
import * as sampling from '../../kernels/sampling/sampling.reference';
import * as swiglu from '../../kernels/swiglu/swiglu.reference';
import { modelBackward, modelForward, modelWeightShapes } from '../../models/model.reference';
import { groupAdvantages } from '../../rl/learning/advantage';
import { decompose } from '../../rl/measuring/theory';
import type { GoldenCase } from '../../testing/kernels/golden';
import * as read from './read-case';

/** Outputs by the name they have in the fixture; a scalar is one number. */
export type Outputs = { readonly [name: string]: ArrayLike<number> };

export const REFERENCES: { readonly [file: string]: (golden: GoldenCase) => Outputs } = {
  embedding(golden) {
    const args = read.embeddingCase(golden);
    return { y: embedding.embeddingForward(args), dE: embedding.embeddingBackward(args) };
  },

  linear(golden) {
    const args = read.linearCase(golden);
    return { y: linear.linearForward(args), ...linear.linearBackward(args) };
  },

  rmsnorm(golden) {
    const args = read.rmsnormCase(golden);
    return { ...rmsnorm.rmsnormForward(args), ...rmsnorm.rmsnormBackward(args) };
  },

  rope(golden) {
    const args = read.ropeCase(golden);
    return { y: rope.ropeForward(args), dx: rope.ropeBackward(args) };
  },

  attention(golden) {
    const { dout, ...args } = read.attentionCase(golden);
    const forward = attention.attentionForward(args);
    return dout ? { ...forward, ...attention.attentionBackward({ ...args, dout }) } : { ...forward };
  },

  swiglu(golden) {
    const args = read.swigluCase(golden);
    return { y: swiglu.swigluForward(args), ...swiglu.swigluBackward(args) };
  },

  cross_entropy(golden) {
    const { nll, loss, dLogits } = crossEntropy.crossEntropy(read.crossEntropyCase(golden));
    return { nll, loss: [loss], dLogits };
  },

  grpo(golden) {
    const { logProbs, dLogits, ...scalars } = grpo.grpoLoss(read.grpoCase(golden));
    return { logProbs, dLogits, ...asTensors(scalars) };
  },

  adamw(golden) {
    const { steps, lr, tensors, grads, ...settings } = read.adamwCase(golden);
    const state = tensors.map(({ name, values, decay }) => ({
      name,
      param: Float64Array.from(values),
      m: new Float64Array(values.length),
      v: new Float64Array(values.length),
      decay,
    }));
    const outputs: Record<string, number[]> = { gradNorm: [] };
    for (let step = 0; step < steps; step++) {
      const norm = adamw.adamwStep({ ...settings, lr: lr[step]!, step: step + 1 }, state, grads[step]!);
      outputs['gradNorm']!.push(norm);
      for (const tensor of state) {
        for (const kind of ['param', 'm', 'v'] as const) {
          (outputs[`${kind}.${tensor.name}`] ??= []).push(...tensor[kind]);
        }
      }
    }
    return outputs;
  },

  model(golden) {
    const { shape, weights, batch, seqLen, tokens, targets, mask } = read.modelCase(golden);
    const { logits, tape } = modelForward(shape, toFloat64(weights), { batch, seqLen, tokens });
    const { loss, dLogits } = crossEntropy.crossEntropy({
      rows: batch * seqLen,
      vocab: shape.vocab,
      logits,
      targets,
      mask,
    });
    const outputs: Record<string, ArrayLike<number>> = { logits, loss: [loss] };
    for (const [name, grad] of modelBackward(tape, dLogits)) outputs[`grad.${name}`] = grad;
    return outputs;
  },

  train_curve(golden) {
    const { shape, weights, batch, seqLen, tokens, targets, mask } = read.modelCase(golden);
    const { steps, ...settings } = read.trainCurveSettings(golden);
    const params = toFloat64(weights);
    const names = modelWeightShapes(shape).map(([name]) => name);
    const state = names.map((name) => {
      const param = params.get(name)!;
      return { param, m: new Float64Array(param.length), v: new Float64Array(param.length), decay: true };
    });
    const evaluate = () => {
      const { logits, tape } = modelForward(shape, params, { batch, seqLen, tokens });
      const rows = batch * seqLen;
      return { tape, ...crossEntropy.crossEntropy({ rows, vocab: shape.vocab, logits, targets, mask }) };
    };
    const losses: number[] = [];
    const gradNorms: number[] = [];
    for (let step = 1; step <= steps; step++) {
      const { tape, loss, dLogits } = evaluate();
      const grads = modelBackward(tape, dLogits);
      losses.push(loss);
      gradNorms.push(
        adamw.adamwStep(
          { ...settings, step },
          state,
          names.map((name) => grads.get(name)!),
        ),
      );
    }
    const outputs: Record<string, ArrayLike<number>> = {
      loss: losses,
      gradNorm: gradNorms,
      finalLoss: [evaluate().loss],
    };
    for (const [name, values] of params) outputs[`final.${name}`] = values;
    return outputs;
  },

  group_advantage(golden) {
    const { rewards, groupSize, mode, eps } = read.groupAdvantageCase(golden);
    return { advantages: groupAdvantages({ rewards, groupSize, mode, eps }).advantages };
  },

  decomposition(golden) {
    const { jTrim, gain, ...scalars } = decompose(read.decompositionCase(golden));
    const { jBase: J_base, jMeta: J_meta, zAcc: Z_acc, vInter: V_inter, aPrec: A_prec, sTrim, gBar } = scalars;
    return {
      J_trim: jTrim,
      G: gain,
      ...asTensors({ J_base, J_meta, Z_acc, V_inter, A_prec, S_trim: sTrim, Gbar: gBar }),
    };
  },

  sampling(golden) {
    return { ...sampling.sample(read.samplingCase(golden)) };
  },

  philox(golden) {
    const { words, blocks } = read.philoxCase(golden);
    if (words) return { uniform: Array.from(words, philox.uniformFromWord) };
    const out = blocks.flatMap(({ counter, key, rounds }) => [...philox.philoxBlock(counter, key, rounds)]);
    return { out, uniform: out.map(philox.uniformFromWord) };
  },
};

/** Fixtures of what runs on the CPU alone, in float64: their code is what the trainer uses, no reference beside it. */
export const CPU_ONLY: readonly string[] = ['group_advantage', 'decomposition'];

function toFloat64(weights: ReadonlyMap<string, Float32Array>): Map<string, Float64Array> {
  return new Map([...weights].map(([name, values]) => [name, Float64Array.from(values)]));
}

function asTensors(scalars: { readonly [name: string]: number }): Record<string, number[]> {
  return Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, [value]]));
}
