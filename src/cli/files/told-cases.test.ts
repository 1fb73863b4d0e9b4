/** Files of facts and folders of weights as people have them, each beside its right reading. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tellCheckpoint } from './told-checkpoint';
import { tellFacts } from './told-facts';

const TRIPLES = 'src/env/triple-file/cases';
const CHECKPOINTS = 'src/formats/cases';
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

describe('weights as people have them', () => {
  it.each(namesIn(CHECKPOINTS))('%s', async (name) => {
    const path = `${CHECKPOINTS}/${name}`;
    const { expect: wanted } = expectation(path);
    expect(wanted).toMatch(/^(opens|refused)/);
    const { documents, opens } = await tellCheckpoint(path);
    expect(opens).toBe(String(wanted).startsWith('opens'));
    expect(documents).toMatchObject([{ file: path, opens }]);
  });

  it('are refused by the names of their tensors, or because they are somebody else’s', async () => {
    const reason = async (name: string) => (await tellCheckpoint(`${CHECKPOINTS}/${name}`)).refusals[0];
    expect(await reason('k14-untied-trained')).toContain('does not compute with: "lm_head.weight"');
    expect(await reason('k10-foreign-llama-bf16')).toContain('is no checkpoint of Cutpoint');
  });
});
