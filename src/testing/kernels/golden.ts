/**
 * Golden fixtures: inputs and expected outputs of every numeric building block, from a float64 oracle that shares no
 * code with the project (format and formulas: src/testing/golden/README.md).
 *
 * Parsing is strict: whatever a fixture lacks or has too much of is a UserError that names file, case and field.
 */
import { UserError } from '../../lib/assert';

export type GoldenData = Float32Array | Int32Array | Uint32Array | Float64Array;
export type GoldenDtype = 'f32' | 'i32' | 'u32' | 'f64';

export interface GoldenTensor {
  shape: readonly number[];
  dtype: GoldenDtype;
  /** Row-major. f32 data is a Float32Array, so it has gone through Math.fround. */
  data: GoldenData;
}

export interface Fixture {
  /** Name of the operation, for example "rmsnorm". */
  name: string;
  cases: readonly GoldenCase[];
}

type JsonObject = { [key: string]: unknown };

/** The name of the operation of a fixture file: "dir/rmsnorm.json" -> "rmsnorm". */
export function fixtureName(path: string): string {
  return path.replace(/^.*[\\/]/, '').replace(/\.json$/, '');
}

/** Text of a fixture -> its cases. `path` is for messages and names the operation. Throws UserError. */
export function parseFixture(text: string, path: string): Fixture {
  const fail = (problem: string): never => {
    throw new UserError(`${path}: ${problem}`);
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fail(`not valid JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (!isObject(json)) return fail('a fixture is a JSON object with "name" and "cases"');
  const name = fixtureName(path);
  if (json['name'] !== name) return fail(`"name" is ${JSON.stringify(json['name'])}, but the file says "${name}"`);
  const cases = json['cases'];
  if (!Array.isArray(cases) || cases.length === 0) return fail('"cases" must be a list with at least one case');
  const seen = new Set<string>();
  const parsed = cases.map((entry: unknown, index) => {
    if (!isObject(entry)) return fail(`case ${index + 1} is not an object`);
    const id = entry['id'];
    if (typeof id !== 'string' || id === '') return fail(`case ${index + 1} has no "id"`);
    if (seen.has(id)) return fail(`two cases have the id "${id}"`);
    seen.add(id);
    return new GoldenCase(`${path}, case ${id}`, id, entry);
  });
  return { name, cases: parsed };
}

/** One case of a fixture, read by name; every reader throws a UserError where the fixture has something else. */
export class GoldenCase {
  readonly id: string;
  readonly expected: ReadonlyMap<string, GoldenTensor>;
  readonly inputs: ReadonlyMap<string, GoldenTensor>;
  private readonly params: JsonObject;
  private readonly where: string;

  constructor(where: string, id: string, json: JsonObject) {
    this.where = where;
    this.id = id;
    const params = json['params'];
    this.params = isObject(params) ? params : this.fail('"params" must be an object');
    this.inputs = this.tensors(json['inputs'], 'inputs', ['f32', 'i32', 'u32']);
    this.expected = this.tensors(json['expected'], 'expected', ['f64', 'i32', 'u32']);
    if (this.expected.size === 0) this.fail('"expected" is empty: there is nothing to compare');
  }

  fail(problem: string): never {
    throw new UserError(`${this.where}: ${problem}`);
  }

  has(input: string): boolean {
    return this.inputs.has(input);
  }

  /** A param that is a finite number. */
  number(name: string): number {
    const value = this.params[name];
    if (typeof value !== 'number' || !Number.isFinite(value)) return this.fail(`param "${name}" must be a number`);
    return value;
  }

  /** A param that is an integer of at least `min`: a size unless told otherwise. */
  size(name: string, min = 1): number {
    const value = this.number(name);
    if (!Number.isInteger(value) || value < min) this.fail(`param "${name}" must be an integer of at least ${min}`);
    return value;
  }

  /** A param that is a string. */
  text(name: string): string {
    const value = this.params[name];
    if (typeof value !== 'string') return this.fail(`param "${name}" must be a string`);
    return value;
  }

  /** A param that is one of the options. */
  option<T extends string>(name: string, options: readonly T[]): T {
    const value = this.text(name);
    const found = options.find((option) => option === value);
    return found ?? this.fail(`param "${name}" is "${value}", not one of ${options.join(', ')}`);
  }

  /** An f32 input of this shape. */
  floats(name: string, shape: readonly number[]): Float32Array {
    const { data } = this.input(name, shape);
    return data instanceof Float32Array ? data : this.fail(`input "${name}" must be f32`);
  }

  /** An i32 input of this shape with values in 0 .. below - 1, for example token ids. */
  ids(name: string, shape: readonly number[], below: number): Int32Array {
    const { data } = this.input(name, shape);
    if (!(data instanceof Int32Array)) return this.fail(`input "${name}" must be i32`);
    const bad = data.find((id) => id < 0 || id >= below);
    return bad === undefined ? data : this.fail(`input "${name}" holds ${bad}, outside 0 .. ${below - 1}`);
  }

  /** A u32 input of this shape. */
  words(name: string, shape: readonly number[]): Uint32Array {
    const { data } = this.input(name, shape);
    return data instanceof Uint32Array ? data : this.fail(`input "${name}" must be u32`);
  }

  /** A u32 input of this shape that holds only 0 and 1. */
  mask(name: string, shape: readonly number[]): Uint32Array {
    const data = this.words(name, shape);
    return data.every((bit) => bit <= 1) ? data : this.fail(`input "${name}" is a mask and must hold only 0 and 1`);
  }

  private input(name: string, shape: readonly number[]): GoldenTensor {
    const tensor = this.inputs.get(name) ?? this.fail(`input "${name}" is missing`);
    if (tensor.shape.join() !== shape.join()) {
      this.fail(`input "${name}" has shape [${tensor.shape.join(', ')}], the params say [${shape.join(', ')}]`);
    }
    return tensor;
  }

  private tensors(json: unknown, section: string, dtypes: readonly GoldenDtype[]): Map<string, GoldenTensor> {
    if (!isObject(json)) return this.fail(`"${section}" must be an object of tensors`);
    const tensors = new Map<string, GoldenTensor>();
    for (const [name, value] of Object.entries(json)) {
      tensors.set(name, this.tensor(value, `${section} "${name}"`, dtypes));
    }
    return tensors;
  }

  private tensor(json: unknown, what: string, dtypes: readonly GoldenDtype[]): GoldenTensor {
    if (!isObject(json)) return this.fail(`${what} must be an object with shape, dtype and data`);
    const dtype = dtypes.find((option) => option === json['dtype']);
    if (!dtype) return this.fail(`${what} has dtype ${JSON.stringify(json['dtype'])}, not one of ${dtypes.join(', ')}`);
    const shape = json['shape'];
    if (!isNumberList(shape) || !shape.every((n) => Number.isInteger(n) && n >= 0)) {
      return this.fail(`${what}: "shape" must be a list of sizes`);
    }
    const data = json['data'];
    if (!isNumberList(data)) return this.fail(`${what}: "data" must be a flat list of finite numbers`);
    const count = shape.reduce((a, n) => a * n, 1);
    if (data.length !== count) {
      return this.fail(`${what} has ${data.length} numbers, its shape [${shape.join(', ')}] needs ${count}`);
    }
    const typed = toTyped(data, dtype);
    // Integers must survive the conversion; f32 may round, but not to infinity.
    const exact = dtype === 'i32' || dtype === 'u32';
    const bad = data.findIndex((x, i) => (exact ? typed[i] !== x : !Number.isFinite(typed[i])));
    return bad < 0 ? { shape, dtype, data: typed } : this.fail(`${what}: ${data[bad]} is not ${dtype}`);
  }
}

function toTyped(data: readonly number[], dtype: GoldenDtype): GoldenData {
  switch (dtype) {
    case 'f32':
      return Float32Array.from(data);
    case 'i32':
      return Int32Array.from(data);
    case 'u32':
      return Uint32Array.from(data);
    case 'f64':
      return Float64Array.from(data);
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumberList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((x) => typeof x === 'number' && Number.isFinite(x));
}
