/**
 * What the pages of Parquet say of themselves, before they are decoded. The decoder (hyparquet) writes as many values as a run says,
 * beyond those that the page counts, so that a small file could fill the memory. Here counts and sizes are held against each other;
 * parquet-runs.ts does that for what is in a page. Layout: README.md of parquet-format.
 */
import type { AsyncBuffer, Compressors, FileMetaData, PageHeader, SchemaTree } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getTreePath, isFlatColumn } from 'hyparquet/src/schema.js';
import { checkLevels, checkValues, expectPage, PageFault } from './parquet-runs';

/** Writers end a page at a megabyte; one of nulls alone holds as many as a row group has rows, a million or so. */
const MOST_IN_PAGE = 2 ** 24;
/** Of all columns that are read of a row group: they are in memory at once. */
const MOST_IN_GROUP = 2 ** 26;

type RowGroup = FileMetaData['row_groups'][number];
type ColumnMeta = NonNullable<RowGroup['columns'][number]['meta_data']>;

/**
 * @param unpacked is told of bytes before there is room for them
 * @throws PageFault
 */
export async function checkPages(
  file: AsyncBuffer,
  schema: SchemaTree,
  group: RowGroup,
  columns: readonly string[],
  compressors: Compressors,
  unpacked: (bytes: number) => void,
): Promise<void> {
  let values = 0;
  for (const { meta_data: meta } of group.columns) {
    const [name] = meta?.path_in_schema ?? [];
    if (meta === undefined || name === undefined || !columns.includes(name)) continue;
    const path = getTreePath(schema, meta.path_in_schema);
    try {
      values += Number(meta.num_values);
      expectPage(values <= MOST_IN_GROUP, `more than ${MOST_IN_GROUP} values lie together: write smaller row groups`);
      // As the decoder takes them.
      const from = Number(meta.dictionary_page_offset || meta.data_page_offset);
      const to = from + Number(meta.total_compressed_size);
      const isInside = isCount(from) && from <= to && to <= file.byteLength;
      expectPage(isInside, `it is said to lie at bytes ${from} to ${to} of ${file.byteLength}`);
      const bytes = await file.slice(from, to);
      checkColumn(bytes, path, meta, Number(group.num_rows), compressors, unpacked);
    } catch (error) {
      if (!(error instanceof PageFault)) throw error;
      throw new PageFault(`column “${meta.path_in_schema.join('.')}”: ${error.message}`);
    }
  }
}

function checkColumn(
  bytes: ArrayBuffer,
  path: SchemaTree[],
  meta: ColumnMeta,
  rows: number,
  compressors: Compressors,
  unpacked: (bytes: number) => void,
): void {
  const reader = { view: new DataView(bytes), offset: 0 };
  let [values, size] = [0, 0];
  // The last byte alone is no page for the decoder either.
  while (reader.offset < bytes.byteLength - 1) {
    const header = parquetHeader(reader);
    const { compressed_page_size: packed, uncompressed_page_size: length } = header;
    const count = valuesOf(header);
    const isWhole = isCount(packed) && isCount(length) && reader.offset + packed <= bytes.byteLength;
    expectPage(isWhole, `a page says that it is ${packed} bytes, ${length} unpacked, which it is not`);
    expectPage(isCount(count) && count <= MOST_IN_PAGE, `a page says that it holds ${count} values`);
    if (header.type !== 'DICTIONARY_PAGE') values += count;
    size += length;
    expectPage(
      size <= Number(meta.total_uncompressed_size) && values <= Number(meta.num_values),
      `its pages hold ${values} values in ${size} bytes, the index of the file says ${meta.num_values} in ${meta.total_uncompressed_size}`,
    );
    checkPage(new Uint8Array(bytes, reader.offset, packed), header, path, meta, compressors, unpacked);
    reader.offset += packed;
  }
  const rowsAgree = isFlatColumn(path) ? values === rows : values >= rows;
  expectPage(
    values === Number(meta.num_values) && rowsAgree,
    `its pages hold ${values} values, the index of the file says ${meta.num_values} in ${rows} rows`,
  );
}

function checkPage(
  packed: Uint8Array,
  header: PageHeader,
  path: SchemaTree[],
  { codec, type }: ColumnMeta,
  compressors: Compressors,
  unpacked: (bytes: number) => void,
): void {
  const { data_page_header: first, data_page_header_v2: second, uncompressed_page_size: length } = header;
  const [repetition, definition] = [getMaxRepetitionLevel(path), getMaxDefinitionLevel(path)];
  if (header.type === 'DATA_PAGE' && first) {
    unpacked(length);
    const page = readerOf(decompressPage(packed, length, codec, compressors));
    checkLevels(page, repetition, first.num_values);
    const present = checkLevels(page, definition, first.num_values);
    checkValues(page, first.encoding, type, present, unpacked);
  } else if (header.type === 'DATA_PAGE_V2' && second) {
    const { repetition_levels_byte_length: ofRepetition, definition_levels_byte_length: ofDefinition } = second;
    const levels = ofRepetition + ofDefinition;
    const fits = isCount(ofRepetition) && isCount(ofDefinition) && levels <= Math.min(packed.length, length);
    const { num_values: values, num_nulls: nulls } = second;
    expectPage(fits && isCount(nulls) && nulls <= values, `a page of ${values} values says that ${nulls} are null`);
    const page = readerOf(packed);
    checkLevels(page, repetition, values, ofRepetition);
    page.offset = ofRepetition;
    checkLevels(page, definition, values, ofDefinition);
    unpacked(length);
    const body = packed.subarray(levels);
    const isPacked = second.is_compressed !== false && length > levels;
    const plain = isPacked ? decompressPage(body, length - levels, codec, compressors) : body;
    checkValues(readerOf(plain), second.encoding, type, values - nulls, unpacked);
  } else {
    expectPage(header.type === 'DICTIONARY_PAGE', 'a page is of no kind that is read');
    unpacked(length);
  }
}

function valuesOf(header: PageHeader): number | undefined {
  const { data_page_header: first, data_page_header_v2: second, dictionary_page_header: dictionary } = header;
  if (header.type === 'DATA_PAGE') return first?.num_values;
  return header.type === 'DATA_PAGE_V2' ? second?.num_values : dictionary?.num_values;
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}

function readerOf(bytes: Uint8Array): { view: DataView; offset: number } {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
}
