import { describe, expect, it } from 'vitest';
import { withColumns } from '../../config/column-lines';
import { decodeText } from '../../lib/decode-text';
import { hashOfFacts, readTriples } from '../triple-text';

function read(text: string) {
  const { triples, problems, layout } = readTriples(text, 10);
  return { facts: triples.map(({ subject, relation, object }) => [subject, relation, object]), problems, layout };
}

const FACTS = [
  ['Oskan', 'leader', 'Per Dahl'],
  ['Welm', 'leader', 'Lina Roth'],
  ['Per Dahl', 'born in', 'Welm'],
];

function table(separator: string, order: readonly number[] = [0, 1, 2], rows = FACTS): string {
  return rows.map((row) => order.map((k) => row[k]).join(separator)).join('\n');
}

describe('separators', () => {
  it.each(['\t', ',', ';', '|', ' | '])('%j is found', (separator) => {
    expect(read(table(separator)).facts).toEqual(FACTS);
    expect(read(`head${separator}rel${separator}tail\n${table(separator)}`).facts).toEqual(FACTS);
  });

  it('are told where none fits', () => {
    expect(read('a b c d\ne f g h').problems[0]?.message).toBe(
      '1 column instead of 3 (tab, comma, semicolon and | were tried between them).',
    );
  });

  it('are not taken from names', () => {
    expect(read('a;b\tx, y\tc|d\ne;f\tx, y\tg').facts).toEqual([
      ['a;b', 'x, y', 'c|d'],
      ['e;f', 'x, y', 'g'],
    ]);
    expect(read('sep=;\na;b;c, d').facts).toEqual([['a', 'b', 'c, d']]);
  });
});

describe('quotation marks in a file with tabs', () => {
  it('are signs where every one has its end', () => {
    expect(read('a\tb\t"c ""d"""\ne\tb\t"f\tg"').facts).toEqual([
      ['a', 'b', 'c "d"'],
      ['e', 'b', 'f\tg'],
    ]);
  });

  it('are part of the names where one has not', () => {
    const rows = [
      ['a', 'plays', '"Heroes" (song)'],
      ['b', 'plays', '"Low"'],
      ['c', 'is', '5" wide'],
    ];
    expect(read(table('\t', [0, 1, 2], rows)).facts).toEqual(rows);
  });
});

describe('headers', () => {
  it.each([
    'head relation tail',
    'Subject Predicate Object',
    's p o',
    'h r t',
    'item prop value',
    'itemLabel propLabel valueLabel',
    '?s ?p ?o',
    ':START_ID :TYPE :END_ID',
    'node_1 edge node_2',
    'Entity Relation Value',
    'entity attribute value',
    'Subjekt Relation Objekt',
  ])('%s', (words) => {
    expect(read(`${words.replaceAll(' ', ',')}\n${table(',')}`).facts).toEqual(FACTS);
  });

  it('name the columns, labels before ids', () => {
    expect(read(`id,object,subject,relation\n${table(',', [0, 2, 0, 1])}`).facts).toEqual(FACTS);
    const header = 'item,itemLabel,prop,propLabel,value,valueLabel';
    const rows = FACTS.map(([s, p, o]) => ['Q1', s, 'P2', p, 'Q3', o].join(','));
    const { facts, layout } = read([header, ...rows].join('\n'));
    expect(facts).toEqual(FACTS);
    expect(layout).toMatchObject({ columns: [2, 4, 6], columnsBy: 'header' });
  });

  it('are none where a word is missing', () => {
    expect(read('Anna,relation,Bert\nBert,relation,Cleo').facts).toHaveLength(2);
  });
});

describe('columns', () => {
  const rows = [...FACTS, ['Lina Roth', 'born in', 'Oskan']];
  it.each([
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
  ])('in the order %d, %d, %d are told by their values', (...order) => {
    expect(read(table('\t', order, rows)).facts).toEqual(rows);
  });

  it('of numbers and of one value are left out', () => {
    const wide = rows.map((row, k) => [String(k), ...row, '0.9', 'en'].join('\t')).join('\n');
    expect(read(wide)).toMatchObject({ facts: rows, layout: { columns: [2, 3, 4], columnsBy: 'values' } });
  });

  it('stay as they are where all is said of one subject, or few things of many', () => {
    const infobox = Array.from({ length: 20 }, (_, k) => ['Norway', `key ${k}`, `value ${k % 12}`]);
    expect(read(table('\t', [0, 1, 2], infobox)).facts).toEqual(infobox);
    const small = [
      ['Ann', 'likes', 'tea'],
      ['Bo', 'hates', 'tea'],
      ['Cy', 'sells', 'tea'],
    ];
    expect(read(table('\t', [0, 1, 2], small)).facts).toEqual(small);
  });

  it('are those that a person sets, and change nothing of the hash', () => {
    const text = table('\t', [2, 0, 1]);
    const set = withColumns(text, [2, 3, 1]);
    expect(read(set)).toMatchObject({ facts: FACTS, layout: { columnsBy: 'person', comments: 0 } });
    expect(hashOfFacts(readTriples(set, 1).triples)).toBe(hashOfFacts(readTriples(table(','), 1).triples));
    expect(withColumns(set, null)).toBe(text);
    expect(read(withColumns(text, [1, 2, 4])).problems).toHaveLength(3);
  });
});

