/** What the table asks of a row is the same whether all of its passages are read or only those that may hold an answer. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineAt, readRolloutFiles } from '../file/read-file';
import { RowColumns } from '../file/row-columns';
import { isObject, parsedLoosely } from '../text/json';
import type { JsonObject } from '../text/json';
import { PassageNumbers } from './label-evidence';
import { readRow } from './read-line';

function columnsOf(row: JsonObject, numbers: PassageNumbers | null): unknown {
  const columns = new RowColumns();
  columns.put(0, readRow(row, numbers), { offset: 0, length: 0, line: 1, pass: 0 });
  return columns.part();
}

function expectEqual(row: JsonObject): void {
  expect(columnsOf(row, null)).toEqual(columnsOf(row, new PassageNumbers()));
}

const FOLDERS = ['cases', 'fixtures'].map((name) => new URL(`../${name}/`, import.meta.url));
const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.expect\.json$|\.md$|^versions|_summaries|^pandas|^polars/.test(entry.name))
    .map(({ name }) => [name, new URL(name, folder)] as const),
);

describe('a row for the table', () => {
  it.each(FILES)('of %s', async (name, url) => {
    const bytes = readFileSync(url);
    const file = await readRolloutFiles([{ name, size: bytes.length, stream: () => new Blob([bytes]).stream() }]);
    for (const place of file.table.offsets.keys()) {
      const row = parsedLoosely(lineAt(file, place))?.value;
      if (isObject(row)) expectEqual(row);
    }
  });

  it('of results in whatever shape, with signs, titles and breaks in any place', () => {
    const piece = fc.constantFrom(
      ...[
        'Rome',
        'rome',
        "R'ome",
        'New-York',
        'New',
        'York',
        'the',
        ' ',
        '\n',
        '\n\n',
        '. ',
        '"',
        '---',
        'Σ',
        'ς',
        'é',
      ],
      ...['Doc 1(Title: ', ')', '[1] ', '(1)', '1. [', '](a)', '<document>', '</document>', '<tool_name>x</tool_name>'],
      ...['{"title": "', '", "text": "', '"}', '"label": true', '[', ']', '**Web Page 1:**', '<search>', '</search>'],
    );
    const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
    const answer = fc.constantFrom('Rome', 'new york', 'yes', 'No.', 'the', '', "R'ome", 'ΑΣ', 'York', 'newyork');
    const row = fc.record({ golds: fc.array(answer, { maxLength: 2 }), given: answer, found: fc.array(text) });
    fc.assert(
      fc.property(row, ({ golds, given, found }) => {
        const searches = found.map((results) => `<search>q</search><information>${results}</information>`);
        expectEqual({ question: 'q', golds, completion: `${searches.join('')}<answer>${given}</answer>`, gold: golds });
      }),
      { numRuns: 3000 },
    );
  });
});
