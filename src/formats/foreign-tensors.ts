/**
 * Weights as other programs save them again, under our names: wrappers of compiled and distributed modules add prefixes,
 * libraries add tensors that say nothing new. Whatever is left over is refused by name, never ignored (checkpoint.ts of the trainer).
 */
import type { ModelShape } from '../config/schema';
import { UserError } from '../lib/assert';
import type { NamedTensor } from './safetensors';

/** torch.compile, DataParallel and DDP, FSDP, activation checkpointing: they may stand at any depth. */
const WRAPPERS = /(^|\.)(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)(?=\.)|^module(?=\.)/g;
/** An adapter of PEFT that was merged, and who holds the model: verl's and OpenRLHF's actor, TRL's model with a value head. */
const HOLDERS = /^(?:base_model\.model|actor|actor_module|policy|pretrained_model)\./;
const EMBEDDING = 'model.embed_tokens.weight';
export const HEAD = 'lm_head.weight';
const LAYER =
  /^model\.layers\.(\d+)\.(?:input_layernorm|post_attention_layernorm|self_attn\.[qkvo]_proj|mlp\.(?:gate|up|down)_proj)\.weight$/;
const FREQUENCIES = /^model\.layers\.\d+\.self_attn\.rotary_emb\.inv_freq$|^model\.rotary_emb\.inv_freq$/;

/** @throws UserError where two tensors would have one name */
export function underOurNames(tensors: Iterable<NamedTensor>, file: string): ReadonlyMap<string, NamedTensor> {
  const named = new Map<string, NamedTensor>();
  for (const tensor of tensors) {
    const plain = tensor.name.replace(WRAPPERS, '').replace(/^\./, '').replace(HOLDERS, '');
    // LlamaModel saved without LlamaForCausalLM around it.
    const name = /^(embed_tokens|layers\.\d+|norm)\./.test(plain) ? `model.${plain}` : plain;
    if (named.has(name)) throw new UserError(`${file} holds "${name}" twice, once as "${tensor.name}".`);
    named.set(name, { ...tensor, name });
  }
  return named;
}

/**
 * Without the tensors that a model of this shape computes by itself: an output layer that is the embedding, the frequencies
 * of the rotary embedding, biases that are zero. Any that says something else stays.
 */
export function withoutCopies(
  tensors: ReadonlyMap<string, NamedTensor>,
  shape: ModelShape,
): ReadonlyMap<string, NamedTensor> {
  const embedding = tensors.get(EMBEDDING)?.data;
  const says = ({ name, data }: NamedTensor): boolean => {
    if (name === HEAD) return embedding === undefined || !areEqual(data, embedding);
    if (FREQUENCIES.test(name)) return !areFrequencies(data, shape);
    return !name.endsWith('.bias') || data.some((value) => value !== 0);
  };
  return new Map([...tensors].filter(([, tensor]) => says(tensor)));
}

/** Whether a model of this shape has such a tensor (src/models/parameters.ts). */
export function isParameter(name: string, { layers }: ModelShape): boolean {
  if (name === EMBEDDING || name === 'model.norm.weight') return true;
  const [, layer] = LAYER.exec(name) ?? [];
  return layer !== undefined && Number(layer) < layers;
}

function areEqual(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** Of half precision too: its steps are 2^-8 of a number apart. */
function areFrequencies(data: Float32Array, { width, heads, ropeTheta }: ModelShape): boolean {
  const headWidth = width / heads;
  return (
    data.length === headWidth / 2 &&
    data.every((value, i) => {
      const wanted = ropeTheta ** ((-2 * i) / headWidth);
      return Math.abs(value - wanted) <= wanted / 256;
    })
  );
}
