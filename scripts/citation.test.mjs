import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './lib/paths.mjs';

it('CITATION.cff names the version, the licence and the subject that package.json has', () => {
  const { version, license, description } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const cited = readFileSync(join(ROOT, 'CITATION.cff'), 'utf8').split('\n');
  expect(cited).toEqual(
    expect.arrayContaining([`version: ${version}`, `license: ${license}`, `abstract: ${description}.`]),
  );
});
