import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GLOSSARY } from './glossary';
import { isTermId, TERM_IDS } from './term-ids';

/** All of the page: a sign that nothing in it has is no sign. */
const page = Object.values(
  import.meta.glob<string>(
    ['../app/*.tsx', '../panels/**/*.{ts,tsx}', '../primitives/*.tsx', '../../recordings/decode-trajectory.ts'],
    {
      query: '?raw',
      import: 'default',
      eager: true,
    },
  ),
).join('\n');

it('explains every sign of the page', () => {
  expect(TERM_IDS.filter((id) => !GLOSSARY.has(id))).toEqual([]);
  expect(TERM_IDS.filter((id) => !new RegExp(`['"]${id}['"]`).test(page))).toEqual([]);
  expect(isTermId('reward')).toBe(true);
  expect(isTermId('grpo')).toBe(false);
  expect(isTermId(undefined)).toBe(false);
});

it('has each sign in the table of signs, and nothing there that the page lacks', () => {
  const table = readFileSync('docs/guide/signs.md', 'utf8');
  const listed = new Set([...table.matchAll(/glossary\.md#([\w-]+)/g)].map(([, anchor]) => anchor));
  expect([...listed].sort()).toEqual([...TERM_IDS].sort());
});

it('reads the document: a term, its sentences without links, and which way is good', () => {
  const headings = [...readFileSync('docs/glossary.md', 'utf8').matchAll(/^### (.+)$/gm)].map(([, term]) => term);
  expect([...GLOSSARY.values()].map(({ term }) => term)).toEqual(headings);
  expect(GLOSSARY.get('regret')).toMatchObject({ term: 'Regret', good: 'down' });
  expect(GLOSSARY.get('exact-match')).toMatchObject({ good: 'up' });
  expect(GLOSSARY.get('actor')?.good).toBeNull();
  for (const { text } of GLOSSARY.values()) {
    expect(text).toMatch(/^[A-Z0-9].*\.$/s);
    expect(text).not.toMatch(/[[\]`]|Good is|Sign:/);
  }
});
