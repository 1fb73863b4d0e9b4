/** What the index at the end of a zip says of its members (APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16). */
import type { SourceFile } from './container';

export interface ZipEntry {
  name: string;
  crc: number;
  size: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ENTRY = 0x02014b50;
/** Its end record has 22 bytes, and a comment of up to 65,535. */
const MOST_TAIL = 22 + 65_535;
const LOCATOR_LENGTH = 20;

/** null where there is none: the archive is still being written, or was cut off. */
export async function zipIndex(file: SourceFile): Promise<ZipEntry[] | null> {
  const bytes = await bytesOf(file);
  const tail = await bytes(Math.max(0, file.size - MOST_TAIL - LOCATOR_LENGTH), file.size);
  let at = tail.byteLength - 22;
  while (at >= 0 && tail.getUint32(at, true) !== END) at -= 1;
  if (at < 0) return null;
  let [size, offset] = [tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
  const locator = at - LOCATOR_LENGTH;
  if (locator >= 0 && tail.getUint32(locator, true) === LOCATOR_64) {
    const place = Number(tail.getBigUint64(locator + 8, true));
    if (place + 56 > file.size) return null;
    const end = await bytes(place, place + 56);
    if (end.getUint32(0, true) !== END_64) return null;
    [size, offset] = [Number(end.getBigUint64(40, true)), Number(end.getBigUint64(48, true))];
  }
  if (offset + size > file.size) return null;
  return entriesOf(await bytes(offset, offset + size));
}

function entriesOf(index: DataView): ZipEntry[] | null {
  const entries: ZipEntry[] = [];
  const decoder = new TextDecoder();
  for (let at = 0; at + 46 <= index.byteLength;) {
    if (index.getUint32(at, true) !== ENTRY) return null;
    const [name, extra, comment] = [28, 30, 32].map((place) => index.getUint16(at + place, true));
    const end = at + 46 + (name ?? 0);
    if (end > index.byteLength) return null;
    entries.push({
      name: decoder.decode(new Uint8Array(index.buffer, index.byteOffset + at + 46, name)),
      crc: index.getUint32(at + 16, true),
      size: index.getUint32(at + 24, true),
    });
    at = end + (extra ?? 0) + (comment ?? 0);
  }
  return entries;
}

async function bytesOf(file: SourceFile): Promise<(from: number, to: number) => Promise<DataView>> {
  const slice = file.slice?.bind(file);
  if (slice) return async (from, to) => new DataView(await slice(from, to).arrayBuffer());
  const whole = await new Response(file.stream()).arrayBuffer();
  return (from, to) => Promise.resolve(new DataView(whole, from, to - from));
}
