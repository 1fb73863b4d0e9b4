/** Whatever is in a file, it is read or refused in words: nothing hangs, and nothing else is thrown. 10,000 cases a format. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configForPreset } from '../config/schema';
import { UserError } from '../lib/assert';
import { factsBeside, fromFolder, toFolder } from './checkpoint-folder';
import { dictionaryHash, readHeader } from './checkpoint-header';
import { unzipFolder, zipFolder } from './checkpoint-zip';
import { decodeSafetensors, encodeSafetensors } from './safetensors';

const CASES = { numRuns: 10_000 };
const STRINGS = ['<pad>', '<bos>', '<eos>', 'relation:r', 'city:A'];
const SPECIAL = { pad: 0, bos: 1, eos: 2, think: 0, endThink: 0, search: 0, endSearch: 0, answer: 0, endAnswer: 0 };
const DICTIONARY = { strings: STRINGS, special: SPECIAL, relationBase: 3 };
const RUN = encodeSafetensors(
  [
    { name: 'model.embed_tokens.weight', shape: [5, 32], data: new Float32Array(160) },
    { name: 'optimizer.m', shape: [3], data: new Float32Array(3) },
  ],
  {
    ...{ format: 'cutpoint-checkpoint/1', world: 'mine', dictionary: dictionaryHash(STRINGS) },
    ...{ config: JSON.stringify(configForPreset('search-r1', { size: 'tiny' })), update: '3', optimizerStep: '3' },
  },
);
const FILES = toFolder(RUN, DICTIONARY, 'mine', 'f', 'a\tb\tc\n');
const ZIP = zipFolder(FILES, 'f');

/** A few bytes are others, or what follows one of them is cut off, or bytes are put in. */
const damage = fc.record({
  flips: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
  cutAt: fc.option(fc.nat(), { nil: null, freq: 4 }),
  inserted: fc.option(fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 12 })), { nil: null, freq: 4 }),
});
type Damage = typeof damage extends fc.Arbitrary<infer D> ? D : never;

/** @param within damage up to there, since the header decides more than the numbers do */
function damaged(bytes: Uint8Array, { flips, cutAt, inserted }: Damage, within: number): Uint8Array<ArrayBuffer> {
  const [at, more] = inserted ?? [0, new Uint8Array(0)];
  const place = at % within;
  const list = new Uint8Array(bytes.length + more.length);
  list.set(bytes.subarray(0, place));
  list.set(more, place);
  list.set(bytes.subarray(place), place + more.length);
  for (const [flip, value] of flips) list[flip % within] = value;
  return cutAt === null ? list : list.slice(0, cutAt % list.length);
}

/** @returns whether it was read */
function readOrRefused(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).not.toBe('');
    return false;
  }
}

describe('a damaged file', () => {
  it('of safetensors is read or refused', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(damage, fc.uint8Array({ maxLength: 200 })), (how) => {
        const bytes = how instanceof Uint8Array ? how : damaged(RUN, how, 8 + 700);
        read += Number(readOrRefused(() => readHeader(decodeSafetensors(bytes, 'f'), 'f')));
      }),
      CASES,
    );
    // Neither is a matter of course.
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(10_000);
  });

  it('of a header that lies is read or refused', () => {
    const size = fc.oneof(fc.integer({ min: -9, max: 700 }), fc.constantFrom(2 ** 31, 2 ** 53, 1e300, 0.5));
    const value = fc.oneof(size, fc.string({ maxLength: 5 }), fc.constant(null), fc.array(size, { maxLength: 4 }));
    const entry = fc.record(
      { dtype: fc.constantFrom('F32', 'F16', '', null), shape: value, data_offsets: value },
      { requiredKeys: [] },
    );
    const names = fc.constantFrom('model.embed_tokens.weight', 'a', '__metadata__', '__proto__', 'constructor', '');
    const header = fc.array(fc.tuple(names, fc.oneof(entry, value)), { maxLength: 4 });
    fc.assert(
      fc.property(header, fc.bigInt({ min: -4n, max: 4n }), fc.nat(64), (entries, lie, data) => {
        const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
        const bytes = new Uint8Array(8 + json.length + data);
        new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(json.length) + lie), true);
        bytes.set(json, 8);
        readOrRefused(() => readHeader(decodeSafetensors(bytes, 'f'), 'f'));
      }),
      CASES,
    );
  });

  it('of a checkpoint’s zip is read or refused', () => {
    fc.assert(
      fc.property(damage, fc.boolean(), (how, atEnd) => {
        // The directory of a zip lies at its end.
        const turned = atEnd ? ZIP.toReversed() : ZIP;
        const bytes = damaged(turned, how, 900);
        readOrRefused(() => {
          const files = unzipFolder(atEnd ? bytes.toReversed() : bytes, 'f');
          factsBeside(files);
          return fromFolder(files, 'f');
        });
      }),
      CASES,
    );
  });

  it('in a checkpoint’s folder is read or refused', () => {
    const names = [...FILES.keys()];
    fc.assert(
      fc.property(fc.subarray(names), fc.constantFrom(...names), damage, (kept, broken, how) => {
        const files = new Map(kept.map((name) => [name, FILES.get(name) ?? new Uint8Array(0)]));
        const one = files.get(broken);
        if (one !== undefined) files.set(broken, damaged(one, how, Math.min(one.length, 600)));
        readOrRefused(() => {
          factsBeside(files);
          return fromFolder(files, 'f');
        });
      }),
      CASES,
    );
  });
});
