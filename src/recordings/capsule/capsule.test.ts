import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configForPreset } from '../../config/schema';
import { UserError } from '../../lib/assert';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { numbersBatch } from '../../testing/page/hand-batch';
import { expectSchema } from '../../testing/schemas/expect-schema';
import { capsuleHeader } from '../../testing/schemas/read-headers';
import { decodeCapsule, encodeCapsule } from './capsule';
import { isCapsule, packCapsule, unpackCapsule } from './capsule-file';
import type { Column } from './capsule-file';
import { recordingUntil } from '../recording';
import type { Recording } from '../recording';
import { keepRows, storeBatch } from '../stored-batch';

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

  it('keeps what reviews wrote down, in a version of its own', async () => {
    const [stored] = recording.batches;
    if (!stored) throw new Error('The fake recording is empty.');
    const reviewThoughts = Uint16Array.from({ length: 4 * stored.batch.cuts.length }, (_, i) => i % 7);
    const thinking = { ...recording, batches: [{ ...stored, batch: { ...stored.batch, reviewThoughts } }] };
    const bytes = await encodeCapsule(thinking);
    expect(new TextDecoder().decode(bytes.subarray(0, 19))).toBe('cutpoint-capsule/3\n');
    expect((await decodeCapsule(bytes, 'f')).batches[0]?.batch).toEqual(thinking.batches[0]?.batch);
    expectSchema('capsule', [capsuleHeader(bytes)]);
    const [first] = keepRows(thinking.batches[0]!, [1]).batch.reviewThoughts ?? [];
    expect(first).toBe(4);
  });

  it('holds the facts of a world of somebody’s own as they were written', async () => {
    const ownWorld = { name: 'Ödön’s', text: '\ufeff# mine\r\nA\tr\tBé\n', hash: '0123456789abcdef' };
    const bytes = await encodeCapsule({ ...recording, ownWorld });
    expect((await decodeCapsule(bytes, 'f')).ownWorld).toEqual(ownWorld);
    // Whatever shows version 1 shows one without.
    const lineOf = (of: Uint8Array) => new TextDecoder().decode(of.subarray(0, 19));
    expect([lineOf(file), lineOf(bytes)]).toEqual(['cutpoint-capsule/1\n', 'cutpoint-capsule/2\n']);
    expectSchema('capsule', [capsuleHeader(file), capsuleHeader(bytes)]);
  });

  it('begins at update 0, and has checkpoints of any length, each as it was', async () => {
    const bytes = [0, 1, 3, 4, 7, 8].map((length) => Uint8Array.from({ length }, (_, k) => 200 + k));
    const all = {
      ...recording,
      metrics: [{ update: 0, updateMs: 2.5, metrics: {} }],
      batches: [storeBatch(numbersBatch([{ reward: 0.5 }], { update: 0 }), true)],
      checkpoints: bytes.map((of, update) => ({ update, weightsHash: `hash ${update}`, bytes: of })),
    };
    expect(await decodeCapsule(await encodeCapsule(all), 'f')).toEqual(all);
  });

  it('has the part of a buffer that a checkpoint is, and that part alone', async () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, k) => k).subarray(4, 12);
    const all = { ...recording, checkpoints: [{ update: 5, weightsHash: '', bytes }] };
    expect((await decodeCapsule(await encodeCapsule(all), 'f')).checkpoints[0]?.bytes).toEqual(bytes.slice());
  });

  it('gives no verdicts where the run has no refiner', async () => {
    const config = configForPreset('search-r1');
    const all = { ...recording, config, batches: [storeBatch(numbersBatch([{}]), false)] };
    expect((await decodeCapsule(await encodeCapsule(all), 'f')).batches).toEqual(all.batches);
  });

  it('holds the newest numbers, as many as a page keeps', async () => {
    const metrics = Array.from({ length: 4003 }, (_, k) => ({ update: k + 1, updateMs: Infinity, metrics: { k } }));
    const all = { ...recording, update: 4003, metrics, batches: [], checkpoints: [] };
    const back = await decodeCapsule(await encodeCapsule(all), 'f');
    expect(back.metrics).toHaveLength(4000);
    // A duration that nobody knows.
    expect(back.metrics[0]).toEqual({ update: 4, updateMs: 0, metrics: { k: 3 } });
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
    ['a newer version', new TextEncoder().encode('cutpoint-capsule/4\n...'), 'reads up to cutpoint-capsule/3'],
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
    ['updates in no order', { update: 2 }, 'the updates of its metrics are in no order'],
    ['a metric twice', { metrics: ['emFinal', 'emFinal'] }, 'its list of metrics cannot be read'],
    [
      'a thousand and one metrics',
      { metrics: Array.from({ length: 1001 }, (_, k) => `m${k}`) },
      'its list of metrics cannot be read',
    ],
    ['a metric without a column', { metrics: ['unheardOf'] }, 'column "metric.unheardOf" is missing'],
  ])('is refused: %s', async (_, change, wanted) => {
    expect(await message(await repacked(change))).toContain(wanted);
  });

  it('is refused when it claims far more trajectories than it has', async () => {
    const many = Array.from({ length: 2000 }, (_, i) =>
      Object.assign({}, first, { update: i + 1, rows: 4096, prompts: 64, groupSize: 64 }),
    );
    expect(await message(await repacked({ batches: many }))).toContain('more trajectories than a page can hold');
  });

  const at = (...updates: number[]) => updates.map((update) => ({ update, updateMs: 1, metrics: {} }));
  const stored = (...updates: number[]) => {
    return updates.map((update) => storeBatch(numbersBatch([{}], { update }), true));
  };
  const checkpoints = (...updates: number[]) => {
    return updates.map((update) => ({ update, weightsHash: '', bytes: new Uint8Array(4) }));
  };
  const none = { ...recording, update: 5, metrics: [], batches: [], checkpoints: [], evaluations: [], marks: [] };
  it.each<[what: string, odd: Partial<Recording>, wanted: string]>([
    ['a negative update', { metrics: at(-1) }, 'metrics'],
    ['half an update', { metrics: at(1.5) }, 'metrics'],
    ['an update twice', { metrics: at(1, 1) }, 'metrics'],
    ['an update beyond the last', { metrics: at(4, 6) }, 'metrics'],
    ['trajectories that go back', { batches: stored(2, 1) }, 'trajectories'],
    ['a checkpoint twice', { checkpoints: checkpoints(3, 3) }, 'checkpoints'],
  ])('is refused where updates are in no order: %s', async (_, odd, wanted) => {
    const bytes = await encodeCapsule({ ...none, ...odd });
    expect(await message(bytes)).toContain(`the updates of its ${wanted} are in no order`);
  });

  it('is refused where the facts of its world are no text', async () => {
    const ownWorld = { name: 'w', text: 'abc', hash: '' };
    const whole = await unpackCapsule(await encodeCapsule({ ...none, ownWorld }), 'f');
    const list = [...whole.columns.values()];
    const broken = list.map((one) => (one.name === 'triples' ? { ...one, bytes: Uint8Array.of(255, 254, 253) } : one));
    expect(await message(await packCapsule(2, whole.header, broken))).toContain('the facts of its world are no text');
    const nameless = { ...whole.header, triples: { hash: '', bytes: 3 } };
    expect(await message(await packCapsule(2, nameless, list))).toContain('"triples.name" is not text');
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
