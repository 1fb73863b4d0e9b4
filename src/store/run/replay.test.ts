import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { idleStudio } from '../../testing/page/open-studio';
import { startReplay, stopReplay } from './replay';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const played = () => {
  const { studio, state } = idleStudio();
  const told = () => state().replay && `${state().replay?.phase} ${state().replay?.steps}`;
  return { studio, told };
};

it('shows step after step, then phase after phase, and stays at the last one', () => {
  const { studio, told } = played();
  startReplay(studio);
  const seen: [ms: number, what: string | null][] = [[0, told()]];
  for (let ms = 100; ms <= 12_000; ms += 100) {
    vi.advanceTimersByTime(100);
    if (told() !== seen.at(-1)?.[1]) seen.push([ms, told()]);
  }
  expect(seen).toEqual([
    [0, 'rollout 1'],
    [700, 'rollout 2'],
    [1400, 'rollout 3'],
    [2100, 'rollout 4'],
    [2800, 'rollout 5'],
    [3500, 'review 5'],
    [5500, 'regenerate 5'],
    [7500, 'reward 5'],
    [9000, 'advantage 5'],
    [10_500, 'update 5'],
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

it('begins anew with the next update, and each page by itself', () => {
  const [one, other] = [played(), played()];
  startReplay(one.studio);
  vi.advanceTimersByTime(600);
  startReplay(other.studio);
  vi.advanceTimersByTime(100);
  expect([one.told(), other.told()]).toEqual(['rollout 2', 'rollout 1']);
  startReplay(one.studio);
  vi.advanceTimersByTime(600);
  expect([one.told(), other.told()]).toEqual(['rollout 1', 'rollout 2']);
});

it('ends when something else is looked at, and changes nothing where none is under way', () => {
  const { studio, told } = played();
  startReplay(studio);
  stopReplay(studio);
  expect(told()).toBeNull();
  vi.advanceTimersByTime(60_000);
  expect(told()).toBeNull();
  const changed = vi.fn();
  studio.store.subscribe(changed);
  stopReplay(studio);
  expect(changed).not.toHaveBeenCalled();
});
