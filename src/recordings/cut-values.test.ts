import { describe, expect, it } from 'vitest';
import type { CutSweep } from '../trainer/protocol/protocol';
import { cutValues } from './cut-values';
import { mergeSweeps } from './merge-sweeps';

function sweepOf(update: number, firstReplicate: number, rows: number[][]): CutSweep {
  const rewards = Float32Array.from(rows.flat());
  return { update, firstReplicate, replicates: rows[0]?.length ?? 0, rewards, em: Uint8Array.from(rewards, Math.sign) };
}

describe('cutValues', () => {
  const sweep = sweepOf(3, 0, [
    [0, 0, 0, 0],
    [2, 2, 1, 1],
    [1, 1, 1, 1],
  ]);

  it('ranks what the refiner did among accept and all cuts', () => {
    const values = cutValues(sweep, 0.5, 3);
    expect(values.choices.map(({ mean }) => mean)).toEqual([0.5, 0, 1.5, 1]);
    expect(values).toMatchObject({ n: 4, uniform: 2.5 / 3, best: 2, regret: 0.5, rank: 2 });
    expect(cutValues(sweep, 2, 0)).toMatchObject({ best: 0, regret: 0, rank: 1 });
    expect(cutValues(sweep, 0.5, null)).toMatchObject({ regret: null, rank: null });
  });

  it('gives Student’s interval of each cut, and none to what is not sampled', () => {
    const [accept, first, second] = cutValues(sweep, 0.5, 3).choices;
    expect(accept?.interval).toBeNull();
    expect(first?.interval).toEqual({ low: 0, high: 0 });
    // t(0.975, 3) = 3.1824 times 0.57735 / 2.
    expect(second?.interval?.low).toBeCloseTo(1.5 - 0.9187, 3);
    expect(second?.interval?.high).toBeCloseTo(1.5 + 0.9187, 3);
  });

  it('merges replicates that follow on with the same weights only', () => {
    const more = sweepOf(3, 4, [[1], [0], [2]]);
    const merged = mergeSweeps(sweep, more);
    expect([...merged.rewards]).toEqual([0, 0, 0, 0, 1, 2, 2, 1, 1, 0, 1, 1, 1, 1, 2]);
    expect(mergeSweeps(sweep, { ...more, update: 4 }).replicates).toBe(1);
    expect(mergeSweeps(null, more)).toBe(more);
  });
});

describe('cut values of one replicate', () => {
  it('have no interval, and a mean cut at random', () => {
    const one = cutValues(sweepOf(2, 0, [[0.5], [0.25]]), 1, 2);
    expect(one).toEqual({
      ...{ update: 2, n: 1, uniform: 0.375, best: 0, regret: 0.75, rank: 3 },
      choices: [
        { step: 0, mean: 1, interval: null },
        { step: 1, mean: 0.5, interval: null },
        { step: 2, mean: 0.25, interval: null },
      ],
    });
  });

  it('of equal ones the first is best, and shares its rank', () => {
    expect(cutValues(sweepOf(2, 0, [[1], [1]]), 0, 2)).toMatchObject({ best: 1, rank: 1, regret: 0 });
    expect(cutValues(sweepOf(2, 0, [[1], [1]]), 1, 2)).toMatchObject({ best: 0, rank: 1 });
    expect(cutValues(sweepOf(2, 0, [[1]]), 1, 7)).toMatchObject({ rank: null, regret: null });
  });

  it('have an interval that no reward lies below', () => {
    const [, wide] = cutValues(sweepOf(2, 0, [[0, 1, 0, 0]]), 0, null).choices;
    expect(wide?.interval?.low).toBe(0);
    // 0.25 + t(0.975, 3) 0.5 / 2.
    expect(wide?.interval?.high).toBeCloseTo(0.25 + 3.1824 * 0.25, 3);
  });

  it('merge the marks as they merge the rewards', () => {
    const merged = mergeSweeps(
      sweepOf(3, 0, [
        [1, 0],
        [0, 0],
      ]),
      sweepOf(3, 2, [[0], [1]]),
    );
    expect(merged).toMatchObject({ update: 3, firstReplicate: 0, replicates: 3 });
    expect([...merged.em]).toEqual([1, 0, 0, 0, 0, 1]);
    const apart = sweepOf(3, 1, [[0], [1]]);
    expect(
      mergeSweeps(
        sweepOf(3, 0, [
          [1, 0],
          [0, 0],
        ]),
        apart,
      ),
    ).toBe(apart);
    const later = mergeSweeps(sweepOf(3, 4, [[1], [0]]), sweepOf(3, 5, [[0], [1]]));
    expect([later.firstReplicate, ...later.rewards]).toEqual([4, 1, 0, 0, 1]);
  });
});
