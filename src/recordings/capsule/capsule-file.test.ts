import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../lib/assert';
import { isCapsule, join, packCapsule, unpackCapsule, unusable, widthOf } from './capsule-file';
import type { Column, NumberType } from './capsule-file';

const encode = (text: string) => new TextEncoder().encode(text);
const column = (name: string, type: NumberType, bytes: readonly number[]): Column => ({
  name,
  type,
  bytes: Uint8Array.from(bytes),
});

/** A file by hand: its first line, then gzip of the length of the header, the header and what follows it. */
function byHand(
  header: string | Uint8Array,
  data: readonly number[] = [],
  line = 'cutpoint-capsule/1\n',
  length?: number,
) {
  const json = typeof header === 'string' ? encode(header) : header;
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, length ?? json.length, true);
  return join([encode(line), gzipSync(join([size, json, Uint8Array.from(data)]))]);
}

async function refusal(file: Uint8Array<ArrayBuffer>): Promise<{ message: string; hint: string | undefined }> {
  try {
    await unpackCapsule(file, 'it.capsule');
  } catch (error) {
    if (error instanceof UserError) return { message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error('It was read.');
}

describe('isCapsule', () => {
  it.each([
    ['cutpoint-capsule/1\n', true],
    ['cutpoint-capsule/999999999\nrest', true],
    [`cutpoint-capsule/2\n${'x'.repeat(100)}`, true],
    ['cutpoint-capsule/1', false],
    ['cutpoint-capsule/x\n', false],
    ['cutpoint-capsule/0\n', false],
    ['cutpoint-capsule/01\n', false],
    ['cutpoint-capsule/1234567890\n', false],
    [' cutpoint-capsule/1\n', false],
    [`${' '.repeat(64)}cutpoint-capsule/1\n`, false],
    ['', false],
  ])('%j: %s', (text, wanted) => {
    expect(isCapsule(encode(text))).toBe(wanted);
  });
});

describe('the bytes of a capsule', () => {
  it('are a line, then gzip of header and columns, all first bytes of a column before all second ones', async () => {
    const columns = [column('a', 'u8', [7]), column('b', 'u16', [1, 2, 3, 4, 5, 6]), column('c', 'i32', [])];
    const file = await packCapsule(2, { x: 1 }, columns);
    expect(new TextDecoder().decode(file.subarray(0, 19))).toBe('cutpoint-capsule/2\n');
    const body = new Uint8Array(gunzipSync(file.subarray(19)));
    const json = '{"x":1,"columns":[["a","u8",1],["b","u16",3],["c","i32",0]]}';
    expect(new DataView(body.buffer).getUint32(0, true)).toBe(json.length);
    expect(new TextDecoder().decode(body.subarray(4, 4 + json.length))).toBe(json);
    expect([...body.subarray(4 + json.length)]).toEqual([7, 1, 3, 5, 2, 4, 6]);
    const read = await unpackCapsule(file, 'f');
    expect(read.header).toEqual({ x: 1 });
    expect([...read.columns.values()]).toEqual(columns);
    expect((['u8', 'u16', 'i32', 'f32', 'f64'] as const).map(widthOf)).toEqual([1, 2, 4, 4, 8]);
  });

  it('come back as they went, whatever the columns', async () => {
    const type = fc.constantFrom<NumberType>('u8', 'u16', 'i32', 'f32', 'f64');
    const one = fc.tuple(type, fc.array(fc.nat(255), { maxLength: 6 })).map(([kind, list]) => ({
      kind,
      bytes: list.flatMap((value) => Array.from({ length: widthOf(kind) }, (_, k) => (value + 31 * k) % 256)),
    }));
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 4 }), fc.string(), async (list, note) => {
        const columns = list.map(({ kind, bytes }, k) => column(`c${k}`, kind, bytes));
        const read = await unpackCapsule(await packCapsule(1, { note }, columns), 'f');
        expect(read.header).toEqual({ note });
        expect([...read.columns.values()]).toEqual(columns);
      }),
      { numRuns: 40 },
    );
  });

  it('may end with the last column, and hold none at all', async () => {
    const { columns } = await unpackCapsule(byHand('{"columns":[["a","u16",1]]}', [1, 2]), 'f');
    expect(columns.get('a')).toEqual(column('a', 'u16', [1, 2]));
    expect((await unpackCapsule(byHand('{"columns":[]}'), 'f')).columns.size).toBe(0);
  });
});

