/** Tables as text (CSV, TSV): a header, then a row a rollout. Cells in quotation marks may hold line breaks. */
import type { JsonObject } from '../text/json';

/** What is text even where it looks like a number. */
const OF_TEXT =
  /answer|gold|truth|target|question|prompt|query|problem|completion|response|output|solution|label|messages|text|alias|(?:^|_)u?id$/i;
const NUMBER = /^[+-]?(?:\d{1,15}(?:\.\d{0,17})?|\.\d{1,17})(?:[eE][+-]?\d{1,3})?$/;

export type TakeRow = (row: JsonObject, number: number) => void;

export class TableRows {
  count = 0;
  private header: readonly string[] | null = null;
  private fields: string[] = [];
  private parts: string[] = [];
  private state: 'start' | 'plain' | 'quoted' | 'quote' = 'start';
  private returned = false;

  /** @param skip told of a row that has more cells than there are columns */
  constructor(
    private readonly separator: string,
    private readonly take: TakeRow,
    private readonly skip: (number: number, reason: string) => void,
  ) {}

  push(text: string): void {
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const c = text[at];
      if (this.state === 'quoted') {
        if (c !== '"') continue;
        this.parts.push(text.slice(from, at));
        this.state = 'quote';
        from = at + 1;
        continue;
      }
      if (this.returned) {
        this.returned = false;
        if (c === '\n') {
          from = at + 1;
          continue;
        }
      }
      if (c === '"' && this.state !== 'plain') {
        // Two of them stand for one.
        if (this.state === 'quote') this.parts.push('"');
        this.state = 'quoted';
        from = at + 1;
      } else if (c === this.separator || c === '\n' || c === '\r') {
        this.parts.push(text.slice(from, at));
        from = at + 1;
        this.endField();
        if (c !== this.separator) this.endRow();
        this.returned = c === '\r';
      } else if (this.state === 'start') this.state = 'plain';
    }
    this.parts.push(text.slice(from));
  }

  /** @returns whether the text ends within a cell */
  end(): boolean {
    const cut = this.state === 'quoted';
    this.endField();
    if (!cut) this.endRow();
    return cut;
  }

  private endField(): void {
    this.fields.push(this.parts.join(''));
    this.parts = [];
    this.state = 'start';
  }

  private endRow(): void {
    const { fields, header } = this;
    this.fields = [];
    if (fields.length === 1 && fields[0]?.trim() === '') return;
    if (header === null) {
      this.header = fields.map((name) => name.replace(/^\uFEFF/, '').trim());
      return;
    }
    this.count += 1;
    if (fields.length > header.length) {
      this.skip(
        this.count,
        `${fields.length} cells, but ${header.length} columns: cells with the separator in them stand in quotation marks`,
      );
      return;
    }
    const cells = fields.flatMap((value, k) => {
      const name = header[k] ?? '';
      return name === '' || value === '' ? [] : [[name, isNumber(name, value) ? Number(value) : value] as const];
    });
    this.take(Object.fromEntries(cells), this.count);
  }
}

function isNumber(name: string, value: string): boolean {
  return !OF_TEXT.test(name) && NUMBER.test(value);
}
