import { describe, expect, it } from 'vitest';
import { openTrajectory, renderPanel, textOf } from '../../../testing/page/render-panel';
import { Ribbon } from './ribbon';

const GIVEN = {
  em: [0, 1],
  rewards: [0.25, 1.5],
  advantage: -0.75,
  reviewAdvantage: 1.25,
  review: [0.25, 0.5, 0.1, 0.15],
} as const;

/** The text behind a label of the ribbon, up to the next one. */
const between = (html: string, from: string, to?: string) => {
  const text = textOf(html).split(from).at(-1) ?? '';
  return (to === undefined ? text : (text.split(to)[0] ?? '')).trim();
};

describe('the ribbon', () => {
  it('has accept first, then each step, with the probability that the refiner gave it', () => {
    const { studio, view } = openTrajectory(GIVEN);
    const html = renderPanel(studio, <Ribbon view={view} />);
    expect(between(html, 'when it read the draft', 'Reward after the cut')).toBe('.25 .50 .10 .15');
    expect([...html.matchAll(/aria-label="probability of ([^"]*)"/g)].map(([, what]) => what)).toEqual([
      ...['accepting the draft .25', 'a cut at step 1 .50', 'a cut at step 2 .10', 'a cut at step 3 .15'],
    ]);
    expect([...html.matchAll(/chance-chosen/g)]).toHaveLength(1);
    expect(html).toContain(`chance-chosen" style="--chance:${view.trajectory.review?.[view.trajectory.cut]}"`);
  });

  it('says what the refiner believed, where it wrote it down', () => {
    const { studio, view } = openTrajectory(GIVEN);
    const trajectory = { ...view.trajectory, thoughts: ['Brend', 'unknown'] };
    const html = renderPanel(studio, <Ribbon view={{ ...view, trajectory }} />);
    expect(between(html, 'when it read the draft', '.25')).toBe('and believed Brend → unknown');
  });

  it('has the mean reward of each cut, of accepting the draft’s own, and marks the best and the refiner’s', () => {
    const { studio, view } = openTrajectory(GIVEN);
    const { cut } = view.trajectory;
    const rewards = [1, 0, 2, 1.5, 0, 0.5];
    const { lab } = studio.store.getState();
    const sweep = { update: 1, firstReplicate: 0, replicates: 2, em: new Uint8Array(6) };
    studio.store.setState({ lab: { ...lab, sweep: { ...sweep, rewards: Float32Array.from(rewards) } } });
    const html = renderPanel(studio, <Ribbon view={view} />);
    expect(textOf(html)).toContain('Reward after the cut , mean of 2 and 95% interval');
    const marks = ['', '', ' best', ''].map((mark, step) => (step === cut ? `${mark} refiner` : mark));
    // The interval in words stands behind each mean but that of accepting, which is no mean.
    const means = between(html, 'Mean reward');
    expect(means.match(/[\d.]+ to [\d.]+/g)).toHaveLength(3);
    expect(means.replaceAll(/ [\d.]+ to [\d.]+/g, '')).toBe(
      `0.25${marks[0]} 0.50${marks[1]} 1.75${marks[2]} 0.25${marks[3]}`.trim(),
    );
    expect(html).toContain('aria-label="Accept: 0.25, the draft’s own reward"');
    expect(html).toContain('aria-label="Cut at 2: 1.75, 95% interval');
  });
});
