import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../recordings/diagnosis';
import type { Answers } from '../lesson';
import { readWrong } from './data';
import { around, CURED_BY, foundIn, WRONG } from './lesson';
import { BROKEN_RUNS, healthyConfig, updatesOf } from './runs';

const DATA = readWrong(JSON.parse(readFileSync('public/lessons/wrong.json', 'utf8')));
const { broken: BROKEN_UPDATES, all: LAST } = updatesOf(DATA);
const stepAt = (id: string) => WRONG.steps.find((step) => step.id === id);
const choice = (at: number) => ({ kind: 'choice', choice: at }) as const;
const optionsAt = (id: string): string[] => {
  const ask = stepAt(id)?.ask;
  return ask?.kind === 'choice' ? ask.options(DATA, {}).map(({ label }) => label) : [];
};

describe('the recording', () => {
  it.each(BROKEN_RUNS.map((run, at) => [run.failure, at] as const))(
    'has a run with %s, found before its cure',
    (failure, at) => {
      expect(DATA.broken[at]).toHaveLength(LAST);
      expect(foundIn(DATA, at)[0]?.id).toBe(failure);
    },
  );

  it('has a healthy run that nothing is found in', () => {
    const config = healthyConfig(DATA);
    for (const update of DATA.healthy.keys()) expect(diagnose(DATA.healthy.slice(0, update + 1), config)).toEqual([]);
  });

  it.each(BROKEN_RUNS.map((run, at) => [run.failure, at] as const))(
    'shows that the cure of %s helps',
    (failure, at) => {
      const rows = DATA.broken[at] ?? [];
      const metric = CURED_BY[failure] ?? '';
      const [before, after] = [around(rows, BROKEN_UPDATES, metric), around(rows, LAST, metric)];
      if (metric === 'emFinal') expect(after).toBeGreaterThan(before);
      else expect(after).toBeLessThan(before);
      expect(around(rows, LAST, 'emFinal')).toBeGreaterThan(around(rows, BROKEN_UPDATES, 'emFinal'));
    },
  );
});

describe('the lesson', () => {
  it.each(BROKEN_RUNS.map((run, at) => [String.fromCharCode(97 + at), run] as const))(
    'says so, and only so, where run %s is given its disease and its knob',
    (id, run) => {
      const said = (step: string, answers: Answers) => stepAt(step)?.told?.(DATA, answers)['called'];
      const right = (step: string) =>
        optionsAt(step).filter((_, at) => said(step, { [step]: choice(at) }) === 'So it is.');
      expect(right(id)).toHaveLength(1);
      expect(stepAt(id)?.told?.(DATA, {})['disease']).toBe(right(id)[0]);
      expect(right(`${id}-cure`)).toEqual([stepAt(`${id}-cure`)?.told?.(DATA, {})['knob']]);
      expect(run.knob in run.cure).toBe(true);
    },
  );
});
