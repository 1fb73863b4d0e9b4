/** The JSON in front of binary files, as docs/formats.md says where it lies. */
import { gunzipSync } from 'node:zlib';

/** Of a safetensors file: u64 length, JSON, data. */
export function safetensorsHeader(bytes: Uint8Array): unknown {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  return jsonIn(bytes.subarray(8, 8 + Number(length)));
}

/** Of a capsule: a line with its format, then gzip of u32 length, JSON, columns. */
export function capsuleHeader(bytes: Uint8Array): unknown {
  const body = gunzipSync(bytes.subarray(bytes.indexOf(0x0a) + 1));
  return jsonIn(body.subarray(4, 4 + body.readUInt32LE(0)));
}

export function jsonIn(bytes: Uint8Array | undefined): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

export function jsonLines(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}
