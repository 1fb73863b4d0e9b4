/** Columns as they are filled and read: one after the other, each with a cursor of its own. */
import { join, unusable, widthOf } from './capsule-file';
import type { Column, NumberType } from './capsule-file';

export type Numbers = Uint8Array | Uint16Array | Int32Array | Float32Array | Float64Array;

function typeOf(data: Numbers): NumberType {
  if (data instanceof Uint8Array) return 'u8';
  if (data instanceof Uint16Array) return 'u16';
  if (data instanceof Int32Array) return 'i32';
  return data instanceof Float32Array ? 'f32' : 'f64';
}

export class ColumnWriter {
  private readonly parts = new Map<string, { type: NumberType; bytes: Uint8Array[] }>();

  /** The array is read when the capsule is packed: it must not change until then. */
  add(name: string, data: Numbers): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const column = this.parts.get(name);
    if (column) column.bytes.push(bytes);
    else this.parts.set(name, { type: typeOf(data), bytes: [bytes] });
  }

  columns(): Column[] {
    return [...this.parts].map(([name, { type, bytes }]) => ({ name, type, bytes: join(bytes) }));
  }
}

/** Every method gives the next `count` numbers of a column as an array of its own. @throws UserError where there are fewer */
export class ColumnReader {
  private readonly read = new Map<string, number>();

  constructor(
    private readonly columns: ReadonlyMap<string, Column>,
    readonly file: string,
  ) {}

  u8 = (name: string, count: number): Uint8Array<ArrayBuffer> => new Uint8Array(this.next(name, 'u8', count));
  u16 = (name: string, count: number): Uint16Array<ArrayBuffer> => new Uint16Array(this.next(name, 'u16', count));
  i32 = (name: string, count: number): Int32Array<ArrayBuffer> => new Int32Array(this.next(name, 'i32', count));
  f32 = (name: string, count: number): Float32Array<ArrayBuffer> => new Float32Array(this.next(name, 'f32', count));
  f64 = (name: string, count: number): Float64Array<ArrayBuffer> => new Float64Array(this.next(name, 'f64', count));

  /** @throws UserError where something was not read */
  finish(): void {
    for (const [name, { bytes }] of this.columns) {
      if ((this.read.get(name) ?? 0) !== bytes.length) {
        throw unusable(this.file, `column "${name.slice(0, 40)}" is longer than it should be`);
      }
    }
  }

  private next(name: string, type: NumberType, count: number): ArrayBuffer {
    const at = this.read.get(name) ?? 0;
    const end = at + count * widthOf(type);
    if (count === 0) return new ArrayBuffer(0);
    const column = this.columns.get(name);
    if (column?.type !== type || end > column.bytes.length) {
      throw unusable(this.file, `column "${name}" is missing, too short or of another type`);
    }
    this.read.set(name, end);
    return column.bytes.slice(at, end).buffer;
  }
}
