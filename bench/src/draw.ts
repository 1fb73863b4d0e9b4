/** Shapes drawn at random, so that no engine is tuned to those in the list. */
import { PhiloxStream, PURPOSES } from '../../src/lib/philox';
import type { TransformerShape } from '../../src/models/parameters';

const DRAWN = 2;
const MOST_TOKENS = 1536;

function multipleOf4(stream: PhiloxStream, low: number, high: number): number {
  return low + 4 * stream.int(Math.floor((high - low) / 4) + 1);
}

function drawMany<T>(seed: number, row: number, draw: (stream: PhiloxStream) => T): T[] {
  return Array.from({ length: DRAWN }, (_, i) => draw(new PhiloxStream(seed, PURPOSES.question, row, i)));
}

function drawShape(stream: PhiloxStream): TransformerShape {
  const heads = stream.choice([2, 3, 4, 6, 8]);
  const headDim = multipleOf4(stream, 8, Math.max(8, Math.min(40, Math.floor(160 / heads))));
  const width = heads * headDim;
  return {
    vocab: multipleOf4(stream, 64, 384),
    width,
    layers: 2 + stream.int(3),
    heads,
    kvHeads: heads,
    headDim,
    ffn: multipleOf4(stream, 2 * width, 3 * width),
    ropeTheta: 10_000,
    rmsEps: 1e-5,
  };
}

export function drawMatmuls(seed: number): { m: number; k: number; n: number }[] {
  return drawMany(seed, 0, (stream) => ({
    m: multipleOf4(stream, 128, 2048),
    k: multipleOf4(stream, 32, 384),
    n: multipleOf4(stream, 32, 768),
  }));
}

export function drawTrainings(seed: number): { shape: TransformerShape; sequences: number; length: number }[] {
  return drawMany(seed, 1, (stream) => {
    const shape = drawShape(stream);
    const length = multipleOf4(stream, 32, 160);
    const sequences = 4 + stream.int(Math.max(1, Math.min(21, Math.floor(MOST_TOKENS / length) - 3)));
    return { shape, sequences, length };
  });
}

export function drawDecodings(seed: number): { shape: TransformerShape; rows: number; steps: number }[] {
  return drawMany(seed, 2, (stream) => ({
    shape: drawShape(stream),
    rows: multipleOf4(stream, 16, 128),
    steps: multipleOf4(stream, 24, 64),
  }));
}
