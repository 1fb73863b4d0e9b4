import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FACTS } from './facts';
import { hasWords, say, WORDS } from './words';

const RESULTS = readFileSync('docs/results/eighty-updates.md', 'utf8');

/** Where docs/results/eighty-updates.md says it, and which takeaway does. */
const SAID: readonly (readonly [keyof typeof FACTS, string, RegExp])[] = [
  ['refinerAdds', 'train.takeaway.text', /\| `search-r2` +\|.*?\| +\+([\d.]+ ± [\d.]+) \|/],
  ['actorBehind', 'train.takeaway.text', /the actor alone not inferior to `search-r1`.*met: −([\d.]+) \[/],
  ['processAlone', 'worth.takeaway.text', /process reward that helps by itself\*\* \((\+[\d.]+), \[−/],
  ['uniformCut', 'cut.takeaway.text', /a uniform cut (four fifths) of it/],
  ['revisedWrong', 'threshold.takeaway.text', /revises wrong drafts at ([\d.]+) times the rate of right ones/],
  ['margin', 'threshold.takeaway.text', /a margin of (−\d) \(more is revised\)/],
];

it.each(SAID)('the study says %s as %s does', (fact, key, where) => {
  expect(where.exec(RESULTS)?.[1]).toBe(FACTS[fact]);
  expect(hasWords(key) && WORDS[key]).toContain(`{${fact}}`);
  expect(say(key)).toContain(FACTS[fact]);
});

it('has no fact that no takeaway says', () => {
  expect(SAID.map(([fact]) => fact).sort()).toEqual(Object.keys(FACTS).sort());
});

it('and the part about chance is said in the study too', () => {
  // A margin changes what the refiner adds by less than its interval.
  const margins = [...RESULTS.matchAll(/a margin of −2 .*\| \+([\d.]+), \+([\d.]+) \(/g)].flatMap(([, a, b]) => [a, b]);
  expect(margins.length).toBeGreaterThan(0);
  for (const gain of margins) expect(Math.abs(Number(gain) - 0.062)).toBeLessThan(0.0062);
});
