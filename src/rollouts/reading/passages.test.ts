import { describe, expect, it } from 'vitest';
import { readPassages } from './passages';

const titled = (found: unknown) => readPassages(found).map(({ title, text }) => [title, text]);

describe('results as text', () => {
  it.each([
    [
      'Doc 1(Title: Dune) By Herbert.\nDoc 2(Title: "Sand") Grains.',
      [
        ['Dune', 'By Herbert.'],
        ['Sand', 'Grains.'],
      ],
    ],
    [
      'Found:\nDocument [1]: (Title: A "B" C) x\n  Doc 2 (Title:  D ) y',
      [
        ['A "B" C', 'x'],
        ['D', 'y'],
      ],
    ],
    [
      '[1] By Herbert.\n[2] "Sand"\nGrains.\n[3]',
      [
        ['', 'By Herbert.'],
        ['Sand', 'Grains.'],
      ],
    ],
    ['Doc 1(Title: Empty)', [['Empty', '']]],
    [
      'One.\n \nTwo,\nstill two.\n\n\n\nThree.',
      [
        ['', 'One.'],
        ['', 'Two,\nstill two.'],
        ['', 'Three.'],
      ],
    ],
    [
      ' "Dune" \n\nBy Frank Herbert,\n1965. ',
      [
        ['', '"Dune"'],
        ['', 'By Frank Herbert,\n1965.'],
      ],
    ],
    ['"Dune" \nBy Frank Herbert,\n1965.', [['Dune', 'By Frank Herbert,\n1965.']]],
    ['He wrote "Dune"\nin 1965.', [['', 'He wrote "Dune"\nin 1965.']]],
    ['"It was Ada."', [['', '"It was Ada."']]],
    ['42', [['', '42']]],
    ['{not JSON}', [['', '{not JSON}']]],
    ['', []],
  ])('%j', (source, passages) => {
    expect(titled(source)).toEqual(passages);
  });

  it('may have brackets in their titles, as those of web searches do', () => {
    const found =
      '## Web Results\n1. [[PDF] Dune](https://a.b/c)\nBy Herbert.\n\n2. [Dune [1965] - Wiki](https://d)\nA novel.';
    expect(titled(found)).toEqual([
      ['[PDF] Dune', 'By Herbert.'],
      ['Dune [1965] - Wiki', 'A novel.'],
    ]);
  });

  it('are read as JSON where they are JSON', () => {
    expect(titled(' [{"title": "Dune", "text": "By Herbert."}] ')).toEqual([['Dune', 'By Herbert.']]);
    expect(titled('{"result": "[1] By Herbert."}')).toEqual([['', 'By Herbert.']]);
  });
});

describe('results as data', () => {
  it.each(['result', 'results', 'documents', 'docs', 'passages', 'retrieved'])('lie in "%s"', (key) => {
    expect(titled({ [key]: ['One.', { title: 'T', text: 'Two.' }], total: 2 })).toEqual([
      ['', 'One.'],
      ['T', 'Two.'],
    ]);
  });

  it.each(['text', 'contents', 'content', 'passage', 'snippet', 'body'])('say what they say in "%s"', (key) => {
    expect(titled([{ title: 'Dune', [key]: 'By Herbert.', score: 0.5 }])).toEqual([['Dune', 'By Herbert.']]);
  });

  it('have their title on the first line of "contents", where it is no sentence', () => {
    expect(titled([{ id: '7', contents: 'Dune\nBy Herbert.' }])).toEqual([['Dune', 'By Herbert.']]);
    expect(titled({ contents: 'It is long.\nBy Herbert.' })).toEqual([['', 'It is long.\nBy Herbert.']]);
    expect(titled({ text: 'Dune\nBy Herbert.' })).toEqual([['', 'Dune\nBy Herbert.']]);
  });

  it('may carry their title in the text, as the wiki-18 corpus does; a given title goes first', () => {
    expect(titled({ document: { contents: '"Dune"\n By Herbert. ' }, score: 0.5 })).toEqual([['Dune', 'By Herbert.']]);
    expect(titled({ title: 'Given', contents: '"Dune"\nBy Herbert.' })).toEqual([['Given', 'By Herbert.']]);
    expect(titled({ contents: { title: 'Dune', text: 'By Herbert.' } })).toEqual([['Dune', 'By Herbert.']]);
  });

  it('may have a title and no text; of other make they are shown as they are', () => {
    expect(titled({ title: 'Dune' })).toEqual([['Dune', '']]);
    expect(titled({ title: 'Dune', contents: [] })).toEqual([['Dune', '']]);
    expect(titled({ contents: [], score: 0.5 })).toEqual([['', '']]);
    expect(titled({ year: 1965 })).toEqual([['', '{"year":1965}']]);
    expect(titled([3, null, true])).toEqual([]);
  });

  it.each([
    [{ is_supporting: true }, true],
    [{ supporting: false }, false],
    [{ relevant: 1 }, true],
    [{ useful: 0 }, false],
    [{ label: 0.5 }, true],
    [{ label: 'positive' }, null],
    [{}, null],
  ])('say of themselves whether they help: %j', (said, label) => {
    expect(readPassages({ text: 'x', ...said })).toEqual([{ title: '', text: 'x', label }]);
  });

  it('as plain text say nothing of it', () => {
    for (const source of ['[1] x', 'Doc 1(Title: T) x', '"T"\nx']) expect(readPassages(source)[0]?.label).toBeNull();
  });
});
