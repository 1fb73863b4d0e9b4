/** What is timed: shapes and their data, the same numbers on every machine. */
import { PhiloxStream, PURPOSES } from '../../src/lib/philox';
import { initialParameters } from '../../src/models/initialise';
import { parameterTable, type TransformerShape } from '../../src/models/parameters';
import type { DecodeWork, MatmulWork, TrainWork, Weights } from './contender';
import { drawDecodings, drawMatmuls, drawTrainings } from './draw';

const SEED = 1;

/** The GPT that all engines are compared on. */
export const REFERENCE: TransformerShape = {
  vocab: 256,
  width: 128,
  layers: 4,
  heads: 4,
  kvHeads: 4,
  headDim: 32,
  ffn: 336,
  ropeTheta: 10_000,
  rmsEps: 1e-5,
};

/** A work before its data are made; `amount` of `unit` is what one run does. */
export interface Item<W> {
  title: string;
  drawn: boolean;
  unit: 'GFLOP' | 'tok';
  amount: number;
  /** Floating-point operations of the products in one run, causal attention included. */
  flops: number;
  make(): W;
}

function stream(row: number): PhiloxStream {
  // Rows far beyond any tensor's, so that inputs never repeat weights.
  return new PhiloxStream(SEED, PURPOSES.init, 1_000_000 + row);
}

function normals(row: number, length: number, scale: number): Float32Array<ArrayBuffer> {
  const random = stream(row);
  return Float32Array.from({ length }, () => random.normal() * scale);
}

function tokens(row: number, length: number, vocab: number): Uint32Array<ArrayBuffer> {
  const random = stream(row);
  return Uint32Array.from({ length }, () => random.int(vocab));
}

export function weightsOf(shape: TransformerShape): Weights {
  const table = parameterTable(shape);
  const arena = initialParameters(table, SEED);
  return new Map(table.entries.map(({ name, offset, size }) => [name, arena.slice(offset, offset + size)]));
}

/** Operations of one token's forward pass when it sees `keys` keys on average. */
function forwardFlops(shape: TransformerShape, keys: number): number {
  const { width, heads, kvHeads, headDim, ffn, layers, vocab } = shape;
  const qkv = (heads + 2 * kvHeads) * headDim;
  const layer = 2 * width * (qkv + heads * headDim + 3 * ffn) + 4 * heads * headDim * keys;
  return layers * layer + 2 * width * vocab;
}

function describe({ layers, width, heads, ffn, vocab }: TransformerShape): string {
  return `${layers} layers, width ${width}, ${heads} heads, mlp ${ffn}, vocabulary ${vocab}`;
}

function matmulItem({ m, k, n }: { m: number; k: number; n: number }, drawn: boolean): Item<MatmulWork> {
  const flops = 2 * m * k * n;
  return {
    title: `(${m} x ${k}) (${n} x ${k})^T`,
    drawn,
    unit: 'GFLOP',
    amount: flops / 1e9,
    flops,
    make: () => ({ m, k, n, x: normals(0, m * k, 1), w: normals(1, n * k, 1 / Math.sqrt(k)) }),
  };
}

const MODEL_MATMULS = [
  ...[
    [128, 384],
    [128, 128],
    [128, 672],
    [336, 128],
    [128, 256],
  ].map(([k = 0, n = 0]) => ({ m: 2048, k, n })),
  ...[
    [64, 192],
    [64, 64],
    [64, 336],
    [168, 64],
  ].map(([k = 0, n = 0]) => ({ m: 4096, k, n })),
];

/** 512^3 and the products of the reference model and of the default one. */
export function matmulItems(draw: number, quick: boolean): Item<MatmulWork>[] {
  const listed = [{ m: 512, k: 512, n: 512 }, ...MODEL_MATMULS];
  return [
    ...(quick ? listed.slice(0, 2) : listed).map((shape) => matmulItem(shape, false)),
    ...drawMatmuls(draw).map((shape) => matmulItem(shape, true)),
  ];
}

export function trainItem(
  { shape, sequences, length }: { shape: TransformerShape; sequences: number; length: number },
  drawn: boolean,
): Item<TrainWork> {
  const rows = sequences * length;
  return {
    title: `${describe(shape)}, T ${length}, batch ${sequences}`,
    drawn,
    unit: 'tok',
    amount: rows,
    flops: 3 * rows * forwardFlops(shape, (length + 1) / 2),
    make: () => ({
      shape,
      sequences,
      length,
      tokens: tokens(2, rows, shape.vocab),
      targets: tokens(3, rows, shape.vocab),
      weights: weightsOf(shape),
      adam: { lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
    }),
  };
}

/** The reference step, then drawn ones. */
export function trainItems(draw: number): Item<TrainWork>[] {
  return [
    trainItem({ shape: REFERENCE, sequences: 16, length: 128 }, false),
    ...drawTrainings(draw).map((drawn) => trainItem(drawn, true)),
  ];
}

export function decodeItem(
  { shape, rows, steps }: { shape: TransformerShape; rows: number; steps: number },
  drawn: boolean,
): Item<DecodeWork> {
  return {
    title: `${describe(shape)}, B ${rows}, ${steps} tokens`,
    drawn,
    unit: 'tok',
    amount: rows * steps,
    flops: rows * steps * forwardFlops(shape, (steps + 1) / 2),
    make: () => ({ shape, rows, steps, first: tokens(4, rows, shape.vocab), weights: weightsOf(shape) }),
  };
}

export function decodeItems(draw: number, quick: boolean): Item<DecodeWork>[] {
  const batches = quick ? [64] : [64, 192];
  return [
    ...batches.map((rows) => decodeItem({ shape: REFERENCE, rows, steps: 64 }, false)),
    ...drawDecodings(draw).map((drawn) => decodeItem(drawn, true)),
  ];
}

/** (rows, steps) tokens on which the cached paths are compared. */
export function decodeCheckTokens({ rows, steps, shape }: DecodeWork): Uint32Array<ArrayBuffer> {
  return tokens(5, rows * steps, shape.vocab);
}
