import { describe, expect, it } from 'vitest';
import { EM_UNKNOWN } from '../lib/exact-match';
import { makeFakeBatch } from '../testing/page/fake-batch';
import { makeFakeWorld } from '../testing/page/fake-world';
import { numbersBatch } from '../testing/page/hand-batch';
import { rightOf, summarizeBatch, tellingRow } from './batch-summary';
import { decodeTrajectory } from './decode-trajectory';

describe('summarizeBatch', () => {
  const batch = numbersBatch(
    [
      // Group 0: missed, saved, wasted.
      { draftEm: 0, reward: 0.5 },
      { draftEm: 0, em: 1, cut: 2, reward: 1 },
      { draftEm: 1, em: 1, cut: 5, reward: 1.5 },
      // Group 1: harmed, kept, kept; all of one reward.
      { draftEm: 1, em: 0, cut: 2, reward: 0.75 },
      { draftEm: 1, reward: 0.75 },
      { draftEm: 1, reward: 0.75 },
    ],
    { groupSize: 3 },
  );
  const groups = [0, 0, 0, 1, 1, 1];

  it('counts verdicts, cuts and drafts, and each question by itself', () => {
    expect(summarizeBatch(batch, groups, true)).toEqual({
      rows: 6,
      verdicts: { saved: 1, harmed: 1, wasted: 1, missed: 1, kept: 2, none: 0 },
      rightDrafts: 4,
      wrongDrafts: 2,
      cuts: [3, 0, 2, 0, 0, 1],
      groups: [
        { group: 0, size: 3, right: 2, revised: 2, meanReward: 1, zeroVariance: false },
        { group: 1, size: 3, right: 2, revised: 1, meanReward: 0.75, zeroVariance: true },
      ],
    });
  });

  it('gives no verdict where nobody reviews', () => {
    const { verdicts } = summarizeBatch(batch, groups, false);
    expect(verdicts).toEqual({ saved: 0, harmed: 0, wasted: 0, missed: 0, kept: 0, none: 6 });
  });

  it('counts cuts after the fifth step where a file has them', () => {
    const late = { ...batch, cuts: Uint8Array.of(0, 7, 0, 0, 0, 0) };
    expect(summarizeBatch(late, groups, true).cuts).toEqual([5, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('counts what is unknown apart', () => {
    const one = numbersBatch([{ em: 1, reward: 1 }, { em: 0, reward: 0 }, { reward: NaN }], { groupSize: 3 });
    one.final.em[2] = EM_UNKNOWN;
    one.draft.em[2] = EM_UNKNOWN;
    const {
      groups: [group],
      verdicts,
      rightDrafts,
      wrongDrafts,
    } = summarizeBatch(one, [0, 0, 0], true);
    expect(group).toMatchObject({ size: 3, right: 1, unknown: 1, meanReward: 0.5, zeroVariance: false });
    expect(verdicts.none).toBe(1);
    expect(rightDrafts + wrongDrafts).toBe(2);
    expect(group && rightOf(group)).toBe('1 of 2 right, 1 unknown');
    expect(group && rightOf({ ...group, unknown: 3, right: 0 })).toBe('3 of unknown exact match');
  });

  it('sees rewards apart whichever comes first, the lower or the higher', () => {
    for (const rewards of [
      [1, 2, 2],
      [2, 1, 2],
      [2, 2, 1],
    ]) {
      const one = numbersBatch(rewards.map((reward) => ({ reward })));
      expect(summarizeBatch(one, [0, 0, 0], true).groups[0]).toMatchObject({ zeroVariance: false });
    }
  });
});

describe('tellingRow', () => {
  it.each<[what: string, rows: Parameters<typeof numbersBatch>[0], wanted: number]>([
    ['the first where nothing was cut', [{ draftEm: 1, advantage: 2 }, { em: 1 }, {}], 0],
    [
      'a saved one before a harmed one',
      [
        { cut: 2, draftEm: 1, em: 0, advantage: 1 },
        { cut: 1, em: 1 },
      ],
      1,
    ],
    [
      'a harmed one before one that was cut in vain',
      [
        { cut: 2, advantage: 1 },
        { cut: 1, draftEm: 1, em: 0 },
      ],
      1,
    ],
    ['any that was cut before those that were not', [{ draftEm: 1, advantage: 3 }, { cut: 1 }], 1],
    [
      'of two saved ones that in a group of unlike rewards',
      [
        { cut: 2, em: 1 },
        { cut: 1, em: 1, advantage: -1 },
      ],
      1,
    ],
    [
      'of two alike the one that was cut later',
      [
        { cut: 1, em: 1 },
        { cut: 2, em: 1 },
        { cut: 3, em: 1 },
      ],
      1,
    ],
    ['of two alike the first', [{}, { cut: 1 }, { cut: 1 }], 1],
  ])('is %s', (_, rows, wanted) => {
    expect(tellingRow(numbersBatch(rows))).toBe(wanted);
  });
});

describe('an update of the engine', () => {
  const fake = makeFakeWorld();
  const batch = makeFakeBatch(fake, 5, 6, 8, 0.6, true);
  const groups = Array.from({ length: 48 }, (_, row) => Math.floor(row / 8));
  const rows = groups.map((_, row) => decodeTrajectory(batch, fake.description, row, true));

  it('counts every row once', () => {
    const summary = summarizeBatch(batch, groups, true);
    expect(Object.values(summary.verdicts).reduce((sum, n) => sum + n, 0)).toBe(48);
    expect(summary.cuts.reduce((sum, n) => sum + n, 0)).toBe(48);
    expect(summary.verdicts.saved).toBe(rows.filter((row) => row.verdict === 'saved').length);
    expect(summary.wrongDrafts + summary.rightDrafts).toBe(48);
  });

  it('marks groups whose rewards are all equal', () => {
    for (const { group, zeroVariance } of summarizeBatch(batch, groups, true).groups) {
      const rewards = new Set(batch.final.rewards.subarray(8 * group, 8 * group + 8));
      expect(zeroVariance).toBe(rewards.size === 1);
    }
  });

  it('picks a saved row to look at where there is one', () => {
    expect(rows.some((row) => row.verdict === 'saved')).toBe(true);
    expect(rows[tellingRow(batch)]?.verdict).toBe('saved');
  });
});
