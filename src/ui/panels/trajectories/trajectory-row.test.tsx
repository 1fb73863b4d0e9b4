import { describe, expect, it } from 'vitest';
import { openTrajectory, renderPanel, textOf, type RowNumbersGiven } from '../../../testing/page/render-panel';
import { TrajectoryRow } from './trajectory-row';

const GIVEN: RowNumbersGiven = {
  em: [0, 1],
  rewards: [0, 1.5],
  advantage: -0.75,
  reviewAdvantage: 1.5,
  review: [0.25, 0.5, 0.1, 0.15],
};

function draw(given: RowNumbersGiven, config: Parameters<typeof openTrajectory>[1] = {}) {
  const { studio, view } = openTrajectory(given, config);
  const { trajectory } = view;
  const html = renderPanel(
    studio,
    <TrajectoryRow {...{ trajectory, turn: 0, rank: 3, question: null, selectedSide: null, selectedStep: null }} />,
  );
  const part = (name: string) => textOf(new RegExp(`<div class="${name}[^>]*>.*?</div>`, 's').exec(html)?.[0] ?? '');
  return { html, trajectory, head: part('row-head'), outcome: part('row-outcome') };
}

describe('a row of the list', () => {
  it('has the reward of the final trajectory and its advantage with its sign', () => {
    expect(draw(GIVEN).head).toBe('#3 R 1.50 A −0.75');
    expect(draw({ ...GIVEN, advantage: 0.75 }).head).toBe('#3 R 1.50 A +0.75');
  });

  it('tells what became of the draft, and the probability that it is accepted', () => {
    expect(draw(GIVEN).outcome).toBe('saved EM 0 → 1 accept .25');
    expect(draw({ ...GIVEN, em: [1, 0] }).outcome).toBe('harmed EM 1 → 0 accept .25');
    expect(draw({ ...GIVEN, em: [1, 1] }).outcome).toBe('wasted EM 1 → 1 accept .25');
    const review = [0.7, 0.15, 0.1, 0.05];
    expect(draw({ ...GIVEN, review, em: [0, 0] }, { isCut: false }).outcome).toBe('missed EM 0 accept .70');
    expect(draw({ ...GIVEN, review, em: [1, 1] }, { isCut: false }).outcome).toBe('kept EM 1 accept .70');
  });

  it('has the probability of each cut under the step that it would discard', () => {
    const { html, trajectory } = draw(GIVEN);
    const chances = [...html.matchAll(/data-step="(\d)".*?<\/li>/gs)].flatMap(([step, number]) => {
      const chance = /aria-label="probability of a cut at step (\d) ([\d.]+)"[^>]*>([^<]*)</.exec(step);
      return chance ? [[number, ...chance.slice(1)]] : [];
    });
    expect(chances).toEqual([
      ['1', '1', '.50', '.50'],
      ['2', '2', '.10', '.10'],
      ['3', '3', '.15', '.15'],
    ]);
    expect(html.match(/Cut here, discarded from here on/g)).toHaveLength(1);
    const discarded = html.match(/step-discarded/g)?.length;
    expect(discarded).toBe(trajectory.draft.steps.length - trajectory.cut + 1);
  });
});
