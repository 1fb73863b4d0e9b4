import { alignUp, subSlice, type Slice } from '../gpu/buffers';

/** Shape of a Llama-style decoder with a tied embedding. */
export interface TransformerShape {
  vocab: number;
  width: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  ffn: number;
  ropeTheta: number;
  rmsEps: number;
}

/** One tensor under its Hugging Face Llama name. `offset` counts floats from the start of the arena. */
export interface ParameterEntry {
  name: string;
  shape: readonly number[];
  offset: number;
  size: number;
  /** Matrices decay under AdamW, norm weights do not. */
  decays: boolean;
}

/**
 * All parameters in one arena. q, k, v and gate, up lie back to back so that each trio or pair is one matrix for the
 * kernels; every such group starts at a multiple of 64 floats (256 bytes), so it can be bound. The gaps stay zero.
 */
export interface ParameterTable {
  shape: TransformerShape;
  entries: readonly ParameterEntry[];
  byName: ReadonlyMap<string, ParameterEntry>;
  /** Floats of the whole arena, a multiple of 64. */
  size: number;
  /** Number of parameters, gaps not counted. */
  count: number;
  embedding: Range;
  layers: readonly LayerRanges[];
  finalNorm: Range;
}

/** A bindable part of the arena, in floats. */
export interface Range {
  offset: number;
  size: number;
}

interface LayerRanges {
  inputNorm: Range;
  qkv: Range;
  attentionOut: Range;
  postNorm: Range;
  gateUp: Range;
  down: Range;
}

const ALIGNMENT = 64;

/** @throws RangeError where heads, kvHeads or headDim do not fit each other */
export function parameterTable(shape: TransformerShape): ParameterTable {
  const { vocab, width, heads, kvHeads, headDim, ffn } = shape;
  if (heads % kvHeads !== 0) throw new RangeError(`${heads} heads do not divide over ${kvHeads} key/value heads`);
  if (headDim % 2 !== 0) throw new RangeError(`RoPE needs an even head dimension, not ${headDim}`);
  const entries: ParameterEntry[] = [];
  let end = 0;
  const group = (tensors: readonly (readonly [string, readonly number[]])[]): Range => {
    const offset = alignUp(end, ALIGNMENT);
    end = offset;
    for (const [name, dims] of tensors) {
      const size = dims.reduce((a, b) => a * b, 1);
      entries.push({ name, shape: dims, offset: end, size, decays: dims.length > 1 });
      end += size;
    }
    return { offset, size: end - offset };
  };
  const embedding = group([['model.embed_tokens.weight', [vocab, width]]]);
  const layers = Array.from({ length: shape.layers }, (_, l): LayerRanges => {
    const name = (rest: string) => `model.layers.${l}.${rest}.weight`;
    return {
      inputNorm: group([[name('input_layernorm'), [width]]]),
      qkv: group([
        [name('self_attn.q_proj'), [heads * headDim, width]],
        [name('self_attn.k_proj'), [kvHeads * headDim, width]],
        [name('self_attn.v_proj'), [kvHeads * headDim, width]],
      ]),
      attentionOut: group([[name('self_attn.o_proj'), [width, heads * headDim]]]),
      postNorm: group([[name('post_attention_layernorm'), [width]]]),
      gateUp: group([
        [name('mlp.gate_proj'), [ffn, width]],
        [name('mlp.up_proj'), [ffn, width]],
      ]),
      down: group([[name('mlp.down_proj'), [width, ffn]]]),
    };
  });
  const finalNorm = group([['model.norm.weight', [width]]]);
  return {
    shape,
    entries,
    byName: new Map(entries.map((entry) => [entry.name, entry])),
    size: alignUp(end, ALIGNMENT),
    count: entries.reduce((sum, entry) => sum + entry.size, 0),
    embedding,
    layers,
    finalNorm,
  };
}

/** The bindable slice of a range of an arena. */
export function rangeSlice(arena: Slice, range: Range): Slice {
  return subSlice(arena, range.offset * 4, range.size * 4);
}

/** (size / 64) 1 where AdamW decays that block of the arena. Norm weights start blocks of their own, so blocks never mix. */
export function decayBlocks(table: ParameterTable): Float32Array<ArrayBuffer> {
  const blocks = new Float32Array(table.size / ALIGNMENT);
  for (const entry of table.entries) {
    if (!entry.decays) continue;
    blocks.fill(1, Math.floor(entry.offset / ALIGNMENT), Math.ceil((entry.offset + entry.size) / ALIGNMENT));
  }
  return blocks;
}
