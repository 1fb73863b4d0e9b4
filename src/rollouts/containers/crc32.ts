/** The check sum of gzip and zip (RFC 1952, section 8). */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export class Crc32 {
  private state = 0xffffffff;

  get value(): number {
    return (this.state ^ 0xffffffff) >>> 0;
  }

  add(bytes: Uint8Array): void {
    let { state } = this;
    // By place: an iterator takes several times as long.
    for (let at = 0; at < bytes.length; at += 1) state = (state >>> 8) ^ TABLE[(state ^ bytes[at]!) & 255]!;
    this.state = state;
  }
}
