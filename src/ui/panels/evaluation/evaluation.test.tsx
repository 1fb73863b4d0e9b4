import { describe, expect, it } from 'vitest';
import { openPage, renderPanel, tableOf, textOf } from '../../../testing/page/render-panel';
import { Evaluation } from './evaluation';

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
});
