/** What the table keeps of a row is the same whether all of it is read or only what the table asks for. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PassageNumbers } from '../reading/label-evidence';
import { readRow } from '../reading/read-line';
import { isObject, parsedLoosely } from '../text/json';
import type { JsonObject } from '../text/json';
import { commonRows } from '../writers/writers';
import { dumpedBrief, readBrief } from './read-brief';
import { lineAt, readRolloutFiles } from './read-file';
import { briefOf } from './row-brief';
import { RowColumns } from './row-columns';
import type { RowBrief } from './row-brief';

function columnsOf(brief: RowBrief): unknown {
  const columns = new RowColumns();
  columns.put(0, brief, { offset: 0, length: 0, line: 1, pass: 0 });
  return columns.part();
}

function wholeOf(row: JsonObject): unknown {
  return columnsOf(briefOf(readRow(row, new PassageNumbers())));
}

function expectEqual(row: JsonObject): void {
  expect(columnsOf(readBrief(row))).toEqual(wholeOf(row));
}

/** @returns whether it is a row of verl's dump */
function expectDumpedEqual(row: JsonObject): boolean {
  const dumped = dumpedBrief(row);
  if (dumped === null) return false;
  expect(commonRows(row, 'rollouts/step_7.jsonl')).toBeNull();
  expect(columnsOf(dumped)).toEqual(wholeOf(row));
  return true;
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

  it('of verl’s dump, with odd values in it', () => {
    const said = fc.constantFrom(
      'Rome',
      ' rome. ',
      'Oslo',
      'yes',
      '',
      'and',
      '\\boxed{Rome}',
      'Action: x',
      'user\nRome',
      '&lt;b&gt;',
    );
    const found = fc.constantFrom(
      ...[
        'Doc 1(Title: "Rome") R\'ome it is',
        'Doc 1(Title: A) Rome\nDoc 2(Title: A) Rome',
        'Oslo',
        '[Rome]',
        '{"a": "Rome"}',
      ],
      ...['nothing', '', 'aRome', 'Roma e'],
    );
    const block = fc.oneof(
      { weight: 20, arbitrary: found.map((text) => `<search>q</search><information>${text}</information>`) },
      { weight: 6, arbitrary: said.map((text) => `<think>${text}</think>`) },
      fc.constantFrom(
        '<search>q</search>',
        '<information>Rome</information>',
        '<answer>x</answer>',
        'words',
        '\n',
        '<',
      ),
    );
    const completion = fc
      .tuple(fc.array(block, { maxLength: 5 }), said)
      .map(([blocks, answer]) => `${blocks.join('')}<answer>${answer}</answer>`);
    const gold = fc.constantFrom(
      'Rome',
      'rome',
      'yes',
      'the',
      '',
      'new york',
      '["Rome", "Oslo"]',
      'Rome<|answer_split|>Oslo',
    );
    const gts = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('Rome', 'rome') },
      gold,
      gold.map((one) => [one]),
      gold.map((one) => ({ target: one })),
      gold.map((one) => ({ target: [one] })),
      fc.constantFrom<unknown>(
        { target: ['Rome', 'Oslo'] },
        { target: 'Rome', aliases: ['Oslo'] },
        { a: 'Rome' },
        [],
        null,
        3,
      ),
    );
    const input = fc.constantFrom(
      ...[
        'user\nQuestion: where?\nassistant\n',
        'Where?',
        '',
        '[{"role": "user", "content": "Where?"}]',
        '&lt;search&gt;',
      ],
      'user\nWhere?\nassistant\n<search>q</search>\nuser\n<information>Rome</information>\nassistant\n',
    );
    const number = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom<unknown>(0, 1, 0.5, 3.7, -1) },
      fc.constantFrom<unknown>(Infinity, '1', null, true, [1]),
    );
    const other = fc.constantFrom<JsonObject>(
      {},
      {},
      {},
      {},
      { uid: 'p_1_0' },
      { reward: 2 },
      { format: 1 },
      { draft: 'x' },
      { Question: 'x' },
    );
    const row = fc.tuple(fc.record({ input, output: completion, gts, score: number, step: number }), other);
    let told = 0;
    fc.assert(
      fc.property(row, ([one, more]) => {
        told += Number(expectDumpedEqual({ ...one, ...more }));
      }),
      { numRuns: 10_000 },
    );
    expect(told).toBeGreaterThan(50);
  });
});
