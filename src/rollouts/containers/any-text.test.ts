import { describe, expect, it } from 'vitest';
import { AnyText } from './any-text';
import { textKind } from './text-kind';

/** Rows and what was skipped, of text that comes in pieces of so many bytes. */
function read(bytes: Uint8Array, piece: number): { rows: unknown[]; skips: string[]; cut: boolean; count: string } {
  const rows: unknown[] = [];
  const skips: string[] = [];
  const text = new AnyText({
    text: (line) => rows.push(JSON.parse(new TextDecoder().decode(line))),
    row: (row) => rows.push(row),
    skip: (unit, number, reason) => skips.push(`${unit} ${number}: ${reason}`),
  });
  for (let at = 0; at < bytes.length; at += piece) text.push(bytes.subarray(at, at + piece));
  const cut = text.end();
  return { rows, skips, cut, count: `${text.count} ${text.rows}` };
}

const PIECES = [1, 2, 3, 7, 100_000];
const utf8 = (text: string) => new TextEncoder().encode(text);
function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let k = 0; k < text.length; k += 1) view.setUint16(2 * k, text.charCodeAt(k), littleEndian);
  return new Uint8Array(view.buffer);
}

describe.each(PIECES)('text in pieces of %i bytes', (piece) => {
  it('is a table where its first line names what was asked and what was written', () => {
    const text = '\uFEFFquestion,completion,reward,answer\r\n"Wo, ""dort""?","a\r\nb",0.5,07\r\n\r\nWer?,x,,Zoë';
    expect(read(utf8(text), piece)).toEqual({
      rows: [
        { question: 'Wo, "dort"?', completion: 'a\r\nb', reward: 0.5, answer: '07' },
        { question: 'Wer?', completion: 'x', answer: 'Zoë' },
      ],
      ...{ skips: [], cut: false, count: '2 rows' },
    });
  });

  it('is a table with tabs, semicolons or bars', () => {
    for (const separator of ['\t', ';', '|']) {
      const text = ['prompt', 'output', 'step'].join(separator) + '\n' + ['q', 'a, b', '3'].join(separator) + '\n';
      expect(read(utf8(text), piece).rows).toEqual([{ prompt: 'q', output: 'a, b', step: 3 }]);
    }
  });

  it('tells a row with too many cells, and a cell that is not closed', () => {
    const { rows, skips, cut } = read(utf8('prompt,output\nq,a,b\nq,a\nq,"a\n'), piece);
    expect(rows).toEqual([{ prompt: 'q', output: 'a' }]);
    expect(skips).toEqual([expect.stringMatching(/^row 1: 3 cells, but 2 columns/)]);
    expect(cut).toBe(true);
  });

  it('is JSON in UTF-8 or UTF-16, with a mark or without', () => {
    const text = '{"a":"ü€"}\n{"a":2}\n';
    for (const bytes of [
      utf8(text),
      ...[true, false].flatMap((little) => [utf16(text, little), utf16(`\uFEFF${text}`, little)]),
    ]) {
      expect(read(bytes, piece).rows).toEqual([{ a: 'ü€' }, { a: 2 }]);
    }
  });

  it('is JSON as a sequence, or objects behind one another', () => {
    expect(read(utf8('\u001e{"a":1}\n\u001e{"a":2}\n'), piece).rows).toEqual([{ a: 1 }, { a: 2 }]);
    expect(read(utf8('{"a":"}{"} {"a":2}{"a":3}'), piece).rows).toEqual([{ a: '}{' }, { a: 2 }, { a: 3 }]);
  });

  it('is what a trainer printed, each process for itself', () => {
    const lines = [
      'Started.',
      '\u001b[36m(main_task pid=1)\u001b[0m ----------------',
      "\u001b[36m(main_task pid=1)\u001b[0m Golden answers: ['Rome']",
      '\u001b[36m(main_task pid=1)\u001b[0m Extracted answer: Rome',
      '\u001b[36m(main_task pid=1)\u001b[0m Solution string: <|im_start|>user',
      '(WorkerDict pid=2) loading',
      '\u001b[36m(main_task pid=1)\u001b[0m Who?<|im_end|>',
      '(main_task pid=1) step:4 - loss:0.1',
      'Golden answers: []',
      'Solution string: Question: Who?',
      '<answer>Oslo</answer>',
    ];
    expect(read(utf8(lines.join('\n')), piece)).toEqual({
      rows: [
        { text: '<|im_start|>user\nWho?<|im_end|>', ground_truth: "['Rome']", step: 4 },
        { prompt: 'Question: Who?\n', completion: '<answer>Oslo</answer>', ground_truth: '[]' },
      ],
      ...{ skips: [], cut: false, count: '2 rows' },
    });
  });
});

describe('facts', () => {
  it.each(['head\trelation\ttail\nOslo\tin\tNorway\n', 'subject;predicate;object\n', '', '# x\n'])(
    'are no rollouts: %j',
    (text) => expect(textKind(text)).toBeNull(),
  );
});
