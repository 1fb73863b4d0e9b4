import { describe, expect, it } from 'vitest';
import { compareNumbers, float32Bound } from '../../selftest/bench/bounds';
import { compareTensor, float64Bound } from './compare';

describe('compareNumbers', () => {
  const bound = { rtol: 1e-2, atol: 0.5 };

  it('allows atol + rtol * max|want| at every element', () => {
    const want = [0, -100, 3];
    expect(compareNumbers([1.5, -100, 3], want, bound)).toEqual({
      ok: true,
      worst: 1.5,
      at: 0,
      share: 1,
      allowed: 1.5,
      largest: 100,
    });
    expect(compareNumbers([0, -100, 4.6], want, bound)).toMatchObject({ ok: false, at: 2 });
  });

  it.each([NaN, Infinity, -Infinity])('refuses %s, also where the bound is wide', (value) => {
    expect(compareNumbers([value], [1], { rtol: 1e9, atol: 1e9 })).toMatchObject({ ok: false, worst: Infinity });
  });

  it('refuses another length', () => {
    expect(compareNumbers([], [1], bound).ok).toBe(false);
    expect(compareNumbers([1, 1], [1], bound).ok).toBe(false);
  });

  it('takes integers literally whatever the bound', () => {
    const want = { shape: [2], dtype: 'u32', data: Uint32Array.of(1, 2) } as const;
    expect(compareTensor([1, 2], want, bound)).toMatchObject({ ok: true, share: 0 });
    expect(compareTensor([1, 3], want, bound)).toMatchObject({ ok: false, share: Infinity });
  });
});

describe('bounds of the golden README', () => {
  it.each([
    ['linear', 'rows1-in1-out1', 'y', 1e-5, 1e-6],
    ['rope', 'extreme-far-offset', 'y', 1e-4, 1e-6],
    ['rope', 'extreme-1e4', 'y', 1e-5, 1e-6],
    ['attention', 'extreme-1e4', 'dq', 5e-3, 2e-6],
    ['attention', 'extreme-1e4', 'out', 2e-5, 2e-6],
    ['embedding', 'b1', 'y', 0, 0],
    ['embedding', 'b1', 'dE', 1e-5, 1e-6],
    ['model', 'a', 'loss', 1e-5, 1e-6],
    ['model', 'a', 'grad.model.norm.weight', 5e-5, 1e-6],
    ['grpo', 'a', 'loss', 2e-5, 2e-6],
    ['adamw', 'plain', 'm.w', 1e-5, 0],
    ['adamw', 'plain', 'v.w', 1e-5, 0],
    ['adamw', 'plain', 'param.w', 1e-5, 1e-6],
    ['train_curve', 'a', 'loss', 1e-4, 1e-6],
    ['philox', 'a', 'uniform', 0, 0],
    ['decomposition', 'extreme-1e4', 'G', 1e-4, 1e-6],
  ])('%s %s/%s', (file, id, output, rtol, atol) => {
    expect(float32Bound(file, id, output)).toEqual({ rtol, atol });
  });

  it('asks doubles for 1e-9, and for equality where float32 must be equal', () => {
    expect(float64Bound('linear', 'a', 'y')).toEqual({ rtol: 1e-9, atol: 1e-11 });
    expect(float64Bound('philox', 'a', 'uniform')).toEqual({ rtol: 0, atol: 0 });
  });
});
