import { UserError } from '../lib/assert';
import { widenBfloat16, widenFloat16 } from './half-precision';

/** One float32 tensor of a safetensors file. */
export interface NamedTensor {
  name: string;
  shape: readonly number[];
  data: Float32Array;
}

export interface TensorFile {
  tensors: ReadonlyMap<string, NamedTensor>;
  metadata: Readonly<Record<string, string>>;
  /** Types that were widened to float32. */
  widened: readonly HalfType[];
}

export type HalfType = 'F16' | 'BF16';

/** Headers beyond this are not ours: one tensor takes about 100 bytes. */
const MAX_HEADER_BYTES = 1 << 20;

/** Writes the safetensors format: u64 header length, JSON header, then the data, little-endian float32. */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Spaces at the end of the header align the data to 8 bytes.
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + offset);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(padded), true);
  bytes.fill(0x20, 8, 8 + padded);
  bytes.set(json, 8);
  let at = 8 + padded;
  for (const { data } of tensors) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

const TYPES = {
  F32: { size: 4, read: (bytes: Uint8Array<ArrayBuffer>) => new Float32Array(bytes.buffer) },
  F16: { size: 2, read: (bytes: Uint8Array<ArrayBuffer>) => widenFloat16(new Uint16Array(bytes.buffer)) },
  BF16: { size: 2, read: (bytes: Uint8Array<ArrayBuffer>) => widenBfloat16(new Uint16Array(bytes.buffer)) },
} as const;

/** What a file says of itself, its tensors unread. @throws UserError where it is no safetensors file */
export function readMetadata(bytes: Uint8Array, file: string): Readonly<Record<string, string>> {
  const value = readHeader(bytes, file).header['__metadata__'];
  return isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};
}

/**
 * As strict as the format: its tensors fill the file, one behind the other. Half precision is widened, which is exact.
 *
 * @throws UserError that names what is wrong with the file
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): TensorFile {
  const { header, start, fail } = readHeader(bytes, file);
  const tensors = new Map<string, NamedTensor>();
  const widened = new Set<HalfType>();
  const ranges: (readonly [from: number, to: number])[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (!isRecord(value)) throw fail(`the entry "${name}" is no object`);
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: offsets } = value;
    if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16') {
      throw fail(`tensor "${name}" is not float32, float16 or bfloat16 but ${String(dtype).slice(0, 20)}`);
    }
    if (!isSizes(shape) || !isSizes(offsets)) throw fail(`tensor "${name}" has no proper shape or offsets`);
    const [from = 0, to = 0] = offsets;
    const size = shape.reduce((a, b) => a * b, 1) * TYPES[dtype].size;
    if (to - from !== size || start + to > bytes.length) {
      throw fail(`tensor "${name}" lies outside the file or does not fit its shape`);
    }
    ranges.push([from, to]);
    if (dtype !== 'F32') widened.add(dtype);
    // Copied, since a view would need an aligned offset.
    const copy = Uint8Array.from(bytes.subarray(start + from, start + to));
    tensors.set(name, { name, shape, data: TYPES[dtype].read(copy) });
  }
  ranges.sort(([a, aEnd], [b, bEnd]) => a - b || aEnd - bEnd);
  const gap = ranges.findIndex(([from], i) => from !== (ranges[i - 1]?.[1] ?? 0));
  if (gap >= 0 || start + (ranges.at(-1)?.[1] ?? 0) !== bytes.length) {
    throw fail('its tensors overlap or leave bytes between or behind them');
  }
  return { tensors, metadata: readMetadata(bytes, file), widened: [...widened] };
}

interface Header {
  header: Record<string, unknown>;
  /** Where the data begin. */
  start: number;
  fail: (what: string) => UserError;
}

function readHeader(bytes: Uint8Array, file: string): Header {
  const fail = (what: string) => new UserError(`${file} is not a usable checkpoint: ${what}.`);
  if (bytes.length < 8) throw fail(`it has ${bytes.length} bytes and ends before its header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) throw fail('its header is too long, so this is no safetensors file');
  const start = 8 + Number(length);
  if (start > bytes.length) throw fail('it was cut off inside its header');
  return { header: parseHeader(bytes.subarray(8, start), fail), start, fail };
}

function parseHeader(bytes: Uint8Array, fail: (what: string) => UserError): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (isRecord(header)) return header;
  } catch {
    // Told below: the reason a JSON parser gives helps nobody.
  }
  throw fail('its header is not JSON');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