describe('lines that begin with #', () => {
  it('are comments and counted', () => {
    const text = `# people\n${table('\t')}\n#Oskan\tleader\tAda\n# phrase: leader = is led by`;
    expect(read(text)).toMatchObject({ facts: FACTS, layout: { comments: 2, hashNames: 0 } });
    expect(read(`${table('\t')}\n#Oskan\tleader\tAda`)).toMatchObject({ facts: FACTS, layout: { comments: 1 } });
    expect(read(`#subject\trelation\tobject\n${table('\t')}`)).toMatchObject({ facts: FACTS, layout: { comments: 1 } });
  });

  it('are facts in a file without comments', () => {
    const tag = ['#MeToo', 'started by', 'Tarana Burke'];
    expect(read(table('\t', [0, 1, 2], [...FACTS, tag]))).toMatchObject({
      facts: [...FACTS, tag],
      layout: { comments: 0, hashNames: 1 },
    });
    expect(read(table('\t', [0, 1, 2], [tag])).facts).toEqual([tag]);
    expect(read('C#\tis a\tlanguage #1').facts).toEqual([['C#', 'is a', 'language #1']]);
  });
});

describe('N-Triples', () => {
  it('are read, names being the last parts', () => {
    const text = [
      '# made by a program',
      '<http://ex.org/r/Per_Dahl> <http://ex.org/o#born%20in> <http://ex.org/r/Welm> .',
      '<http://ex.org/r/Welm> <http://ex.org/o#label> "Welm \\"old\\" t\\u00f6wn"@en .',
      '_:b0 <http://ex.org/o#size> "5"^^<http://www.w3.org/2001/XMLSchema#integer> <http://ex.org/graph> .',
    ].join('\n');
    expect(read(text)).toMatchObject({
      facts: [
        ['Per_Dahl', 'born in', 'Welm'],
        ['Welm', 'label', 'Welm "old" töwn'],
        ['_:b0', 'size', '5'],
      ],
      problems: [],
      layout: { separation: null, comments: 1 },
    });
  });

  it('keep two IRIs apart that end alike', () => {
    const text =
      '<http://a/x/Rome> <http://p/in> <http://a/y/Rome> .\n<http://b/Oslo/> <http://q/in> <http://a/x/Rome> .';
    expect(read(text).facts).toEqual([
      ['x/Rome', 'p/in', 'y/Rome'],
      ['Oslo', 'q/in', 'x/Rome'],
    ]);
  });

  it('are refused by line', () => {
    expect(read('<http://a> <http://b> <http://c> .\n<http://a> <http://b> "c .').problems).toEqual([
      { line: 2, message: 'this is no line of N-Triples, as the others are.' },
    ]);
  });
});

describe('encodings', () => {
  const text = 'Köln\tFluss\tRhein\nZürich\tFluss\tLimmat\n';
  const wide = (order: 'le' | 'be', mark: string): Uint8Array => {
    const bytes = Buffer.from(mark + text, 'utf16le');
    return order === 'le' ? bytes : bytes.swap16();
  };
  it.each([
    ['UTF-8', false, new TextEncoder().encode(text)],
    ['UTF-8', false, new TextEncoder().encode(`\ufeff${text}`)],
    ['UTF-16LE', false, wide('le', '\ufeff')],
    ['UTF-16BE', false, wide('be', '\ufeff')],
    ['UTF-16LE', true, wide('le', '')],
    ['UTF-16BE', true, wide('be', '')],
    ['Windows-1252', true, Buffer.from(text, 'latin1')],
  ] as const)('%s, by trial: %s', (encoding, guessed, bytes) => {
    expect(decodeText(bytes)).toEqual({ text, encoding, guessed });
  });

  it('are not guessed where UTF-8 has a fault, or where it is no text', () => {
    const cut = Buffer.concat([Buffer.from(text), Buffer.from([0xc3])]);
    expect(decodeText(cut)).toMatchObject({ encoding: 'UTF-8', text: `${text}\ufffd` });
    expect(decodeText(Uint8Array.of(0x50, 0x4b, 3, 4, 0xff, 0x81)).encoding).toBe('UTF-8');
  });
});
