/** What lies between a file and its rows: lines, arrays, Parquet, archives. Each container gives its rows with their place. */

/** A file as the page and Node have it. */
export interface SourceFile {
  name: string;
  size: number;
  stream: () => ReadableStream<Uint8Array>;
  /** As a Blob's: of Parquet not all is read. Without it the whole file is. */
  slice?: (start: number, end: number) => { arrayBuffer: () => Promise<ArrayBuffer> };
}

/** Where a row stands, for people: `line 3`, `row 12`, `entry 2`. */
export type PlaceUnit = 'line' | 'row' | 'entry';

/** Takes what a container finds. */
export interface RowTaker {
  /** JSON text; the bytes are only lent. */
  text: (bytes: Uint8Array, unit: PlaceUnit, number: number) => void;
  /** A row that was no text. @param unknown how many of its numbers are NaN or infinite */
  row: (row: unknown, unit: PlaceUnit, number: number, unknown: number) => void;
  /** Bytes that came out of something packed. @throws UserError where it is too much */
  unpacked: (bytes: number, from: number) => void;
}

/** Packed bytes that are unpacked at once: at a thousand times their size they are 16 MB, between which progress is told. */
const PACKED_PIECE = 1 << 14;

export function packedPieces(chunk: Uint8Array): Uint8Array[] {
  const count = Math.ceil(chunk.length / PACKED_PIECE);
  return Array.from({ length: count }, (_, k) => chunk.subarray(k * PACKED_PIECE, (k + 1) * PACKED_PIECE));
}
