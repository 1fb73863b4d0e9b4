/** Rows as a Parquet file, piece by piece. */
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';

export interface ParquetColumn {
  name: string;
  type: 'INT32' | 'DOUBLE' | 'STRING';
}
type Row = Readonly<Record<string, number | string | null>>;

/** Rows that are written together: 12 MB of text at most. */
const GROUP_ROWS = 1000;

/** The bytes of the table, one piece a group of rows. */
export async function* parquetPieces(
  columns: readonly ParquetColumn[],
  source: Iterable<Row> | AsyncIterable<Row>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const bytes = new ByteWriter();
  const columnsOf = (rows: readonly Row[]) =>
    columns.map(({ name, type }) => ({ name, type, data: rows.map((row) => row[name] ?? null) }));
  const writer = new ParquetWriter({ writer: bytes, schema: schemaFromColumnData({ columnData: columnsOf([]) }) });
  const take = (): Uint8Array<ArrayBuffer> => {
    const piece = bytes.getBytes().slice();
    bytes.index = 0;
    return piece;
  };
  let rows: Row[] = [];
  for await (const row of source) {
    rows.push(row);
    if (rows.length < GROUP_ROWS) continue;
    await writer.write({ columnData: columnsOf(rows), rowGroupSize: GROUP_ROWS });
    rows = [];
    yield take();
  }
  if (rows.length > 0) await writer.write({ columnData: columnsOf(rows), rowGroupSize: GROUP_ROWS });
  await writer.finish();
  yield take();
}
