import { describe, expect, it } from 'vitest';
import { answer, positions, question, search, vocabulary } from '../../testing/engine/hand-text';
import { sideOf } from '../../testing/engine/sides';
import { doubtScores, readingMeters } from './reading-meters';

const logs = (...probabilities: number[]) => [
  ...probabilities.map(Math.log),
  ...new Array<number>(6 - probabilities.length).fill(-Infinity),
];
const meters = (rows: readonly number[][], em: number[], flawed: number[]) =>
  readingMeters(Float32Array.from(rows.flat()), { em: Uint8Array.from(em), flawed: Uint8Array.from(flawed) });

describe('readingMeters', () => {
  it('are worked out by hand', () => {
    // Held for wrong with 0.9, 0.5, 0.5 and 0.2: of the four pairs of a wrong and a right draft two are told apart, one is even.
    const rows = [logs(0.1, 0.6, 0.3), logs(0.5, 0.1, 0.4), logs(0.5, 0.5), logs(0.8, 0.1, 0.1)];
    expect(meters(rows, [0, 1, 0, 1], [2, 0, 1, 0])).toEqual({ auc: 3.5 / 4, cutHit: 0.5 });
    expect(meters(rows, [1, 0, 1, 0], [0, 2, 0, 1])).toEqual({ auc: 0.5 / 4, cutHit: 1 });
  });

  it('order what lies beyond the smallest numbers, and take the first of equal cuts', () => {
    const sure = [0, -800, -900, -Infinity, -Infinity, -Infinity];
    const surer = [-1e-7, -16, -17, -Infinity, -Infinity, -Infinity];
    expect(meters([sure, surer], [1, 0], [0, 1])).toEqual({ auc: 1, cutHit: 1 });
    expect(meters([logs(0.5, 0.25, 0.25)], [0], [1])).toEqual({ auc: null, cutHit: 1 });
    expect(meters([logs(0.5, 0.25, 0.25)], [0], [2]).cutHit).toBe(0);
  });

  it('are null where there is nothing to tell', () => {
    expect(meters([logs(0.5, 0.5)], [1], [0])).toEqual({ auc: null, cutHit: null });
  });
});

describe('the actor’s doubt', () => {
  it('is that in the least likely token, and cuts at its step', () => {
    const text = [...question, ...search(), ...answer()];
    const doubts = (at: number, logProb: number) => text.map((_, t) => (t === at ? logProb : t < 4 ? 0 : -0.25));
    // In the search of a wrong draft, in the answer of another one, and nowhere much in a right one.
    const side = sideOf(
      vocabulary,
      positions,
      [
        { em: 0 as const, flawed: 2, logProbs: doubts(8, -3) },
        { em: 0 as const, flawed: 2, logProbs: doubts(27, -2) },
        { em: 1 as const, flawed: 0, logProbs: doubts(9, -0.5) },
      ].map((row) => ({ ...row, tokens: text })),
    );
    expect([...doubtScores(side)]).toEqual([
      ...[-3, 3, 0.25, -Infinity, -Infinity, -Infinity],
      ...[-2, 0.25, 2, -Infinity, -Infinity, -Infinity],
      ...[-0.5, 0.5, 0.25, -Infinity, -Infinity, -Infinity],
    ]);
    expect(readingMeters(doubtScores(side), side)).toEqual({ auc: 1, cutHit: 0.5 });
  });
});
