import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asRecording } from '../lessons/lessons';
import { readStudy } from '../lessons/study/data';
import { inBounds } from '../lessons/study/lesson';
import { studyFacts } from '../report/study-facts';
import { readRuns } from './files/read-runs';

const { records } = readRuns(['docs/results/runs.jsonl']);
const facts = studyFacts(records);
const document = readFileSync('docs/results/eighty-updates.md', 'utf8');

describe('the facts of lesson 7', () => {
  it('are those of the runs that are committed: `npm run lessons -- --only study` makes the file anew', () => {
    const file: unknown = JSON.parse(readFileSync('public/lessons/study.json', 'utf8'));
    expect(file).toEqual(asRecording('study', facts));
    expect(readStudy(file)).toEqual(facts);
  });

  it('stand in docs/results/eighty-updates.md', () => {
    for (const { arm, mean } of facts.arms) {
      const row = document.split('\n').find((line) => line.startsWith(`| \`${arm}\` `)) ?? '';
      expect(row, arm).toContain(mean.toFixed(3));
    }
    for (const one of facts.contrasts) {
      // Of the system the mean is in bold, and the interval follows.
      const said = inBounds(one);
      const bold = said.replace(/^(\S+)/, '**$1**');
      expect(document.includes(said) || document.includes(bold), `${one.arm} ${one.of}: ${said}`).toBe(true);
    }
    for (const { world, ...bounds } of facts.elsewhere) expect(document, world).toContain(inBounds(bounds));
  });

  it('name an arm or a group of runs that is missing', () => {
    expect(() => studyFacts([])).toThrow('There is no group of runs "microwiki, size=tiny".');
    const without = records.filter(({ config }) => config.preset !== 'random-cut');
    expect(() => studyFacts(without)).toThrow('There is no arm "random-cut" on microwiki, size=tiny.');
  });
});
