/** Every schema in docs/schema says what it means, and is held against what a writer of ours wrote. */
import { describe, expect, it } from 'vitest';
import index from '../../../docs/schema/README.md?raw';
import { expectSchema, SCHEMAS } from './expect-schema';

const NAMES = [...SCHEMAS.keys()];
const TESTS = import.meta.glob<string>(
  ['../../**/*.test.{ts,tsx}', '../../../bench/src/**/*.test.ts', '../../../scripts/**/*.test.mjs'],
  { query: '?raw', import: 'default', eager: true },
);

type Json = Record<string, unknown>;
function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parts of a schema that describe objects. */
function* objectsOf(part: unknown): Generator<Json> {
  if (Array.isArray(part)) for (const inner of part) yield* objectsOf(inner);
  if (!isObject(part)) return;
  if (part['type'] === 'object') yield part;
  for (const inner of Object.values(part)) yield* objectsOf(inner);
}

interface Key {
  key: string;
  description: string;
  required: boolean;
  nullable: boolean;
}

function keysOf(object: Json, name: string): Key[] {
  const { properties, required } = object;
  return Object.entries(isObject(properties) ? properties : {}).map(([key, value]) => {
    const [whole, description] = meant(value, name);
    const isRequired = Array.isArray(required) && required.includes(key);
    return { key, description, required: isRequired, nullable: mayBeNull(whole) };
  });
}

/** What a key's schema comes to, where it stands or where it refers to, and what is said of it first. */
function meant(value: unknown, name: string): [schema: Json, description: string] {
  if (!isObject(value)) return [{}, ''];
  const { $ref: reference, description } = value;
  const said = typeof description === 'string' ? description : '';
  if (typeof reference !== 'string') return [value, said];
  const [file = '', pointer = ''] = reference.split('#');
  const there = file === '' ? name : file.replace('.schema.json', '');
  let target: unknown = SCHEMAS.get(there);
  for (const key of pointer.split('/').slice(1)) target = isObject(target) ? target[key] : undefined;
  const [schema, more] = meant(target, there);
  return [schema, said === '' ? more : said];
}

function mayBeNull({ type, anyOf, enum: values, const: only }: Json): boolean {
  const types = Array.isArray(type) ? type : [type];
  const branches = Array.isArray(anyOf) ? anyOf.filter(isObject) : [];
  return (
    only === null ||
    types.includes('null') ||
    (Array.isArray(values) && values.includes(null)) ||
    branches.some(mayBeNull)
  );
}

describe.each(NAMES)('%s.schema.json', (name) => {
  const schema = SCHEMAS.get(name) ?? {};
  const keys = [...objectsOf(schema)].flatMap((object) => keysOf(object, name));

  it('names itself, its dialect and what it is of, and stands in the index', () => {
    const { $schema, $id, title, description } = schema;
    expect([$schema, $id]).toEqual(['https://json-schema.org/draft/2020-12/schema', `${name}.schema.json`]);
    expect(`${String(title)} ${String(description)}`).toMatch(/^\S.* \S.*\.$/);
    expect(index).toContain(`[${name}](${name}.schema.json)`);
  });

  it('says of every key what it is, when it is missing and what null means', () => {
    const silent = keys.filter(({ description }) => !/\S.*\.$/.test(description));
    expect(silent.map(({ key }) => key)).toEqual([]);
    const unexplained = keys.filter(({ description, nullable }) => nullable && !/\bnull\b/i.test(description));
    expect(unexplained.map(({ key }) => key)).toEqual([]);
  });

  it('is closed: a key that it does not describe is a fault, and so is one that is not there', () => {
    for (const object of objectsOf(schema)) {
      const closed = object['additionalProperties'] ?? object['unevaluatedProperties'];
      if (closed === undefined) expect(object['description']).toMatch(/Left open/);
      if (closed !== false) continue;
      const lax = keysOf(object, name).filter(
        ({ description, required }) => !required && !/\bMissing\b/.test(description),
      );
      expect(lax.map(({ key }) => key)).toEqual([]);
    }
  });

  it('is held against what a writer wrote', () => {
    const users = Object.values(TESTS).filter((text) => new RegExp(`expect(Text)?Schema\\(\\s*'${name}'`).test(text));
    expect(users.length, `test files that hold something against ${name}`).toBeGreaterThan(0);
  });
});

describe('the check itself', () => {
  const line = { update: 1, ms: 5, gpuBytes: 0, at: '2026-01-01T00:00:00.000Z' };

  it.each([
    ['nothing', [], 'Nothing was written'],
    ['another kind of value', [line, { ...line, ms: '5' }], '/ms: must be integer'],
    ['a key that is unknown', [{ ...line, cpuMs: 5 }], '"additionalProperty":"cpuMs"'],
    ['a key that is missing', [{ update: 1, ms: 5, gpuBytes: 0 }], '"missingProperty":"at"'],
    ['text of another form', [{ ...line, at: 'yesterday' }], '/at: must match pattern'],
  ])('finds %s', (_, lines, message) => {
    expect(() => expectSchema('timings', lines)).toThrow(message);
  });
});
