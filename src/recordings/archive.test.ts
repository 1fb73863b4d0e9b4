import { describe, expect, it } from 'vitest';
import { makeFakeBatch } from '../testing/page/fake-batch';
import { makeFakeWorld } from '../testing/page/fake-world';
import { BatchArchive } from './archive';
import { decodeTrajectory } from './decode-trajectory';
import { placeOf, sampleBatch, sampledRows, storeBatch } from './stored-batch';

const fake = makeFakeWorld();
const batchOf = (update: number) => makeFakeBatch(fake, update, 4, 8, 0.6, true);

describe('an old batch', () => {
  const stored = storeBatch(batchOf(3), true);
  const sampled = sampleBatch(stored);
  const decode = (from: typeof stored, place: number) =>
    decodeTrajectory(from.batch, fake.description, place, true, from.rows[place]);

  it('keeps the most telling row, best, worst and median reward and every harmful cut', () => {
    const rows = stored.rows.map((place) => decode(stored, place));
    const rewards = rows.map((row) => row.final.reward).sort((a, b) => b - a);
    const kept = sampledRows(stored).map((row) => decode(stored, row));
    const keptRewards = kept.map((row) => row.final.reward);
    for (const wanted of [rewards[0], rewards[16], rewards[31]]) expect(keptRewards).toContain(wanted);
    const harmed = rows.filter((row) => row.verdict === 'harmed').map((row) => row.row);
    expect(harmed.length).toBeGreaterThan(0);
    expect(kept.map((row) => row.row)).toEqual(expect.arrayContaining(harmed));
    // Wrong, cut, right: what a refiner is for is never missing from what is kept of an update that had it.
    expect(kept.map((row) => row.row)).toContain(stored.tellingRow);
    expect(rows[stored.tellingRow]?.verdict).toBe('saved');
    expect(kept.length).toBeLessThanOrEqual(4 + harmed.length);
  });

  it('shows the kept rows exactly as before, under their own numbers', () => {
    expect(sampled.whole).toBe(false);
    expect(sampled.rows).toEqual(sampledRows(stored));
    for (const [place, row] of sampled.rows.entries()) {
      expect(decode(sampled, place)).toEqual({ ...decode(stored, row), place });
      expect(placeOf(sampled, row)).toBe(place);
    }
    expect(sampled.summary).toBe(stored.summary);
    expect(sampled.batch.draft.tokens.length).toBe(sampled.rows.length * sampled.batch.positions);
    expect(sampleBatch(sampled)).toBe(sampled);
  });
});

describe('BatchArchive', () => {
  it('keeps the first update whole where a recording opens on it', () => {
    const archive = new BatchArchive(100, 4, true);
    for (let update = 1; update <= 6; update += 1) archive.add(batchOf(update), true);
    expect(archive.all.map(({ whole }) => whole)).toEqual([true, false, false, true, true, true]);
  });

  it('keeps the newest whole, samples older ones, drops the oldest and counts all three', () => {
    const archive = new BatchArchive(100, 4);
    for (let update = 1; update <= 10; update += 1) archive.add(batchOf(update), true);
    // 32 rows each: three fit.
    expect(archive.counts()).toEqual({ whole: 3, wholeFrom: 8, sampled: 4, first: 4, dropped: 3 });
    expect(archive.nearest(1)?.batch.update).toBe(4);
    expect(archive.nearest(9)?.whole).toBe(true);
    expect(archive.nearest(7)?.whole).toBe(false);
  });

  it('holds an update as it was while it grows old', () => {
    const archive = new BatchArchive(40, 4);
    archive.add(batchOf(1), true);
    archive.hold();
    for (let update = 2; update <= 9; update += 1) archive.add(batchOf(update), true);
    expect(archive.shown).toMatchObject({ whole: true, batch: { update: 1 } });
    expect(archive.neighbour(1)).toBe(5);
    archive.hold(7);
    expect(archive.shown?.batch.update).toBe(7);
    expect([archive.neighbour(-1), archive.neighbour(1)]).toEqual([6, 8]);
    archive.release();
    expect(archive.shown?.batch.update).toBe(9);
    expect(archive.neighbour(1)).toBeNull();
  });

  it('forgets updates that a run repeats', () => {
    const archive = new BatchArchive();
    for (const update of [1, 2, 3, 2]) archive.add(batchOf(update), true);
    expect(archive.counts()).toMatchObject({ whole: 2, first: 1 });
    expect(archive.newest?.batch.update).toBe(2);
  });
});
