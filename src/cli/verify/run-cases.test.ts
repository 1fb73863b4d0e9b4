import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../lib/assert';
import { parseArguments, verifyFolder, type VerifyOps } from './run-cases';

/** y = 2 x, on both sides. */
const double: VerifyOps[string] = {
  reference: (golden) => ({ y: golden.floats('x', [2]).map((x) => 2 * x) }),
  gpu: (golden) => Promise.resolve({ y: golden.floats('x', [2]).map((x) => 2 * x) }),
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(file: string, y = [2, 4], x: unknown = { shape: [2], dtype: 'f32', data: [1, 2] }): void {
  const expected = { y: { shape: [2], dtype: 'f64', data: y } };
  const cases = [{ id: 'one', params: {}, inputs: { x }, expected }];
  writeFileSync(join(folder, file), JSON.stringify({ name: file.replace('.json', ''), cases }));
}

async function run(ops: VerifyOps = { double }) {
  const lines: string[] = [];
  const code = await verifyFolder(folder, ops, (line) => lines.push(line));
  return { code, rows: lines.slice(1, -1), last: lines.at(-1) };
}

describe('verifyFolder', () => {
  it('prints a row per side, counts, and exits 0 where all agree', async () => {
    write('double.json');
    const { code, rows, last } = await run();
    expect(rows.map((row) => row.split(/\s+/).slice(0, 3))).toEqual([
      ['double', 'one', 'reference'],
      ['double', 'one', 'gpu'],
    ]);
    expect(rows.every((row) => row.includes(' ok'))).toBe(true);
    expect(last).toBe('2 passed, 0 failed');
    expect(code).toBe(0);
  });

  it('fails the side that is off, with the error, its share of the bound and the place', async () => {
    write('double.json', [2, 4]);
    const off: VerifyOps[string] = { ...double, gpu: () => Promise.resolve({ y: [2, 4.041] }) };
    const { code, rows, last } = await run({ double: off });
    expect(rows[0]).toContain(' ok');
    expect(rows[1]).toMatch(/4\.10e-2 +1\.00e\+5 % +FAIL +y\[1\]/);
    expect(last).toBe('1 passed, 1 failed');
    expect(code).toBe(1);
  });

  it('holds the reference to 1e-9 and the kernel to the float32 bound', async () => {
    write('double.json', [2, 4.00001]);
    const { rows, last } = await run();
    expect(rows[0]).toContain('FAIL');
    expect(rows[1]).toContain(' ok');
    expect(last).toBe('1 passed, 1 failed');
  });

  it('fails a kernel that throws or leaves an output away, and goes on', async () => {
    write('double.json');
    write('twice.json');
    const { rows, code } = await run({
      double: { ...double, gpu: () => Promise.reject(new Error('head size 33 is not supported')) },
      twice: { ...double, gpu: () => Promise.resolve({}) },
    });
    expect(rows[1]).toMatch(/FAIL +head size 33 is not supported/);
    expect(rows[3]).toMatch(/Infinity.*FAIL/);
    expect(code).toBe(1);
  });

  it('says cpu, once, for what no kernel computes', async () => {
    write('double.json');
    const { rows } = await run({ double: { reference: double.reference } });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatch(/ cpu /);
  });

  it.each([
    ['an empty folder', () => undefined, 'holds no *.json fixture'],
    ['an unknown file', () => write('doubel.json'), 'there is no operation "doubel"'],
    ['a name like a method', () => write('constructor.json'), 'there is no operation "constructor"'],
    ['text', () => writeFileSync(join(folder, 'double.json'), 'hello'), 'double.json: not valid JSON'],
    ['no tensor', () => write('double.json', [2, 4], null), 'case one: inputs "x" must be an object'],
    ['a folder in place of a file', () => mkdirSync(join(folder, 'double.json')), 'cannot be read'],
    ['a wrong dtype', () => write('double.json', [2, 4], { shape: [2], dtype: 'u32', data: [1, 2] }), 'must be f32'],
  ])('%s is a clear message before any row', async (_, prepare, message) => {
    prepare();
    await expect(run()).rejects.toThrow(UserError);
    await expect(run()).rejects.toThrow(message);
  });

  it('suggests the fixture that was meant', async () => {
    write('doubel.json');
    await expect(run()).rejects.toMatchObject({ hint: 'Did you mean double.json?' });
  });

  it('refuses a missing folder and a file', async () => {
    const print = () => undefined;
    write('double.json');
    await expect(verifyFolder(join(folder, 'none'), { double }, print)).rejects.toThrow('There is no folder');
    await expect(verifyFolder(join(folder, 'double.json'), { double }, print)).rejects.toThrow(
      'is a file, not a folder',
    );
  });
});

describe('parseArguments', () => {
  it.each([
    [[], 'Which folder?'],
    [['a', 'b'], 'One folder, not 2'],
    [['--fast'], 'no option "--fast"'],
  ])('refuses %j', (args, message) => {
    expect(() => parseArguments(args)).toThrow(message);
  });

  it('takes one folder', () => {
    expect(parseArguments(['a b'])).toBe('a b');
  });
});
