import { describe, expect, it } from 'vitest';
import { openPage, renderPanel, tableOf, textOf } from '../../../testing/page/render-panel';
import { Evaluation } from './evaluation';
import { Reading } from './reading';

/** Every number once: measure k of the evaluation after update u is (10 u + k) / 1000. */
const METRICS = [
  'emSampled',
  'emSampledRefined',
  'emGreedy',
  'emGreedyRefined',
  'emTrain',
  'emClosedBook',
  'emRealGreedy',
  'emRealClosedBook',
];
const metricsOf = (update: number, keys = METRICS) =>
  Object.fromEntries(keys.map((key, k) => [key, (10 * update + k) / 1000]));

function shown(updates: readonly number[], keys = METRICS): { html: string; table: string[][] } {
  const { studio, tell } = openPage();
  for (const update of updates) tell({ type: 'evaluation', result: { update, metrics: metricsOf(update, keys) } });
  const html = renderPanel(studio, <Evaluation />);
  return { html, table: tableOf(html) };
}

describe('the evaluation panel', () => {
  it('shows the first evaluation beside the newest, each number beside its measure', () => {
    expect(shown([0, 10, 20]).table).toEqual([
      ['measure', 'base', 'upd. 20'],
      ['sampled', '0.0 %', '20.0 %'],
      ['+ refiner', '0.1 %', '20.1 %'],
      ['greedy', '0.2 %', '20.2 %'],
      ['+ refiner', '0.3 %', '20.3 %'],
      ['training', '0.4 %', '20.4 %'],
      ['closed book', '0.5 %', '20.5 %'],
      ['real, greedy', '0.6 %', '20.6 %'],
      ['real, closed', '0.7 %', '20.7 %'],
      ['ceiling', '', '93.0 %'],
    ]);
  });

  it('leaves the second column open while there is one evaluation, and calls only update 0 the base', () => {
    const { table } = shown([5], ['emSampled', 'emGreedy']);
    expect(table.slice(0, 3)).toEqual([
      ['measure', 'upd. 5', 'now'],
      ['sampled', '5.0 %', '–'],
      ['greedy', '5.1 %', '–'],
    ]);
  });

  it('has no row for what a run does not measure, and says so before the first evaluation', () => {
    const { table } = shown([0, 10], ['emSampled']);
    expect(table.map(([label]) => label)).toEqual(['measure', 'sampled', 'ceiling']);
    expect(textOf(shown([]).html)).toContain('Appears after the first evaluation');
  });

  it('draws how well drafts are read, once that was measured', () => {
    const reading = ['reviewAuc', 'reviewAucBase', 'reviewAucReader'];
    expect(shown([0, 10]).html).not.toContain('<figure');
    const { studio, tell } = openPage();
    const values = [
      [0.75, 0.75, 0.99],
      [1, 0.75, null],
      [0.875, 0.5, 0.98],
    ];
    values.forEach((row, i) => {
      const metrics = Object.fromEntries(reading.map((key, k) => [key, row[k] ?? null]));
      tell({ type: 'evaluation', result: { update: 10 * i, metrics } });
    });
    const { evaluations } = studio.store.getState();
    expect(renderPanel(studio, <Reading evaluations={[{ update: 0, metrics: metricsOf(0) }]} />)).toBe('');
    const html = renderPanel(studio, <Reading evaluations={evaluations} />);
    expect(textOf(html)).toContain('reviews 0.88 base 0.50 by rules 0.98');
    // Across 240 by 48 with a margin of 1: chance is at the bottom, and what is missing is passed over.
    const lines = [...html.matchAll(/<path d="(M1\.0 [^"]*)"/g)].map(([, d]) => d);
    expect(lines).toEqual(['M1.0 24.0L120.0 1.0L239.0 12.5', 'M1.0 24.0L120.0 24.0L239.0 47.0', 'M1.0 1.9L239.0 2.8']);
  });
});