describe('a capsule that cannot be used', () => {
  const list = (columns: string) => `{"columns":${columns}}`;
  it.each<[what: string, file: Uint8Array<ArrayBuffer>, told: string]>([
    [
      'of a later version',
      byHand(list('[]'), [], 'cutpoint-capsule/4\n'),
      'this version reads up to cutpoint-capsule/3',
    ],
    ['without its line', byHand(list('[]'), [], ''), 'it does not begin as a capsule does'],
    [
      'without a header',
      Uint8Array.from([...encode('cutpoint-capsule/1\n'), ...gzipSync('abc')]),
      'it ends before its header',
    ],
    ['with a header beyond its end', byHand(list('[]'), [], undefined, 15), 'its header does not fit'],
    ['with an endless header', byHand(new Uint8Array(2 ** 25 + 1)), 'its header does not fit'],
    ['with a header as long as can be', byHand(new Uint8Array(2 ** 25)), 'its header is not JSON'],
    ['with a header that is no JSON', byHand('{"columns":'), 'its header is not JSON'],
    ['with a header that is no object', byHand('null'), 'its header is not JSON'],
    ['with a header that is a number', byHand('7'), 'its header is not JSON'],
    ['with a header that is a list', byHand('[]'), 'its header is not JSON'],
    ['with a header that is no text', byHand(Uint8Array.of(0xff, 0xfe, 0x7b)), 'its header is not JSON'],
    [
      'with a header whose text is no UTF-8',
      byHand(join([encode('{"columns":[],"x":"'), Uint8Array.of(0xff), encode('"}')])),
      'its header is not JSON',
    ],
    [
      'with more columns than anything has',
      byHand(list(`[${'["a","u8",0],'.repeat(20_000)}["a","u8",0]]`)),
      'its header lists more than 20000 columns',
    ],
    ['without a list of columns', byHand('{"columns":{}}'), 'its header lists no columns'],
    ['with a column of no parts', byHand(list('[[]]')), 'column 1 of its header cannot be read'],
    ['with a column that is none', byHand(list('[["a","u8",1],7]'), [1]), 'column 2 of its header cannot be read'],
    ['with a column without a name', byHand(list('[[1,"u8",1]]'), [1]), 'column 1 of its header'],
    ['with a column of no type', byHand(list('[["a","u9",1]]'), [1]), 'column 1 of its header'],
    ['with a column of an inherited type', byHand(list('[["a","toString",1]]'), [1]), 'column 1 of its header'],
    ['with a column of a type in a list', byHand(list('[["a",["u8"],1]]'), [1]), 'column 1 of its header'],
    ['with a column of no length', byHand(list('[["a","u8","1"]]'), [1]), 'column 1 of its header'],
    ['with a column of a negative length', byHand(list('[["a","u8",-1]]'), [1]), 'column 1 of its header'],
    ['with a column of half a length', byHand(list('[["a","u16",0.5]]'), [1]), 'column 1 of its header'],
    ['with a column of enormous length', byHand(list(`[["a","u8",${2 ** 29 + 1}]]`), [1]), 'column 1 of its header'],
    ['with a column beyond its end', byHand(list('[["a","u8",1],["b","u16",1]]'), [1, 2]), 'column "b" lies outside'],
    ['with more than its columns', byHand(list('[["a","u8",1]]'), [1, 2]), 'it holds more than its header says'],
    ['cut off', byHand(list('[["a","u8",3]]'), [1, 2, 3]).slice(0, -9), 'it is damaged or was cut off'],
  ])('is refused in words: %s', async (_, file, told) => {
    const { message, hint } = await refusal(file);
    expect(message).toMatch(/^it\.capsule is no usable recording: /);
    expect(message).toContain(told);
    expect(hint).toMatch(told.includes('reads up to') ? /newer version/ : /Nothing was changed/);
  });

  it('names no column at endless length', async () => {
    const { message } = await refusal(byHand(list(`[["${'n'.repeat(90)}","u8",1]]`)));
    expect(message).toContain(`column "${'n'.repeat(40)}" lies outside`);
  });

  it('says what to do', () => {
    expect(unusable('f', 'it is odd')).toMatchObject({
      message: 'f is no usable recording: it is odd.',
      hint: 'Nothing was changed.',
    });
    expect(unusable('f', 'it is odd', 'Reload.')).toMatchObject({ hint: 'Reload.' });
  });
});
