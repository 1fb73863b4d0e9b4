import { describe, expect, it } from 'vitest';
import { RingBuffer } from './ring-buffer';

describe('RingBuffer', () => {
  it('keeps the newest values in order', () => {
    const ring = new RingBuffer(3);
    expect([...ring.toArray()]).toEqual([]);
    for (let pushed = 1; pushed <= 8; pushed += 1) {
      ring.push(pushed);
      const expected = Array.from({ length: Math.min(pushed, 3) }, (_, i) => pushed - Math.min(pushed, 3) + 1 + i);
      expect([...ring.toArray()]).toEqual(expected);
      expect(expected.map((_, i) => ring.at(i))).toEqual(expected);
      expect(ring.at(-1)).toBe(pushed);
    }
    expect(ring.length).toBe(3);
    expect(ring.at(3)).toBeUndefined();
    expect(ring.at(-4)).toBeUndefined();
  });

  it('is empty after clear and usable again', () => {
    const ring = new RingBuffer(2);
    for (const value of [1, 2, 3]) ring.push(value);
    ring.clear();
    expect(ring.length).toBe(0);
    expect(ring.at(0)).toBeUndefined();
    ring.push(9);
    expect([...ring.toArray()]).toEqual([9]);
  });

  it('refuses a useless capacity', () => {
    expect(() => new RingBuffer(0)).toThrow('capacity');
    expect(() => new RingBuffer(1.5)).toThrow('capacity');
  });
});
