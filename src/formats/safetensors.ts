import { UserError } from '../lib/assert';

/** One float32 tensor of a safetensors file. */
export interface NamedTensor {
  name: string;
  shape: readonly number[];
  data: Float32Array;
}

export interface TensorFile {
  tensors: ReadonlyMap<string, NamedTensor>;
  metadata: Readonly<Record<string, string>>;
}

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

/**
 * As strict as the format: its tensors fill the file, one behind the other.
 *
 * @throws UserError that names what is wrong with the file
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): TensorFile {
  const fail = (what: string) => new UserError(`${file} is not a usable checkpoint: ${what}.`);
  if (bytes.length < 8) throw fail(`it has ${bytes.length} bytes and ends before its header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) throw fail('its header is too long, so this is no safetensors file');
  const start = 8 + Number(length);
  if (start > bytes.length) throw fail('it was cut off inside its header');
  const header = parseHeader(bytes.subarray(8, start), fail);
  const metadata: Record<string, string> = {};
  const tensors = new Map<string, NamedTensor>();
  const ranges: (readonly [from: number, to: number])[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (!isRecord(value)) throw fail(`the entry "${name}" is no object`);
    if (name === '__metadata__') {
      for (const [key, text] of Object.entries(value)) if (typeof text === 'string') metadata[key] = text;
      continue;
    }
    const { dtype, shape, data_offsets: offsets } = value;
    if (dtype !== 'F32') throw fail(`tensor "${name}" is not float32 but ${String(dtype).slice(0, 20)}`);
    if (!isSizes(shape) || !isSizes(offsets)) throw fail(`tensor "${name}" has no proper shape or offsets`);
    const [from = 0, to = 0] = offsets;
    const size = shape.reduce((a, b) => a * b, 1) * 4;
    if (to - from !== size || start + to > bytes.length) {
      throw fail(`tensor "${name}" lies outside the file or does not fit its shape`);
    }
    ranges.push([from, to]);
    // Copied, since a view would need an aligned offset.
    const data = new Float32Array((to - from) / 4);
    new Uint8Array(data.buffer).set(bytes.subarray(start + from, start + to));
    tensors.set(name, { name, shape, data });
  }
  ranges.sort(([a, aEnd], [b, bEnd]) => a - b || aEnd - bEnd);
  const gap = ranges.findIndex(([from], i) => from !== (ranges[i - 1]?.[1] ?? 0));
  if (gap >= 0 || start + (ranges.at(-1)?.[1] ?? 0) !== bytes.length) {
    throw fail('its tensors overlap or leave bytes between or behind them');
  }
  return { tensors, metadata };
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
