import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/assert';
import { makeFakeRecording } from '../testing/page/fake-recording';
import { decodeCapsule, encodeCapsule } from './capsule';
import { isCapsule, packCapsule, unpackCapsule } from './capsule-file';
import type { Column } from './capsule-file';
import { joinRecordings, recordingUntil } from './recording';
import { keepRows } from './stored-batch';

const recording = makeFakeRecording(5);
const file = await encodeCapsule(recording);
const { header, columns } = await unpackCapsule(file, 'f');

/** Bytes of the line that a file begins with. */
const START = 'cutpoint-capsule/1\n'.length;
const repacked = (change: Record<string, unknown>, list: Column[] = [...columns.values()]) =>
  packCapsule(2, { ...header, ...change }, list);
const message = (bytes: Uint8Array<ArrayBuffer>) =>
  decodeCapsule(bytes, 'f').then(
    () => 'was read',
    (error: unknown) => (error instanceof UserError ? error.message : `no UserError: ${String(error)}`),
  );

describe('a capsule', () => {
  it('gives back the whole recording, bit for bit', async () => {
    expect(isCapsule(file)).toBe(true);
    expect(await decodeCapsule(file, 'f')).toEqual(recording);
  });

  it('keeps what is undefined, -Infinity and the sign of zero', async () => {
    const [row] = recording.metrics;
    const [stored] = recording.batches;
    if (!row || !stored) throw new Error('The fake recording is empty.');
    const batch = { ...stored.batch, reviewLogProbs: stored.batch.reviewLogProbs.slice().fill(-Infinity) };
    batch.advantages[0] = -0;
    const odd = {
      ...recording,
      metrics: [{ ...row, metrics: { harmedRate: null, rewardMean: 0.1 } }],
      batches: [{ ...stored, batch }],
    };
    const back = await decodeCapsule(await encodeCapsule(odd), 'f');
    expect(back.metrics[0]?.metrics).toEqual({ harmedRate: null, rewardMean: 0.1 });
    expect(back.batches[0]?.batch.reviewLogProbs).toEqual(batch.reviewLogProbs);
    expect(Object.is(back.batches[0]?.batch.advantages[0], -0)).toBe(true);
  });

  it('holds the facts of a world of somebody’s own as they were written', async () => {
    const ownWorld = { name: 'Ödön’s', text: '\ufeff# mine\r\nA\tr\tBé\n', hash: '0123456789abcdef' };
    const bytes = await encodeCapsule({ ...recording, ownWorld });
    expect((await decodeCapsule(bytes, 'f')).ownWorld).toEqual(ownWorld);
    // Whatever shows version 1 shows one without.
    const lineOf = (of: Uint8Array) => new TextDecoder().decode(of.subarray(0, 19));
    expect([lineOf(file), lineOf(bytes)]).toEqual(['cutpoint-capsule/1\n', 'cutpoint-capsule/2\n']);
  });

  it('may be empty', async () => {
    const empty = { ...recordingUntil(recording, 0), batches: [], checkpoints: [] };
    expect(await decodeCapsule(await encodeCapsule(empty), 'f')).toEqual(empty);
  });

  it('stores an accepted draft once', () => {
    const rows = recording.batches.reduce((sum, { rows: kept }) => sum + kept.length, 0);
    const cut = recording.batches.reduce((sum, { batch }) => sum + batch.cuts.filter((step) => step > 0).length, 0);
    expect(cut).toBeLessThan(rows);
    expect(columns.get('draft.em')?.bytes).toHaveLength(rows);
    expect(columns.get('final.em')?.bytes.length).toBeLessThanOrEqual(cut);
  });
});

