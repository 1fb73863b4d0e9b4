/** Files of facts and folders of weights as people have them, each beside its right reading. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tellFacts } from './told-facts';

const TRIPLES = 'src/env/triple-file/cases';
const ENDING = '.expect.json';

function namesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((file) => (file.endsWith(ENDING) ? [file.slice(0, -ENDING.length)] : []));
}

function expectation(path: string): Record<string, unknown> {
  const value: unknown = JSON.parse(readFileSync(`${path}${ENDING}`, 'utf8'));
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

describe('facts as people have them', () => {
  it.each(namesIn(TRIPLES))('%s', (name) => {
    const path = `${TRIPLES}/${name}`;
    const { notes, ...expected } = expectation(path);
    expect(notes).toBeTypeOf('string');
    expect(expected['facts']).toBeGreaterThan(0);
    const { documents, refusals } = tellFacts(path);
    expect(documents).toMatchObject([expected]);
    expect(refusals).toEqual([]);
  });
});
