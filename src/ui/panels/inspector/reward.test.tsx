import { describe, expect, it } from 'vitest';
import { openTrajectory, renderPanel, textsOf, type RowNumbersGiven } from '../../../testing/page/render-panel';
import { RewardFormula } from '../../primitives/reward-formula';
import { Reward } from './reward';

const SAVED: RowNumbersGiven = {
  em: [0, 1],
  rewards: [0.25, 1.5],
  advantage: -0.75,
  reviewAdvantage: 1.25,
  review: [0.25, 0.5, 0.1, 0.15],
};
/** The last line of the panel: the advantages. */
function lineOf(given: RowNumbersGiven, config: Parameters<typeof openTrajectory>[1] = {}): string | undefined {
  const { studio, view } = openTrajectory(given, config);
  return textsOf(renderPanel(studio, <Reward view={view} />), 'p').at(-1);
}

describe('the reward of the inspector', () => {
  it('has both advantages with their signs, and what the review’s comes from', () => {
    expect(lineOf(SAVED)).toBe('advantage in its group −0.75, of the review +1.25 = 1.50 − 0.25, final minus draft');
    expect(lineOf({ ...SAVED, advantage: 0.75, reviewAdvantage: -1.25, rewards: [1.5, 0.25] })).toBe(
      'advantage in its group +0.75, of the review −1.25 = 0.25 − 1.50, final minus draft',
    );
  });

  it('explains the review’s advantage only where it is that difference', () => {
    expect(lineOf(SAVED, { refinerAdvantage: 'group' })).toBe('advantage in its group −0.75, of the review +1.25');
    const kept = { ...SAVED, reviewAdvantage: 0 };
    expect(lineOf(kept, { isCut: false })).toBe('advantage in its group −0.75, of the review 0.00');
    expect(lineOf(SAVED, { refiner: 'none' })).toBe('advantage in its group −0.75');
  });

  it('works the reward of the side on screen out, from its own exact match and searches', () => {
    const { studio, view } = openTrajectory(SAVED);
    const final = view.trajectory.final.steps.filter(({ kind }) => kind === 'search').map(({ useful }) => useful);
    const [formula, numbers, result] = textsOf(renderPanel(studio, <Reward view={view} />), 'p');
    expect(formula).toBe('R = EM × ( 1 + 1 M ∑ u i )');
    expect(numbers?.replaceAll(' ', '')).toBe(`=1×(1+1${final.length}(${final.join('+')}))`);
    expect(result).toBe('= 1.50');
  });

  it('does not count useful searches where nobody knows which were', () => {
    const { studio, view } = openTrajectory(SAVED);
    const { final } = view.trajectory;
    const told = (steps: typeof final.steps) =>
      textsOf(renderPanel(studio, <RewardFormula side={{ ...final, steps, reward: null, rewardFrom: 'file' }} />), 'p');
    const searches = final.steps.filter(({ kind }) => kind === 'search');
    expect(told(searches.map((step) => ({ ...step, useful: null })))[0]).toMatch(/useful searches unknown$/);
    expect(told(searches.map((step) => ({ ...step, useful: 1 })))[0]).toMatch(/useful searches (\d) of \1$/);
  });
});
