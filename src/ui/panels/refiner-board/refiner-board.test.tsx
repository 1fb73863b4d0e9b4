import { describe, expect, it } from 'vitest';
import { goToUpdate } from '../../../store/view/view-actions';
import { makeFakeBatch } from '../../../testing/page/fake-batch';
import { makeFakeWorld } from '../../../testing/page/fake-world';
import { openPage, renderPanel, tableOf, textOf, textsOf } from '../../../testing/page/render-panel';
import { RefinerBoard } from './refiner-board';

/** Cut, EM before and after: one saved, two harmed, three wasted, four missed, two rightly accepted. */
const OUTCOMES = [
  [2, 0, 1],
  [1, 1, 0],
  [1, 1, 0],
  [3, 0, 0],
  [3, 1, 1],
  [3, 0, 0],
  [0, 0, 0],
  [0, 0, 0],
  [0, 0, 0],
  [0, 0, 0],
  [0, 1, 1],
  [0, 1, 1],
] as const;

function batchOf(update: number, outcomes: readonly (readonly [cut: number, before: number, after: number])[]) {
  const batch = makeFakeBatch(makeFakeWorld(), update, 3, 4, 0.5, true);
  batch.cuts.set(outcomes.map(([cut]) => cut));
  batch.draft.em.set(outcomes.map(([, before]) => before));
  batch.final.em.set(outcomes.map(([, , after]) => after));
  return batch;
}

function open(config: Parameters<typeof openPage>[0] = {}) {
  const page = openPage({ prompts: 3, groupSize: 4, ...config });
  const rates = { savedRate: 0.125, harmedRate: 0.25, wastedRate: 0.5, missedRate: 0.0625 };
  page.tell({ type: 'metrics', update: 1, updateMs: 100, metrics: rates });
  page.tell({ type: 'trajectories', batch: batchOf(1, OUTCOMES) });
  return page;
}

const FIRST = [
  ['saved wrong → right', '1', '12.5 %'],
  ['harmed right → wrong', '2', '25.0 %'],
  ['wasted cut, no change', '3', '50.0 %'],
  ['missed wrong, kept', '4', '6.3 %'],
];

describe('the refiner board', () => {
  it('has each verdict with its count in the batch and its rate of the update', () => {
    const { studio } = open();
    expect(tableOf(renderPanel(studio, <RefinerBoard />)).slice(1)).toEqual(FIRST);
  });

  it('counts the reviews by where they cut, those that accept first', () => {
    const { studio } = open();
    const [figure] = textsOf(renderPanel(studio, <RefinerBoard />), 'ol');
    expect(figure).toBe('6 acc. 2 1 1 2 3 3 0 4 0 5');
  });

  it('shows the batch that is held, with the rates of its update', () => {
    const { studio, tell } = open();
    tell({
      type: 'metrics',
      update: 2,
      updateMs: 100,
      metrics: { savedRate: 1, harmedRate: 0, wastedRate: 0, missedRate: 0 },
    });
    tell({
      type: 'trajectories',
      batch: batchOf(
        2,
        OUTCOMES.map(() => [1, 0, 1]),
      ),
    });
    const newest = tableOf(renderPanel(studio, <RefinerBoard />));
    expect(newest[1]).toEqual(['saved wrong → right', '12', '100.0 %']);
    goToUpdate(studio, 1);
    expect(tableOf(renderPanel(studio, <RefinerBoard />)).slice(1)).toEqual(FIRST);
  });

  it('says that there is nothing to see without a refiner', () => {
    const { studio } = open({ refiner: 'none' });
    expect(textOf(renderPanel(studio, <RefinerBoard />))).toContain('This run has no refiner');
  });
});
