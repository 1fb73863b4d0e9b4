import { describe, expect, it } from 'vitest';
import { UserError } from '../../lib/assert';
import { ColumnReader, ColumnWriter } from './capsule-columns';

const written = (): ColumnReader => {
  const writer = new ColumnWriter();
  writer.add('u8', Uint8Array.of(1, 2));
  writer.add('u16', Uint16Array.of(300, 400, 500).subarray(1));
  writer.add('u8', Uint8Array.of(3));
  writer.add('i32', Int32Array.of(-5));
  writer.add('f32', Float32Array.of(0.5, -0.25));
  writer.add('f64', Float64Array.of(0.1));
  const columns = writer.columns();
  expect(columns.map(({ name, type }) => [name, type])).toEqual(['u8', 'u16', 'i32', 'f32', 'f64'].map((t) => [t, t]));
  return new ColumnReader(new Map(columns.map((column) => [column.name, column])), 'f');
};
const refusal = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'was read';
};

describe('columns', () => {
  it('come back as they were written, piece by piece', () => {
    const reader = written();
    expect(reader.u8('u8', 1)).toEqual(Uint8Array.of(1));
    expect(reader.u8('u8', 2)).toEqual(Uint8Array.of(2, 3));
    expect(reader.u16('u16', 2)).toEqual(Uint16Array.of(400, 500));
    expect(reader.i32('i32', 1)).toEqual(Int32Array.of(-5));
    expect(reader.f32('f32', 2)).toEqual(Float32Array.of(0.5, -0.25));
    expect(refusal(() => reader.finish())).toContain('column "f64" is longer than it should be');
    expect(reader.f64('f64', 1)).toEqual(Float64Array.of(0.1));
    expect(refusal(() => reader.finish())).toBe('was read');
  });

  it('give nothing of a column that need not be there', () => {
    expect(written().f32('missing', 0)).toEqual(new Float32Array(0));
  });

  it.each<[what: string, read: (reader: ColumnReader) => unknown]>([
    ['missing', (reader) => reader.u8('missing', 1)],
    ['of another type', (reader) => reader.f32('i32', 1)],
    ['too short', (reader) => reader.u16('u16', 3)],
    ['too short for another piece', (reader) => [reader.u8('u8', 3), reader.u8('u8', 1)]],
  ])('refuse what is %s', (_, read) => {
    expect(refusal(() => read(written()))).toMatch(/^f is no usable recording: column ".+" is missing, too short/);
  });

  it('name no column at endless length', () => {
    const writer = new ColumnWriter();
    writer.add('n'.repeat(90), Uint8Array.of(1));
    const reader = new ColumnReader(new Map(writer.columns().map((column) => [column.name, column])), 'f');
    expect(refusal(() => reader.finish())).toContain(`column "${'n'.repeat(40)}" is longer`);
  });
});
