import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asRecording } from '../lessons/lessons';
import { readStudy } from '../lessons/study/data';
import type { Bounds } from '../lessons/study/data';
import { inBounds } from '../lessons/study/lesson';
import { studyFacts } from '../report/study-facts';
import { readRuns } from './files/read-runs';

const runsOf = (file: string) => readRuns([`docs/results/${file}`]).records;
const records = runsOf('study-300/runs.jsonl');
const facts = studyFacts(records, [
  { world: 'hard', records: runsOf('hard-300/runs.jsonl') },
  { records: runsOf('runs.jsonl') },
]);
const document = ['results', 'results/eighty-updates']
  .map((name) => readFileSync(`docs/${name}.md`, 'utf8'))
  .join('\n');

/** As the document says differences of the system: in points. */
function inPoints({ mean, low, high }: Bounds): string {
  const [at, from, to] = [mean, low, high].map(
    (value) => `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(1)}`,
  );
  return `${at} [${from}, ${to}]`;
}

describe('the facts of lesson 7', () => {
  it('are those of the runs that are committed: `npm run lessons -- --only study` makes the file anew', () => {
    const file: unknown = JSON.parse(readFileSync('public/lessons/study.json', 'utf8'));
    expect(file).toEqual(asRecording('study', facts));
    expect(readStudy(file)).toEqual(facts);
  });

  it('stand in docs/results.md, those of 80 updates in its page of these', () => {
    for (const { arm, mean } of facts.arms) {
      const row = document.split('\n').find((line) => line.startsWith(`| \`${arm}\``)) ?? '';
      expect(row, arm).toContain(mean.toFixed(3));
    }
    for (const one of facts.contrasts) {
      const said = one.of === 'emSystem' ? inPoints(one) : inBounds(one);
      expect(document, `${one.arm} ${one.of}`).toContain(said);
    }
    expect(document).toContain(inBounds(facts.greedy));
    for (const one of facts.elsewhere) expect(document, one.world).toContain(inBounds(one));
  });

  it('name an arm or a group of runs that is missing', () => {
    expect(() => studyFacts([], [])).toThrow('There is no group of runs "microwiki, size=tiny".');
    const without = records.filter(({ config }) => config.preset !== 'random-cut');
    expect(() => studyFacts(without, [])).toThrow('There is no arm "random-cut" on microwiki, size=tiny.');
  });
});
