/**
 * The files beside model.safetensors in a folder that LlamaForCausalLM.from_pretrained and AutoTokenizer of the transformers
 * library read. scripts/proofs/transformers.py proves that they give our logits and our token ids.
 */
import type { ModelShape } from '../config/schema';

/** The tokens of a world family, in the order of their ids. */
export interface Dictionary {
  strings: readonly string[];
  special: Readonly<
    Record<'pad' | 'bos' | 'eos' | 'think' | 'endThink' | 'search' | 'endSearch' | 'answer' | 'endAnswer', number>
  >;
  /** First relation; relations and entities are last. */
  relationBase: number;
}

/** What config.json says of the world, since transformers keeps unknown keys when it saves a model again. */
export interface Origin {
  world: string;
  dictionary: string;
}

/** RoPE has no table of positions, so this limits nothing; an episode of 3 hops has 103. */
const MAX_POSITIONS = 2048;

/** config.json of LlamaConfig. `rope_theta` and `torch_dtype` are what versions before 5 read. */
export function llamaConfig(shape: ModelShape, { strings, special }: Dictionary, origin: Origin) {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: strings.length,
    hidden_size: shape.width,
    intermediate_size: shape.ffn,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.kvHeads,
    head_dim: shape.width / shape.heads,
    hidden_act: 'silu',
    max_position_embeddings: MAX_POSITIONS,
    rms_norm_eps: shape.rmsEps,
    rope_theta: shape.ropeTheta,
    rope_parameters: { rope_type: 'default', rope_theta: shape.ropeTheta },
    attention_bias: false,
    mlp_bias: false,
    attention_dropout: 0,
    tie_word_embeddings: true,
    bos_token_id: special.bos,
    eos_token_id: special.eos,
    pad_token_id: special.pad,
    torch_dtype: 'float32',
    dtype: 'float32',
    cutpoint: origin,
  };
}

/** generation_config.json: sampling at temperature 1 of what the actor may write (method.md section 6), up to `<eos>`. */
export function generationConfig({ strings, special, relationBase }: Dictionary) {
  const { eos, think, endThink, search, endSearch, answer, endAnswer } = special;
  const tags = new Set([eos, think, endThink, search, endSearch, answer, endAnswer]);
  return {
    bos_token_id: special.bos,
    eos_token_id: eos,
    pad_token_id: special.pad,
    do_sample: true,
    temperature: 1,
    top_k: 0,
    top_p: 1,
    suppress_tokens: strings.map((_, token) => token).filter((token) => token < relationBase && !tags.has(token)),
  };
}

/**
 * What matches one word of a text, words being apart by white space. Names such as "city:Buenos Aires" hold spaces, so words
 * with spaces are looked for first, longest first.
 */
export function wordPattern({ strings }: Pick<Dictionary, 'strings'>): string {
  const spaced = strings.filter((text) => /\s/.test(text)).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return [...spaced.map((text) => `${escaped(text)}(?=\\s|$)`), '\\S+'].join('|');
}

/** tokenizer.json: a word a token; what is not in the dictionary is an error, since the model has no token for it. */
export function wordLevelTokenizer({ strings, special }: Dictionary) {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special.pad, special.bos, special.eos].map((id) => ({
      id,
      content: strings[id],
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: { type: 'Split', pattern: { Regex: wordPattern({ strings }) }, behavior: 'Removed', invert: true },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(strings.map((text, id) => [text, id])),
      unk_token: '<unk>',
    },
  };
}

export function tokenizerConfig({ strings, special }: Dictionary) {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: strings[special.bos],
    eos_token: strings[special.eos],
    pad_token: strings[special.pad],
    clean_up_tokenization_spaces: false,
    model_max_length: MAX_POSITIONS,
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
