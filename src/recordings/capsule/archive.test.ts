import { describe, expect, it } from 'vitest';
import { makeFakeBatch } from '../../testing/page/fake-batch';
import { makeFakeWorld } from '../../testing/page/fake-world';
import { numbersBatch } from '../../testing/page/hand-batch';
import { BatchArchive } from './archive';
import { decodeTrajectory } from '../decode-trajectory';
import { placeOf, sampleBatch, sampledRows, storeBatch } from '../stored-batch';

const fake = makeFakeWorld();
const batchOf = (update: number) => makeFakeBatch(fake, update, 4, 8, 0.6, true);

describe('an old batch', () => {
  const stored = storeBatch(batchOf(3), true);
  const sampled = sampleBatch(stored);
  const decode = (from: typeof stored, place: number) =>
    decodeTrajectory(from.batch, fake.description, place, true, from.rows[place]);

  it('keeps the most telling row, best, worst and median reward and every harmful cut', () => {
    const rows = stored.rows.map((place) => decode(stored, place));
    const rewards = rows.map((row) => row.final.reward ?? NaN).sort((a, b) => b - a);
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

/** Of one row, so that what is kept can be counted by hand. */
const rowsOf = (archive: BatchArchive) =>
  archive.all.map(({ batch, rows, whole }) => [batch.update, rows.length, whole]);
const five = (update: number) => numbersBatch([{ reward: 1 }, { reward: 2 }, {}, {}, { reward: 1.5 }], { update });

describe('an archive of at most ten trajectories', () => {
  it('samples all that does not fit, but never the newest, however large', () => {
    const archive = new BatchArchive(10, 9);
    archive.add(five(1), true);
    archive.add(five(2), true);
    expect(rowsOf(archive)).toEqual([
      [1, 5, true],
      [2, 5, true],
    ]);
    archive.add(five(3), true);
    expect(rowsOf(archive)).toEqual([
      [1, 3, false],
      [2, 5, true],
      [3, 5, true],
    ]);
    archive.add(numbersBatch(Array(11).fill({}), { update: 4 }), true);
    expect(rowsOf(archive)).toEqual([
      [1, 3, false],
      [2, 3, false],
      [3, 3, false],
      [4, 11, true],
    ]);
    expect(archive.counts()).toEqual({ whole: 1, wholeFrom: 4, sampled: 3, first: 1, dropped: 0 });
  });

  it('samples whole ones between sampled ones, as a run that was continued has them', () => {
    const archive = new BatchArchive(10, 9);
    archive.addStored(storeBatch(five(1), true));
    archive.addStored(sampleBatch(storeBatch(five(2), true)));
    archive.addStored(storeBatch(five(3), true));
    archive.addStored(storeBatch(five(4), true));
    expect(rowsOf(archive)).toEqual([
      [1, 3, false],
      [2, 3, false],
      [3, 5, true],
      [4, 5, true],
    ]);
  });

  it('says nothing while nothing is kept', () => {
    const archive = new BatchArchive();
    expect(archive.counts()).toEqual({ whole: 0, wholeFrom: null, sampled: 0, first: null, dropped: 0 });
    expect([archive.newest, archive.shown, archive.nearest(3), archive.neighbour(1)]).toEqual([null, null, null, null]);
    expect(archive.hold(3)).toBeNull();
  });
});

describe('the update on screen', () => {
  const archived = (...updates: number[]) => {
    const archive = new BatchArchive();
    for (const update of updates) archive.add(five(update), true);
    return archive;
  };
  const shown = (archive: BatchArchive) => archive.shown?.batch.update ?? null;

  it('is the nearest one that is kept, the earlier one of two', () => {
    const archive = archived(2, 4, 8);
    expect([0, 2, 3, 5, 6, 7, 99].map((update) => archive.nearest(update)?.batch.update)).toEqual([
      2, 2, 2, 4, 4, 8, 8,
    ]);
  });

  it('stays on screen when it is held anew, and has neighbours though it is kept no more', () => {
    const archive = archived(2, 4, 8);
    expect(archive.hold(5)?.batch.update).toBe(4);
    expect(archive.hold()?.batch.update).toBe(4);
    expect([archive.neighbour(-1), archive.neighbour(1)]).toEqual([2, 8]);
    // The run went back: update 4 is another one now, and 8 is gone.
    archive.add(five(3), true);
    archive.add(five(6), true);
    expect(shown(archive)).toBe(4);
    expect([archive.neighbour(-1), archive.neighbour(1)]).toEqual([3, 6]);
    archive.hold(2);
    expect(archive.neighbour(-1)).toBeNull();
    archive.release();
    expect([shown(archive), archive.neighbour(-1), archive.neighbour(1)]).toEqual([6, 3, null]);
  });

  it('goes with everything else when it is cleared or exchanged', () => {
    const [archive, other] = [archived(1, 2, 3), new BatchArchive(10, 1)];
    for (const update of [5, 6, 7, 8, 9]) other.add(five(update), true);
    archive.hold(2);
    archive.swap(other);
    expect([shown(archive), archive.counts().dropped]).toEqual([9, 2]);
    expect([shown(other), other.counts().dropped]).toEqual([2, 0]);
    other.clear();
    expect([shown(other), other.all]).toEqual([null, []]);
    archive.clear();
    expect(archive.counts().dropped).toBe(0);
  });

  it('is decoded once, and anew in another world', () => {
    const archive = archived(1, 2);
    const [first, second] = archive.all;
    if (!first || !second) throw new Error('nothing is kept');
    const views = archive.viewsOf(first, fake.description);
    expect(views.at(0).final.reward).toBe(1);
    expect(archive.viewsOf(first, fake.description)).toBe(views);
    const other = archive.viewsOf(first, { ...fake.description });
    expect(other).not.toBe(views);
    expect(archive.viewsOf(second, fake.description).stored).toBe(second);
  });

  it('forgets an update 0 too, when it is repeated', () => {
    expect(archived(0, 0).all).toHaveLength(1);
  });
});
