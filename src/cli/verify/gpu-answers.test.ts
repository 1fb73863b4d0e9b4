import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { LAUNCHERS, openVerifyOps } from './gpu-answers';
import { CPU_ONLY, REFERENCES } from './reference-answers';
import { verifyFolder } from './run-cases';

const GOLDEN = fileURLToPath(new URL('../../testing/golden/', import.meta.url));

it('has a kernel for every fixture but those that run on the CPU alone', () => {
  expect([...Object.keys(LAUNCHERS), ...CPU_ONLY].sort()).toEqual(Object.keys(REFERENCES).sort());
});

it.each([{ cooperative: false }, { cooperative: true }])(
  'passes every golden fixture on both sides: %o',
  async (variants) => {
    const lines: string[] = [];
    const ops = openVerifyOps(variants);
    const code = await verifyFolder(GOLDEN, ops.table, (line) => lines.push(line));
    await ops.close();
    expect(lines.filter((line) => line.includes('FAIL'))).toEqual([]);
    expect(lines.at(-1)).toMatch(/^\d{3} passed, 0 failed$/);
    expect(code).toBe(0);
  },
);
