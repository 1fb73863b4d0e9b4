import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FACTS } from './facts';
import { hasWords, say, WORDS } from './words';

const RESULTS = readFileSync('docs/results.md', 'utf8');
const row = (arm: string, cells: string): RegExp => new RegExp(String.raw`\| \`${arm}\`.*?\|${cells}`);
/** Seeds, tokens, sampled, greedy, with its refiner. */
const FIVE = String.raw`(?:[^|]*\|){5} `;

/** Where docs/results.md says it, and which takeaway does. */
const SAID: readonly (readonly [keyof typeof FACTS, string, RegExp])[] = [
  ['refinerAdds', 'train.takeaway.text', row('search-r2', String.raw`${FIVE}\+([\d.]+) \[`)],
  ['actorBehind', 'train.takeaway.text', row('search-r2', String.raw`(?:[^|]*\|){7} +−([\d.]+) \[`)],
  ['processAlone', 'worth.takeaway.text', /The process reward does nothing by itself\*\*.*?: (\+[\d.]+) \[−/],
  ['uniformCut', 'cut.takeaway.text', row('random-cut', String.raw`${FIVE}\+([\d.]+) \[`)],
  [
    'revisedWrong',
    'threshold.takeaway.text',
    /`search-r2` revises wrong drafts at ([\d.]+) times the rate of right ones/,
  ],
  ['readerRevised', 'threshold.takeaway.text', /`reading-refiner` at ([\d.]+) times/],
  ['readerAdds', 'threshold.takeaway.text', row('reading-refiner', String.raw`${FIVE}\+([\d.]+) \[`)],
];

it.each(SAID)('the study says %s as %s does', (fact, key, where) => {
  expect(where.exec(RESULTS)?.[1]).toBe(FACTS[fact]);
  expect(hasWords(key) && WORDS[key]).toContain(`{${fact}}`);
  expect(say(key)).toContain(FACTS[fact]);
});

it('has no fact that no takeaway says', () => {
  expect(SAID.map(([fact]) => fact).sort()).toEqual(Object.keys(FACTS).sort());
});
