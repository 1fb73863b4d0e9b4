import { expect, it } from 'vitest';
import { drawDecodings, drawMatmuls, drawTrainings } from './draw';
import { decodeItem, trainItem, REFERENCE } from './works';

const SEEDS = Array.from({ length: 200 }, (_, i) => i * 7919);

it('drawn models are of shapes that all engines take, and modest', () => {
  for (const seed of SEEDS) {
    const trainings = drawTrainings(seed);
    const decodings = drawDecodings(seed);
    for (const { shape } of [...trainings, ...decodings]) {
      expect(shape.width).toBe(shape.heads * shape.headDim);
      expect(shape.width).toBeLessThanOrEqual(160);
      for (const size of [shape.headDim, shape.width, shape.ffn, shape.vocab]) expect(size % 4).toBe(0);
    }
    for (const { sequences, length } of trainings) {
      expect(sequences).toBeGreaterThanOrEqual(4);
      expect(sequences * length).toBeLessThanOrEqual(1536);
    }
    for (const { rows, steps } of decodings) expect(rows * steps).toBeLessThanOrEqual(128 * 64);
    for (const { m, k, n } of drawMatmuls(seed)) expect((m % 4) + (k % 4) + (n % 4)).toBe(0);
  }
});

it('a seed repeats its shapes, another draws others', () => {
  expect(drawTrainings(3)).toEqual(drawTrainings(3));
  expect(drawTrainings(3)).not.toEqual(drawTrainings(4));
  expect(new Set(SEEDS.map((seed) => JSON.stringify(drawMatmuls(seed)))).size).toBe(SEEDS.length);
});

it('operations are those of the products: forward once, backward twice', () => {
  const step = trainItem({ shape: REFERENCE, sequences: 16, length: 128 }, false);
  expect(step.amount).toBe(2048);
  // 4 layers of (128 -> 384, 128 -> 128, 128 -> 672, 336 -> 128) and the head, and causal attention over 64.5 keys.
  const layer = 2 * 128 * (384 + 128 + 672) + 2 * 336 * 128 + 4 * 128 * 64.5;
  expect(step.flops).toBeCloseTo(3 * 2048 * (4 * layer + 2 * 128 * 256), -3);
  const decoding = decodeItem({ shape: REFERENCE, rows: 64, steps: 127 }, false);
  expect(decoding.flops / decoding.amount).toBeCloseTo(4 * (2 * 128 * 1184 + 2 * 336 * 128 + 4 * 128 * 64) + 65536);
});

it('works repeat: the same data each time they are made', () => {
  const train = trainItem(
    { shape: { ...REFERENCE, width: 32, headDim: 8, ffn: 12, layers: 1 }, sequences: 2, length: 5 },
    true,
  );
  const work = train.make();
  expect(work).toEqual(train.make());
  expect(work.tokens).not.toEqual(work.targets);
  expect(Math.max(...work.targets)).toBeLessThan(256);
  expect(work.weights.get('model.embed_tokens.weight')).toHaveLength(256 * 32);
});
