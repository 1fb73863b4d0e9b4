/**
 * Float64 reference of the Llama-style transformer (RMSNorm, rotary positions, grouped attention, SwiGLU, tied output
 * layer), forward and backward, composed of the references of the operations. Weights go by their HF Llama names and
 * are [out, in]. Positions are 0 .. T-1. Tests and `verify` only.
 */
import * as attention from '../kernels/attention/attention.reference';
import * as embedding from '../kernels/embedding/embedding.reference';
import * as linear from '../kernels/linear/linear.reference';
import * as rmsnorm from '../kernels/rmsnorm/rmsnorm.reference';
import * as rope from '../kernels/rope/rope.reference';
import * as swiglu from '../kernels/swiglu/swiglu.reference';

export interface ModelShape {
  vocab: number;
  hidden: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  ffn: number;
  layers: number;
  eps: number;
  theta: number;
}

export type ModelWeights = ReadonlyMap<string, Float64Array>;

/** Name and shape of every weight, in HF Llama's order. */
export function modelWeightShapes(shape: ModelShape): [name: string, shape: number[]][] {
  const { vocab, hidden, heads, kvHeads, headDim, ffn, layers } = shape;
  const perLayer = Array.from({ length: layers }, (_, l): [string, number[]][] => [
    [layerWeight(l, 'input_layernorm'), [hidden]],
    [layerWeight(l, 'self_attn.q_proj'), [heads * headDim, hidden]],
    [layerWeight(l, 'self_attn.k_proj'), [kvHeads * headDim, hidden]],
    [layerWeight(l, 'self_attn.v_proj'), [kvHeads * headDim, hidden]],
    [layerWeight(l, 'self_attn.o_proj'), [hidden, heads * headDim]],
    [layerWeight(l, 'post_attention_layernorm'), [hidden]],
    [layerWeight(l, 'mlp.gate_proj'), [ffn, hidden]],
    [layerWeight(l, 'mlp.up_proj'), [ffn, hidden]],
    [layerWeight(l, 'mlp.down_proj'), [hidden, ffn]],
  ]);
  return [[EMBEDDING, [vocab, hidden]], ...perLayer.flat(), [FINAL_NORM, [hidden]]];
}

const EMBEDDING = 'model.embed_tokens.weight';
const FINAL_NORM = 'model.norm.weight';

function layerWeight(layer: number, name: string): string {
  return `model.layers.${layer}.${name}.weight`;
}

function get(weights: ModelWeights, name: string): Float64Array {
  const weight = weights.get(name);
  if (!weight) throw new Error(`model reference: weight ${name} is missing`);
  return weight;
}

interface LayerTape {
  h: Float64Array;
  n1: Float64Array;
  q: Float64Array;
  k: Float64Array;
  v: Float64Array;
  attended: Float64Array;
  h2: Float64Array;
  n2: Float64Array;
  gate: Float64Array;
  up: Float64Array;
  activated: Float64Array;
}

/** What the backward pass needs of one forward pass. */
export interface ModelTape {
  shape: ModelShape;
  weights: ModelWeights;
  batch: number;
  seqLen: number;
  tokens: ArrayLike<number>;
  layers: LayerTape[];
  last: Float64Array;
  normed: Float64Array;
}

/** tokens (B, T) -> logits (B, T, V) and the tape for `modelBackward`. */
export function modelForward(
  shape: ModelShape,
  weights: ModelWeights,
  input: { batch: number; seqLen: number; tokens: ArrayLike<number> },
): { logits: Float64Array; tape: ModelTape } {
  const { vocab, hidden, heads, kvHeads, headDim, ffn, eps, theta } = shape;
  const { batch, seqLen, tokens } = input;
  const rows = batch * seqLen;
  const project = (x: Float64Array, name: string, inFeatures: number, outFeatures: number) =>
    linear.linearForward({ rows, inFeatures, outFeatures, x, w: get(weights, name) });
  const norm = (x: Float64Array, name: string) =>
    rmsnorm.rmsnormForward({ rows, cols: hidden, eps, x, w: get(weights, name) }).y;
  const rotated = (x: Float64Array, count: number) =>
    rope.ropeForward({ batch, heads: count, seqLen, headDim, offset: 0, theta, x: toHeads(x, batch, seqLen, count) });

  let h = embedding.embeddingForward({ rows, vocab, hidden, tokens, table: get(weights, EMBEDDING) });
  const layers: LayerTape[] = [];
  for (let l = 0; l < shape.layers; l++) {
    const n1 = norm(h, layerWeight(l, 'input_layernorm'));
    const q = rotated(project(n1, layerWeight(l, 'self_attn.q_proj'), hidden, heads * headDim), heads);
    const k = rotated(project(n1, layerWeight(l, 'self_attn.k_proj'), hidden, kvHeads * headDim), kvHeads);
    const v = toHeads(
      project(n1, layerWeight(l, 'self_attn.v_proj'), hidden, kvHeads * headDim),
      batch,
      seqLen,
      kvHeads,
    );
    const { out } = attention.attentionForward({ ...attentionShape(shape, batch, seqLen), q, k, v });
    const attended = fromHeads(out, batch, seqLen, heads);
    const h2 = add(h, project(attended, layerWeight(l, 'self_attn.o_proj'), heads * headDim, hidden));
    const n2 = norm(h2, layerWeight(l, 'post_attention_layernorm'));
    const gate = project(n2, layerWeight(l, 'mlp.gate_proj'), hidden, ffn);
    const up = project(n2, layerWeight(l, 'mlp.up_proj'), hidden, ffn);
    const activated = swiglu.swigluForward({ g: gate, u: up });
    layers.push({ h, n1, q, k, v, attended, h2, n2, gate, up, activated });
    h = add(h2, project(activated, layerWeight(l, 'mlp.down_proj'), ffn, hidden));
  }
  const normed = norm(h, FINAL_NORM);
  const logits = project(normed, EMBEDDING, hidden, vocab);
  return { logits, tape: { shape, weights, batch, seqLen, tokens, layers, last: h, normed } };
}

