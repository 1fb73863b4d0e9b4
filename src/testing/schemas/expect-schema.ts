/** What our writers write is held against docs/schema, and every schema against faults of its own making. */
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';

const FILES = import.meta.glob<Readonly<Record<string, unknown>>>('../../../docs/schema/*.schema.json', {
  import: 'default',
  eager: true,
});

/** By their names: docs/schema/NAME.schema.json. */
export const SCHEMAS = new Map(
  Object.entries(FILES).map(([path, schema]) => [path.replace(/^.*\/(.*)\.schema\.json$/, '$1'), schema]),
);

const options = { strict: true, allErrors: true, schemas: [...SCHEMAS.values()] };
const ajv = new Ajv2020(options);
/** Reads numbers from text, in the document itself. */
const textAjv = new Ajv2020({ ...options, coerceTypes: true });

/**
 * Documents that one of our writers made fit their schema, and the schema is no wider than they are: the longest of them is broken
 * at every key (a value of another kind), in every object (a key that is unknown) and where a key must be there (it is
 * missing), and each time the schema says where.
 *
 * @param documents lines, rows or whole files, parsed
 */
export function expectSchema(name: string, documents: readonly unknown[]): void {
  expectAll(name, documents, (document) => problemsOf(ajv, name, document));
}

/** The same where all values are text. */
export function expectTextSchema(name: string, documents: readonly unknown[]): void {
  expectAll(name, documents, (document) => problemsOf(textAjv, name, structuredClone(document)));
}

function problemsOf(validator: Ajv2020, name: string, document: unknown): string[] {
  const validate = validator.getSchema(`${name}.schema.json`);
  if (validate === undefined) throw new Error(`There is no docs/schema/${name}.schema.json.`);
  return validate(document) === true ? [] : (validate.errors ?? []).map(inWords);
}

function inWords({ instancePath, message = '', params }: ErrorObject): string {
  return `${instancePath}: ${message} ${JSON.stringify(params)}`;
}

function expectAll(name: string, documents: readonly unknown[], problemsIn: (document: unknown) => string[]): void {
  if (documents.length === 0) throw new Error(`Nothing was written that ${name} describes.`);
  for (const [i, document] of documents.entries()) {
    const problems = problemsIn(document);
    if (problems.length > 0) throw new Error(`${name}, ${i + 1} of ${documents.length}:\n${problems.join('\n')}`);
  }
  for (const { what, where, document } of faultsOf(name, longest(documents))) {
    const problems = problemsIn(document);
    if (!problems.some((problem) => problem.includes(where))) {
      throw new Error(`${name} lets pass ${what}, or does not say where:\n${problems.join('\n')}`);
    }
  }
}

interface Fault {
  what: string;
  /** Stands in what is said of it. */
  where: string;
  document: unknown;
}

const UNKNOWN_KEY = 'unheardOf';
/** No value of any format. */
const WRONG = [[[[]]]];

function* faultsOf(name: string, document: unknown): Generator<Fault> {
  yield { what: 'a document of another kind', where: ': must be', document: WRONG };
  const required = SCHEMAS.get(name)?.['required'];
  for (const key of Array.isArray(required) ? required.map(String) : []) {
    const broken = changed(document, [], (all) =>
      Object.fromEntries(Object.entries(all).filter(([one]) => one !== key)),
    );
    yield { what: `a missing "${key}"`, where: `"missingProperty":"${key}"`, document: broken };
  }
  for (const { path, keys } of objectsIn(document, [])) {
    const put = (key: string) => changed(document, path, (object) => ({ ...object, [key]: WRONG }));
    yield { what: `an unknown key in "${pointer(path)}"`, where: UNKNOWN_KEY, document: put(UNKNOWN_KEY) };
    for (const key of keys) {
      const where = pointer([...path, key]);
      yield { what: `another kind of value at "${where}"`, where, document: put(key) };
    }
  }
}

type Path = readonly string[];
type Json = Record<string, unknown>;

function pointer(path: Path): string {
  return path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function longest(list: readonly unknown[]): unknown {
  const sizes = list.map((one) => JSON.stringify(one).length);
  return list[sizes.indexOf(Math.max(...sizes))];
}

/** The objects in a document; of a list the longest one alone. */
function* objectsIn(value: unknown, path: Path): Generator<{ path: Path; keys: string[] }> {
  if (Array.isArray(value) && value.length > 0) {
    const one: unknown = longest(value);
    yield* objectsIn(one, [...path, String(value.indexOf(one))]);
  }
  if (!isObject(value)) return;
  yield { path, keys: Object.keys(value) };
  for (const [key, inner] of Object.entries(value)) yield* objectsIn(inner, [...path, key]);
}

/** The document with another object at `path`. */
function changed(document: unknown, [key, ...rest]: Path, change: (object: Json) => Json): unknown {
  if (key === undefined) return isObject(document) ? change(document) : document;
  if (Array.isArray(document))
    return document.map((one: unknown, i) => (String(i) === key ? changed(one, rest, change) : one));
  return isObject(document) ? { ...document, [key]: changed(document[key], rest, change) } : document;
}
