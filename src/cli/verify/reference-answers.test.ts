/** Every float64 reference against the golden fixtures, and the fixture reader against broken fixtures. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { REFERENCES } from './reference-answers';
import { compareTensor, float64Bound } from '../../testing/kernels/compare';
import { parseFixture } from '../../testing/kernels/golden';

const folder = fileURLToPath(new URL('../../testing/golden/', import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

describe('references against golden fixtures', () => {
  it('has a fixture for every reference and a reference for every fixture', () => {
    expect(files.map((file) => file.replace('.json', '')).sort()).toEqual(Object.keys(REFERENCES).sort());
  });

  for (const file of files) {
    const fixture = parseFixture(readFileSync(folder + file, 'utf8'), file);
    it.each(fixture.cases.map((golden) => [golden.id, golden] as const))(`${fixture.name} %s`, (id, golden) => {
      const outputs = REFERENCES[fixture.name]!(golden);
      for (const [name, want] of golden.expected) {
        const result = compareTensor(outputs[name] ?? [], want, float64Bound(fixture.name, id, name));
        expect(result.ok, `${name}: off by ${result.worst} at ${result.at}, allowed ${result.allowed}`).toBe(true);
      }
    });
  }
});

describe('a broken fixture', () => {
  const tensor = { shape: [2], dtype: 'f32', data: [1, 2] };
  const text = (entry: object, name = 'op') =>
    JSON.stringify({
      name,
      cases: [{ id: 'a', params: {}, inputs: {}, expected: { y: { ...tensor, dtype: 'f64' } }, ...entry }],
    });
  const parse = (json: string) => () => parseFixture(json, 'dir/op.json');

  it.each([
    ['not JSON', '{"name": ', 'dir/op.json: not valid JSON'],
    ['no object', '3', 'JSON object'],
    ['another name', text({}, 'rope'), 'the file says "op"'],
    ['no cases', JSON.stringify({ name: 'op', cases: [] }), 'at least one case'],
    ['two equal ids', text({}).replace(/\[(\{"id".*\})\]/, '[$1,$1]'), 'two cases have the id "a"'],
    ['nothing expected', text({ expected: {} }), 'nothing to compare'],
    ['a wrong length', text({ inputs: { x: { ...tensor, shape: [3] } } }), 'its shape [3] needs 3'],
    ['an unknown dtype', text({ inputs: { x: { ...tensor, dtype: 'f16' } } }), '"f16", not one of f32, i32, u32'],
    ['a fraction as i32', text({ inputs: { x: { ...tensor, dtype: 'i32', data: [1, 0.5] } } }), '0.5 is not i32'],
    ['a number beyond float32', text({ inputs: { x: { ...tensor, data: [1, 1e39] } } }), '1e+39 is not f32'],
    ['a missing number', text({ inputs: { x: { ...tensor, data: [1, null] } } }), 'flat list of finite numbers'],
  ])('with %s is refused with a clear message', (_, json, message) => {
    expect(parse(json)).toThrow(message);
  });

  it('is refused where a reader asks for what it has not', () => {
    const golden = parseFixture(
      text({ params: { rows: 2, odd: 1.5, mode: 'x' }, inputs: { x: tensor, ids: { ...tensor, dtype: 'i32' } } }),
      'op.json',
    ).cases[0]!;
    expect(golden.floats('x', [2])).toEqual(Float32Array.of(1, 2));
    expect(() => golden.floats('w', [2])).toThrow('op.json, case a: input "w" is missing');
    expect(() => golden.floats('x', [3])).toThrow('input "x" has shape [2], the params say [3]');
    expect(() => golden.floats('ids', [2])).toThrow('must be f32');
    expect(() => golden.ids('ids', [2], 2)).toThrow('holds 2, outside 0 .. 1');
    expect(() => golden.size('odd')).toThrow('integer of at least 1');
    expect(() => golden.number('cols')).toThrow('param "cols" must be a number');
    expect(() => golden.option('mode', ['grpo', 'rloo'])).toThrow('not one of grpo, rloo');
  });
});
