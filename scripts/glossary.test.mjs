import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linkedTerms, parseGlossary } from './lib/glossary.mjs';
import { ROOT } from './lib/paths.mjs';

const read = (path) => readFileSync(join(ROOT, path), 'utf8');
const entries = parseGlossary(read('docs/glossary.md'));
const anchors = new Set(entries.map(({ anchor }) => anchor));

describe('the glossary', () => {
  it('explains the signs of the page', () => {
    const told = new Set(entries.flatMap(({ sign }) => sign?.split(', ') ?? []));
    for (const sign of ['R', 'A', 'EM', 'acc.', 'training', 'n = 16', 'of the review']) expect(told).toContain(sign);
    for (const anchor of ['u_i', 'm', 'density', 'held', 'regret', 'wasted']) expect(anchors).toContain(anchor);
  });

  it('reads an entry', () => {
    const text =
      '# Glossary\n\n### Hop supported\n\nOne fact\nwas found. It is 0.5 or 1.\n\nSign: hops\n\nGood is up.\n';
    expect(parseGlossary(text)).toEqual([
      {
        ...{ term: 'Hop supported', anchor: 'hop-supported', text: 'One fact was found. It is 0.5 or 1.' },
        ...{ sign: 'hops', good: 'up' },
      },
    ]);
  });

  it.each([
    ['B\n\nOne.\n\n### A\n\nOne.', '"A" stands after "B"'],
    ['A b\n\nOne.\n\n### A-b\n\nOne.', 'two terms have the anchor "a-b"'],
    ['A\n\nOne. Two. Three.', '"A" has 3 sentences'],
    ['A\n\nNo end', '"A" has no text that ends in a full stop'],
    ['A', '"A" has no text'],
    ['A\n\nOne.\n\nAnother paragraph.', 'a line of no known form: "Another paragraph."'],
    ['A\n\nOne.\n\nGood is up.\n\nSign: a', 'in another order'],
  ])('refuses what breaks its form: %j', (text, problem) => {
    expect(() => parseGlossary(`# Glossary\n\n### ${text}\n`)).toThrow(problem);
  });
});

describe('documents', () => {
  const documents = [
    'README.md',
    'CONTRIBUTING.md',
    'ARCHITECTURE.md',
    ...readdirSync(join(ROOT, 'docs'), { recursive: true }).map((name) => `docs/${name}`),
  ].filter((path) => path.endsWith('.md'));

  it.each(documents)('%s links to terms that are there', (path) => {
    expect(linkedTerms(read(path)).filter((anchor) => !anchors.has(anchor))).toEqual([]);
  });

  it('link to every term at least once', () => {
    const linked = new Set(documents.flatMap((path) => linkedTerms(read(path))));
    expect([...anchors].filter((anchor) => !linked.has(anchor))).toEqual([]);
  });
});