describe('a file that is no usable capsule', () => {
  it.each([
    ['nothing', new Uint8Array(), 'does not begin'],
    ['other text', new TextEncoder().encode('cutpoint-capsul'), 'does not begin'],
    ['a newer version', new TextEncoder().encode('cutpoint-capsule/3\n...'), 'reads up to cutpoint-capsule/2'],
    ['no gzip', new TextEncoder().encode('cutpoint-capsule/1\nplain text'), 'damaged or was cut off'],
    ['half of one', file.slice(0, file.length >> 1), 'damaged or was cut off'],
    ['one with a tail', Uint8Array.from([...file, 1, 2, 3]), 'damaged or was cut off'],
  ])('is refused: %s', async (_, bytes, wanted) => {
    expect(await message(bytes)).toContain(wanted);
  });

  it('is refused when it unpacks to more than memory should hold', async () => {
    const zeros = new Uint8Array(2 ** 26);
    const bomb = new Blob(Array.from({ length: 9 }, () => zeros)).stream().pipeThrough(new CompressionStream('gzip'));
    const packed = await new Response(bomb).bytes();
    const bytes = Uint8Array.from([...new TextEncoder().encode('cutpoint-capsule/1\n'), ...packed]);
    expect(bytes.length).toBeLessThan(1e6);
    expect(await message(bytes)).toContain('more than 512 MiB');
  });

  const batches = header['batches'];
  const list: readonly unknown[] = Array.isArray(batches) ? batches : [];
  const [first] = list;
  const changed = (change: object) => ({ batches: [Object.assign({}, first, change)] });
  it.each([
    ['no settings', { config: null }, '"config"'],
    ['a setting that there is not', { config: { futureSetting: 1 } }, 'futureSetting'],
    ['a world without words', { world: { id: 'x', title: 'x' } }, '"world.special" is not'],
    ['too many updates', { rows: 1e9 }, '"rows"'],
    ['more updates than its columns', { rows: 6 }, '"update" is missing, too short'],
    ['fewer updates than its columns', { rows: 4 }, 'longer than it should be'],
    ['trajectories that are not there', changed({ rows: 9 }), 'rows that there are not'],
    ['rows beyond the group', changed({ prompts: 1, groupSize: 1 }), 'rows that there are not'],
    ['rows of enormous length', changed({ positions: 1e9 }), '"batches[0].positions"'],
    [
      'a sample without its counts',
      changed({ sampled: { tellingRow: 99, summary: {} } }),
      '"batches[0].sampled.summary.verdicts"',
    ],
    ['an enormous checkpoint', { checkpoints: [{ update: 5, weightsHash: '', bytes: 2 ** 31 }] }, 'checkpoint.0'],
    ['facts that are not there', { triples: { name: 'w', hash: '', bytes: 5 } }, 'column "triples" is missing'],
    ['an enormous world', { triples: { name: 'w', hash: '', bytes: 2 ** 30 } }, '"triples.bytes"'],
    ['a text for a number', { update: '5' }, '"update" is not a whole number'],
    ['updates in no order', { update: 2 }, 'in no order'],
  ])('is refused: %s', async (_, change, wanted) => {
    expect(await message(await repacked(change))).toContain(wanted);
  });

  it('is refused when it claims far more trajectories than it has', async () => {
    const many = Array.from({ length: 2000 }, (_, i) =>
      Object.assign({}, first, { update: i + 1, rows: 4096, prompts: 64, groupSize: 64 }),
    );
    expect(await message(await repacked({ batches: many }))).toContain('more trajectories than a page can hold');
  });

  it('never does anything but be read or refused in words', { timeout: 120_000 }, async () => {
    const { batches, ...one } = makeFakeRecording(1);
    // The less there is, the more of it is hit.
    const small = await encodeCapsule({ ...one, batches: batches.map((stored) => keepRows(stored, [0])) });
    const body = new Uint8Array(gunzipSync(small.subarray(START)));
    const headerLength = new DataView(body.buffer).getUint32(0, true);
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('file', 'header', 'all'), flips, async (where, changes) => {
        const unpacked = body.slice();
        const bytes = small.slice();
        for (const [at, value] of changes) {
          if (where === 'file') bytes[at % bytes.length] = value;
          else if (where === 'header') unpacked[4 + (at % headerLength)] = value & 0x7f;
          else unpacked[at % unpacked.length] = value;
        }
        const packed = where === 'file' ? bytes.subarray(START) : gzipSync(unpacked, { level: 1 });
        const whole = Uint8Array.from([...bytes.subarray(0, START), ...packed]);
        expect(await message(whole)).not.toContain('no UserError');
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('parts of a recording', () => {
  it('are what was there after an update', () => {
    const early = recordingUntil(recording, 3);
    expect(early).toMatchObject({ update: 3, evaluations: [], checkpoints: [] });
    expect(early.metrics.map((row) => row.update)).toEqual([1, 2, 3]);
    expect(early.batches.map(({ batch }) => batch.update)).toEqual([1, 2, 3]);
  });

  it('are joined to the whole, the later one wins', () => {
    const joined = joinRecordings([makeFakeRecording(3), makeFakeRecording(4, 3), makeFakeRecording(1, 7)]);
    expect(joined?.metrics.map((row) => row.update)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(joined?.batches.map(({ batch }) => batch.update)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(joined?.update).toBe(7);
    expect(joinRecordings([])).toBeNull();
  });
});
