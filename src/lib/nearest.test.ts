import { describe, expect, it } from 'vitest';
import { nearest } from './nearest';

describe('nearest', () => {
  const words = ['search-r1', 'search-r2', 'oracle-label'];

  it('finds a typo, ignoring case', () => {
    expect(nearest('Serch-R2', words)).toBe('search-r2');
    expect(nearest('oraclelabel', words)).toBe('oracle-label');
  });

  it('takes the first on ties', () => {
    expect(nearest('search-r3', words)).toBe('search-r1');
  });

  it('suggests nothing where nothing is alike', () => {
    expect(nearest('banana', words)).toBeUndefined();
    expect(nearest('', words)).toBeUndefined();
    expect(nearest('x', [])).toBeUndefined();
  });

  it('is quick on very long input', () => {
    expect(nearest('search-r2'.repeat(100_000), words)).toBeUndefined();
  });
});
