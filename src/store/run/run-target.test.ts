import { describe, expect, it } from 'vitest';
import { idleStudio } from '../../testing/page/open-studio';
import { endAtTarget, secondsLeft } from './run-target';
import { sendPlay } from './send-play';

const at = (update: number, target: number | null) => {
  const played = idleStudio();
  played.studio.store.setState({ update, target });
  return played;
};

describe('a target', () => {
  it.each([
    [4, 5, 5, ''],
    [5, 5, null, 'Update 5 is reached'],
    [6, 5, null, 'Update 5 is reached'],
    [5, null, null, ''],
  ])('at update %i of %s', (update, target, left, told) => {
    const { studio, state } = at(update, target);
    endAtTarget(studio);
    expect(state()).toMatchObject({ target: left, announcement: told });
  });

  it.each([
    [4, 5, { type: 'play', until: 5 }, 5],
    [5, 5, { type: 'play' }, null],
    [6, 5, { type: 'play' }, null],
    [5, null, { type: 'play' }, null],
  ])('is played to where it lies ahead: at update %i to %s', (update, target, command, left) => {
    const { studio, state, trainer } = at(update, target);
    studio.store.setState({ playWanted: true });
    sendPlay(studio);
    expect(trainer.commands).toEqual([command]);
    expect(state()).toMatchObject({ playWanted: false, playing: true, target: left });
    trainer.terminate();
  });

  it('is so many seconds away: by the updates that were measured, or by the pace', () => {
    const { studio } = at(10, 40);
    expect(secondsLeft(studio)).toBeNull();
    // 20 a minute.
    studio.history.push({ update: 10, updateMs: 3000, metrics: {} });
    expect(secondsLeft(studio)).toBe(90);
    studio.store.setState({ pace: 'cap10' });
    expect(secondsLeft(studio)).toBe(180);
    studio.store.setState({ pace: 'cap30' });
    expect(secondsLeft(studio)).toBe(90);
    studio.store.setState({ update: 50 });
    expect(secondsLeft(studio)).toBe(0);
    studio.store.setState({ target: null });
    expect(secondsLeft(studio)).toBeNull();
  });
});