/** dLogits (B, T, V) -> the gradient of every weight, by name. The embedding's is the sum of its two uses. */
export function modelBackward(tape: ModelTape, dLogits: ArrayLike<number>): Map<string, Float64Array> {
  const { shape, weights, batch, seqLen, tokens } = tape;
  const { vocab, hidden, heads, kvHeads, headDim, ffn, eps, theta } = shape;
  const rows = batch * seqLen;
  const grads = new Map<string, Float64Array>();
  const unproject = (x: Float64Array, name: string, dY: ArrayLike<number>, inFeatures: number, outFeatures: number) => {
    const { dX, dW } = linear.linearBackward({ rows, inFeatures, outFeatures, x, w: get(weights, name), dY });
    grads.set(name, dW);
    return dX;
  };
  const unnorm = (x: Float64Array, name: string, dy: Float64Array) => {
    const { dx, dw } = rmsnorm.rmsnormBackward({ rows, cols: hidden, eps, x, w: get(weights, name), dy });
    grads.set(name, dw);
    return dx;
  };
  const unrotated = (dy: Float64Array, count: number) =>
    fromHeads(rope.ropeBackward({ batch, heads: count, seqLen, headDim, offset: 0, theta, dy }), batch, seqLen, count);

  const dNormed = unproject(tape.normed, EMBEDDING, dLogits, hidden, vocab);
  let dH = unnorm(tape.last, FINAL_NORM, dNormed);
  for (let l = shape.layers - 1; l >= 0; l--) {
    const s = tape.layers[l]!;
    const dActivated = unproject(s.activated, layerWeight(l, 'mlp.down_proj'), dH, ffn, hidden);
    const { dg, du } = swiglu.swigluBackward({ g: s.gate, u: s.up, dy: dActivated });
    const dN2 = add(
      unproject(s.n2, layerWeight(l, 'mlp.gate_proj'), dg, hidden, ffn),
      unproject(s.n2, layerWeight(l, 'mlp.up_proj'), du, hidden, ffn),
    );
    const dH2 = add(dH, unnorm(s.h2, layerWeight(l, 'post_attention_layernorm'), dN2));
    const dAttended = unproject(s.attended, layerWeight(l, 'self_attn.o_proj'), dH2, heads * headDim, hidden);
    const { dq, dk, dv } = attention.attentionBackward({
      ...attentionShape(shape, batch, seqLen),
      q: s.q,
      k: s.k,
      v: s.v,
      dout: toHeads(dAttended, batch, seqLen, heads),
    });
    const kvFeatures = kvHeads * headDim;
    const dN1 = [
      unproject(s.n1, layerWeight(l, 'self_attn.q_proj'), unrotated(dq, heads), hidden, heads * headDim),
      unproject(s.n1, layerWeight(l, 'self_attn.k_proj'), unrotated(dk, kvHeads), hidden, kvFeatures),
      unproject(s.n1, layerWeight(l, 'self_attn.v_proj'), fromHeads(dv, batch, seqLen, kvHeads), hidden, kvFeatures),
    ].reduce(add);
    dH = add(dH2, unnorm(s.h, layerWeight(l, 'input_layernorm'), dN1));
  }
  const dTable = embedding.embeddingBackward({ rows, vocab, hidden, tokens, dY: dH });
  grads.set(EMBEDDING, add(get(grads, EMBEDDING), dTable));
  return grads;
}

function attentionShape(shape: ModelShape, batch: number, seqLen: number): attention.AttentionShape {
  const { heads, kvHeads, headDim } = shape;
  return { batch, heads, kvHeads, queries: seqLen, keys: seqLen, headDim, queryOffset: 0 };
}

function add(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((x, i) => x + b[i]!);
}

/** (B, T, heads * D) -> (B, heads, T, D). */
function toHeads(x: Float64Array, batch: number, seqLen: number, heads: number): Float64Array {
  return swapMiddle(x, batch, seqLen, heads);
}

/** (B, heads, T, D) -> (B, T, heads * D). */
function fromHeads(x: Float64Array, batch: number, seqLen: number, heads: number): Float64Array {
  return swapMiddle(x, batch, heads, seqLen);
}

/** (outer, a, b, D) -> (outer, b, a, D). */
function swapMiddle(x: Float64Array, outer: number, a: number, b: number): Float64Array {
  const inner = x.length / (outer * a * b);
  const y = new Float64Array(x.length);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < a; i++) {
      for (let j = 0; j < b; j++) {
        for (let d = 0; d < inner; d++) y[((o * b + j) * a + i) * inner + d] = x[((o * a + i) * b + j) * inner + d]!;
      }
    }
  }
  return y;
}
