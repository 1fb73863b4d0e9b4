/**
 * The container of a capsule (docs/formats.md): a line with the format, then gzip of a JSON header and columns of numbers.
 * Version 2 may hold the facts of a world of somebody's own; a file says the oldest version that can show it.
 * Whatever a file claims is checked against the bytes that are there before anything of that size is made.
 */
import { UserError } from '../../lib/assert';
import { NEWER_HINT } from '../../lib/versions';

const CAPSULE_FORMAT = 'cutpoint-capsule/';
export const CAPSULE_VERSION = 3;
/** Unpacked; the largest model with a refiner of its own and a full archive takes a third of it. */
const MAX_UNPACKED_BYTES = 2 ** 29;
const MAX_HEADER_BYTES = 2 ** 25;
/** A metric has one, a batch a dozen for all of them, a state one. */
const MAX_COLUMNS = 20_000;
const FORMAT_LINE = /^cutpoint-capsule\/([1-9]\d{0,8})\n/;

const WIDTHS = { u8: 1, u16: 2, i32: 4, f32: 4, f64: 8 } as const;
export type NumberType = keyof typeof WIDTHS;

/** A column: little-endian numbers of one type, one after the other. */
export interface Column {
  name: string;
  type: NumberType;
  bytes: Uint8Array;
}

export interface Unpacked {
  /** Without the list of columns. */
  header: Readonly<Record<string, unknown>>;
  columns: ReadonlyMap<string, Column>;
}

export function widthOf(type: NumberType): number {
  return WIDTHS[type];
}

/** Whether a file says that it is a capsule, of whatever version. @param head its first 64 bytes, or more */
export function isCapsule(head: Uint8Array): boolean {
  return FORMAT_LINE.test(firstCharacters(head));
}

function firstCharacters(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 64));
}

/** What is wrong with a capsule, in one kind of sentence. */
export function unusable(name: string, what: string, hint?: string): UserError {
  return new UserError(`${name} is no usable recording: ${what}.`, hint ?? 'Nothing was changed.');
}

export async function packCapsule(
  version: number,
  header: Readonly<Record<string, unknown>>,
  columns: readonly Column[],
): Promise<Uint8Array<ArrayBuffer>> {
  const list = columns.map(({ name, type, bytes }) => [name, type, bytes.length / WIDTHS[type]]);
  const json = new TextEncoder().encode(JSON.stringify({ ...header, columns: list }));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length, true);
  const planes = columns.map(({ type, bytes }) => toPlanes(bytes, WIDTHS[type]));
  const packed = await collect(
    new Blob([length, json, ...planes]).stream().pipeThrough(new CompressionStream('gzip')),
    Infinity,
  );
  return join([new TextEncoder().encode(`${CAPSULE_FORMAT}${version}\n`), packed]);
}

/**
 * @param isTooMuch of a header that is no object yet
 * @throws UserError for anything but a whole capsule of this version
 */
export async function unpackCapsule(
  file: Uint8Array<ArrayBuffer>,
  name: string,
  isTooMuch: (json: Uint8Array) => boolean = () => false,
): Promise<Unpacked> {
  const version = FORMAT_LINE.exec(firstCharacters(file))?.[1];
  if (version === undefined) throw unusable(name, 'it does not begin as a capsule does');
  if (Number(version) > CAPSULE_VERSION) {
    throw unusable(
      name,
      `it is of format ${CAPSULE_FORMAT}${version}, and this version reads up to ${CAPSULE_FORMAT}${CAPSULE_VERSION}`,
      NEWER_HINT,
    );
  }
  const body = await unzip(file.subarray(CAPSULE_FORMAT.length + version.length + 1), name);
  if (body.length < 4) throw unusable(name, 'it ends before its header');
  const headerLength = new DataView(body.buffer, body.byteOffset).getUint32(0, true);
  if (headerLength > MAX_HEADER_BYTES || 4 + headerLength > body.length)
    throw unusable(name, 'its header does not fit');
  const json = body.subarray(4, 4 + headerLength);
  if (isTooMuch(json)) throw unusable(name, 'its header is nested too deeply or has too many values');
  const { columns: list, ...header } = parseHeader(json, name);
  return { header, columns: readColumns(list, body.subarray(4 + headerLength), name) };
}

async function unzip(packed: Uint8Array<ArrayBuffer>, name: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await collect(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')), MAX_UNPACKED_BYTES);
  } catch (error) {
    if (error instanceof TooLong) throw unusable(name, `it unpacks to more than ${MAX_UNPACKED_BYTES >> 20} MiB`);
    throw unusable(name, 'it is damaged or was cut off');
  }
}

class TooLong extends Error {}

async function collect(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(parts);
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      throw new TooLong();
    }
    parts.push(value);
  }
}

export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function parseHeader(bytes: Uint8Array, name: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) {
      return Object.fromEntries(Object.entries(header));
    }
  } catch {
    // Told below: the reason a JSON parser gives helps nobody.
  }
  throw unusable(name, 'its header is not JSON');
}

function readColumns(list: unknown, data: Uint8Array, name: string): Map<string, Column> {
  if (!Array.isArray(list)) throw unusable(name, 'its header lists no columns');
  if (list.length > MAX_COLUMNS) throw unusable(name, `its header lists more than ${MAX_COLUMNS} columns`);
  const columns = new Map<string, Column>();
  let at = 0;
  for (const entry of list) {
    const items: readonly unknown[] = Array.isArray(entry) ? entry : [];
    const [column, type, count] = items;
    if (typeof column !== 'string' || !isNumberType(type) || typeof count !== 'number' || !isCount(count)) {
      throw unusable(name, `column ${columns.size + 1} of its header cannot be read`);
    }
    const length = count * WIDTHS[type];
    if (at + length > data.length) throw unusable(name, `column "${column.slice(0, 40)}" lies outside the file`);
    columns.set(column, { name: column, type, bytes: fromPlanes(data.subarray(at, at + length), WIDTHS[type]) });
    at += length;
  }
  if (at !== data.length) throw unusable(name, 'it holds more than its header says');
  return columns;
}

function isNumberType(value: unknown): value is NumberType {
  return typeof value === 'string' && Object.hasOwn(WIDTHS, value);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= MAX_UNPACKED_BYTES;
}

/** All first bytes, then all second bytes and so on: the high bytes of like numbers are alike, so gzip makes them small. */
function toPlanes(bytes: Uint8Array, width: number): Uint8Array<ArrayBuffer> {
  const planes = new Uint8Array(bytes.length);
  const count = bytes.length / width;
  for (let plane = 0; plane < width; plane += 1) {
    for (let i = 0; i < count; i += 1) planes[plane * count + i] = bytes[i * width + plane]!;
  }
  return planes;
}

function fromPlanes(planes: Uint8Array, width: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(planes.length);
  const count = planes.length / width;
  for (let plane = 0; plane < width; plane += 1) {
    for (let i = 0; i < count; i += 1) bytes[i * width + plane] = planes[plane * count + i]!;
  }
  return bytes;
}
