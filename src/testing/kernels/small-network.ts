/** A network small enough for the float64 model, to hold changes of shape against. */
import { modelBackward, modelForward } from '../../models/model.reference';
import type { ParameterTable } from '../../models/parameters';

export const SMALL_NETWORK = {
  vocab: 11,
  width: 8,
  layers: 2,
  heads: 2,
  kvHeads: 1,
  headDim: 4,
  ffn: 6,
  ropeTheta: 1e4,
  rmsEps: 1e-5,
};

/** Logits (5,vocab) of five tokens, and the gradients of a loss whose own gradient is the logits' sine. */
export function runNetwork({ shape, entries }: ParameterTable, arena: Float32Array) {
  const weights = new Map(
    entries.map(({ name, offset, size }) => [name, Float64Array.from(arena.subarray(offset, offset + size))]),
  );
  const named = { ...shape, hidden: shape.width, eps: shape.rmsEps, theta: shape.ropeTheta };
  const { logits, tape } = modelForward(named, weights, { batch: 1, seqLen: 5, tokens: [3, 1, 4, 1, 5] });
  return { logits, grads: modelBackward(tape, logits.map(Math.sin)) };
}
