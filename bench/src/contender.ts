import type { TransformerShape } from '../../src/models/parameters';

/** Parameters under their Hugging Face Llama names, row-major, as `ParameterTable` lists them. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** y = x w^T: x (m,k), w (n,k), y (m,n). */
export interface MatmulWork {
  m: number;
  k: number;
  n: number;
  x: Float32Array<ArrayBuffer>;
  w: Float32Array<ArrayBuffer>;
}

/** Next-token training on one fixed batch: mean cross-entropy over all positions, Adam without decay or clipping. */
export interface TrainWork {
  shape: TransformerShape;
  sequences: number;
  length: number;
  /** (sequences, length). */
  tokens: Uint32Array<ArrayBuffer>;
  targets: Uint32Array<ArrayBuffer>;
  weights: Weights;
  adam: { lr: number; beta1: number; beta2: number; eps: number };
}

/** Sampling with a key/value cache: `rows` sequences grow from one token each by `steps` tokens, temperature 1. */
export interface DecodeWork {
  shape: TransformerShape;
  rows: number;
  steps: number;
  /** (rows) the first token of each row. */
  first: Uint32Array<ArrayBuffer>;
  weights: Weights;
}

/** Work that is set up once and then timed many times. */
export interface Task {
  /** Does the work once; resolves when the GPU has done it, without reading results back. */
  run(): Promise<void>;
  dispose(): void;
}

export interface MatmulTask extends Task {
  /** (m,n) of the last run. */
  result(): Promise<Float32Array>;
}

export interface TrainTask extends Task {
  /** (sequences * length, vocab) logits under the weights as they are now. */
  logits(): Promise<Float32Array>;
  /** Mean cross-entropy, in nats, that the last `run` saw before its own weight change. */
  loss(): Promise<number>;
}

export interface DecodeTask extends Task {
  /**
   * (rows, vocab) logits after feeding `tokens` (rows, steps) one position at a time through the cached path that `run` times.
   */
  logits(tokens: Uint32Array<ArrayBuffer>): Promise<Float32Array>;
}

/** An engine on the adapter of this process. */
export interface Contender {
  readonly name: string;
  readonly version: string;
  matmul(work: MatmulWork): Promise<MatmulTask>;
  train(work: TrainWork): Promise<TrainTask>;
  decode(work: DecodeWork): Promise<DecodeTask>;
  dispose(): void;
}
