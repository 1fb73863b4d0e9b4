import { describe, expect, it } from 'vitest';
import { pageWithRollouts } from '../../testing/page/opened-rollouts';
import { playedStudio } from '../../testing/page/open-studio';
import { chooseRolloutStep } from '../files/open/open-rollouts';
import { goToTrajectory } from '../files/open/go-to-trajectory';
import { STEP } from '../run/actions';
import type { Compared } from '../state/compared';
import {
  backFromCompared,
  changeCompared,
  closeCompared,
  compareSets,
  openCompared,
  pressStep,
  shownRef,
  startPicking,
  stopPicking,
} from './compare-actions';
import { currentView } from './current-view';
import { editList, select } from './view-actions';

const line = (step: number | undefined, question = 'Why?') => ({
  ...{ question, gold: 'a', completion: '<answer>a</answer>' },
  ...(step === undefined ? {} : { step }),
});
const LINES = [line(undefined), line(1), line(1), line(2), line(2), line(7)];
const press = (row: number) => ({ row, side: 'final', step: 1 }) as const;

describe('what is compared', () => {
  it('lies over what was compared before, and goes back to it', async () => {
    const { studio, state } = await pageWithRollouts(LINES);
    const answers: Compared = { kind: 'answers', from: { file: 'shown', row: 1 } };
    const pair: Compared = { kind: 'pair', refs: [answers.from, answers.from] };
    openCompared(studio, answers);
    openCompared(studio, pair);
    expect(state().compared).toEqual([answers, pair]);
    backFromCompared(studio);
    expect(state().compared).toEqual([answers]);
    changeCompared(studio, pair);
    expect(state().compared).toEqual([pair]);
    closeCompared(studio);
    expect(state().compared).toEqual([]);
  });

  it('begins with the second file, else with the first and the last step', async () => {
    const refsOf = async (...files: Parameters<typeof pageWithRollouts>) => {
      const { studio, state } = await pageWithRollouts(...files);
      compareSets(studio);
      return state().compared;
    };
    const whole = { file: 'shown', step: null };
    expect(await refsOf(LINES)).toEqual([
      {
        kind: 'sets',
        refs: [
          { file: 'shown', step: 1 },
          { file: 'shown', step: 7 },
        ],
      },
    ]);
    expect(await refsOf([line(3)])).toEqual([{ kind: 'sets', refs: [whole, null] }]);
    expect(await refsOf([line(undefined)])).toEqual([{ kind: 'sets', refs: [whole, null] }]);
    expect(await refsOf(LINES, LINES)).toEqual([{ kind: 'sets', refs: [whole, { file: 'other', step: null }] }]);
  });

  it('is the trajectory that waits and the next one that is pressed, of whatever step', async () => {
    const { studio, state } = await pageWithRollouts(LINES);
    chooseRolloutStep(studio, 1);
    select(studio, press(1));
    const view = currentView(studio);
    if (!view) throw new Error('nothing is on screen');
    const here = shownRef(studio, view);
    expect(here).toEqual({ file: 'shown', row: 2 });
    if (here.file === 'run') throw new Error('a file is on screen');
    pressStep(studio, press(0));
    expect(state()).toMatchObject({ selection: press(0), compared: [] });
    startPicking(studio, here);
    expect(state().announcement).toContain('to compare with');
    pressStep(studio, press(1));
    expect(state()).toMatchObject({ compared: [], picking: here });
    chooseRolloutStep(studio, 2);
    pressStep(studio, press(1));
    expect(state()).toMatchObject({
      compared: [{ kind: 'pair', refs: [here, { file: 'shown', row: 4 }] }],
      picking: null,
    });
    startPicking(studio, here);
    stopPicking(studio);
    pressStep(studio, press(0));
    expect(state().compared).toHaveLength(1);
  });
});

describe('going to a trajectory', () => {
  it('lists its step, whatever the list was narrowed to', async () => {
    const { studio, state } = await pageWithRollouts(LINES);
    chooseRolloutStep(studio, 1);
    editList(studio, { filter: 'malformed', find: 'x' });
    openCompared(studio, { kind: 'answers', from: { file: 'shown', row: 1 } });
    goToTrajectory(studio, { file: 'shown', row: 4 });
    expect(state()).toMatchObject({
      ...{ compared: [], selection: press(1), list: { filter: 'all', find: '' } },
      rollouts: { file: { step: 2 } },
    });
    chooseRolloutStep(studio, null);
    goToTrajectory(studio, { file: 'shown', row: 5 });
    expect(state()).toMatchObject({ selection: press(5), rollouts: { file: { step: null } } });
    goToTrajectory(studio, { file: 'other', row: 1 });
    expect(state()).toMatchObject({ selection: press(5) });
  });

  it('of the run holds its update', () => {
    const { studio, state } = playedStudio();
    STEP.perform(studio);
    STEP.perform(studio);
    goToTrajectory(studio, { file: 'run', pin: null, update: 1, row: 3 });
    expect(state()).toMatchObject({ heldUpdate: 1, selection: press(3), shownPin: null });
    const view = currentView(studio);
    expect(view && shownRef(studio, view)).toEqual({ file: 'run', pin: null, update: 1, row: 3 });
  });
});
