import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/assert';
import { expectSchema } from '../testing/schemas/expect-schema';
import { decodeCapsule } from './capsule/capsule';
import { encodeSweeps, readSweeps } from './stored-sweeps';
import type { StoredSweeps } from './stored-sweeps';

const SWEEP = {
  ...{ update: 7, firstReplicate: 0, replicates: 2 },
  rewards: Float32Array.of(0, 4 / 3, 5 / 3, 2),
  em: Uint8Array.of(0, 1, 1, 1),
};
const SWEEPS: StoredSweeps = { adapter: 'llvmpipe', update: 7, drafts: new Map([[3, SWEEP]]) };
const there = (): unknown => JSON.parse(JSON.stringify(encodeSweeps(SWEEPS)));

describe('stored sweeps', () => {
  it('come back to the last bit, as their schema says', () => {
    expectSchema('sweeps', [there()]);
    expect(readSweeps(there(), 'f')).toEqual(SWEEPS);
  });

  it.each([
    ['no object', [], 'it is no JSON object'],
    ['something else', { format: 'cutpoint-run/1' }, 'it does not say that it is one'],
    ['no whole drafts', { format: 'cutpoint-sweeps/1', drafts: [{ row: 1 }] }, 'its "drafts[0].replicates" is not'],
    [
      'numbers that are no rows of replicates',
      {
        format: 'cutpoint-sweeps/1',
        drafts: [{ row: 1, weights: 1, firstReplicate: 0, replicates: 2, rewards: [1, 2, 0], em: [1, 1, 0] }],
      },
      'the numbers of a draft do not fit its replicates',
    ],
  ])('are refused where there is %s', (_, json, what) => {
    expect(() => readSweeps(json, 'The file')).toThrow(`The file is no usable file of sweeps: ${what}`);
  });

  it('of which something is another value or missing are read or refused in words, 10,000 times', () => {
    const places = ['', 'format', 'adapter', 'update', 'drafts'];
    const ofDraft = ['row', 'weights', 'firstReplicate', 'replicates', 'rewards', 'em', '__proto__'];
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(undefined, -1, 0.5, 1e300, [1e300], [[0]], 2),
    );
    let read = 0;
    fc.assert(
      fc.property(fc.constantFrom(...places, ...ofDraft), value, (place, other) => {
        const draft = { row: 3, weights: 7, firstReplicate: 0, replicates: 2, rewards: [0, 1, 2, 2], em: [0, 1, 1, 1] };
        const whole = { format: 'cutpoint-sweeps/1', adapter: 'llvmpipe', update: 7 };
        const changed = (object: object): object => ({ ...object, [place]: other });
        const drafts = [ofDraft.includes(place) ? changed(draft) : draft];
        const file =
          place === '' ? other : places.includes(place) ? changed({ ...whole, drafts }) : { ...whole, drafts };
        try {
          readSweeps(file, 'f');
          read += 1;
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
        }
      }),
      { numRuns: 10_000 },
    );
    // Neither is a matter of course.
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(10_000);
  });

  it('of the example are of its newest drafts, every cut of each, by the weights after that update', async () => {
    const file: unknown = JSON.parse(readFileSync('public/capsules/example-sweeps.json', 'utf8'));
    expectSchema('sweeps', [file]);
    const { update, adapter, drafts } = readSweeps(file, 'The sweeps');
    const example = await decodeCapsule(new Uint8Array(readFileSync('public/capsules/example.capsule')), 'f');
    const newest = example.batches.at(-1);
    expect({ update, adapter }).toEqual({ update: example.update, adapter: example.adapter });
    const cuts = newest?.rows.map((row, place): [number, number] => [row, newest.batch.draft.stepCounts[place] ?? 0]);
    expect(Array.from(drafts, ([row, { rewards, replicates }]) => [row, rewards.length / replicates])).toEqual(
      cuts?.filter(([, steps]) => steps > 0),
    );
    expect(new Set(Array.from(drafts.values(), (sweep) => [sweep.update, sweep.replicates].join()))).toEqual(
      new Set([`${update},16`]),
    );
  });
});
