import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { idleStudio } from '../../testing/page/open-studio';
import { MOMENT_MS, showMoment, stopReplay } from './replay';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const MOMENTS = [
  { phase: 'rollout', steps: 0 },
  { phase: 'rollout', steps: 1 },
  { phase: 'reward', steps: 0 },
] as const;

const played = () => {
  const { studio, state } = idleStudio();
  const told = () => state().replay && `${state().replay?.phase} ${state().replay?.steps}`;
  return { studio, told };
};

it('shows moment after moment, and stays at the last one', () => {
  const { studio, told } = played();
  showMoment(studio, MOMENTS, 0);
  expect(told()).toBe('rollout 0');
  vi.advanceTimersByTime(MOMENT_MS - 1);
  expect(told()).toBe('rollout 0');
  vi.advanceTimersByTime(1);
  expect(told()).toBe('rollout 1');
  vi.advanceTimersByTime(MOMENT_MS);
  expect(told()).toBe('reward 0');
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60_000);
  expect(told()).toBe('reward 0');
});

it('waits where the stage is held, and knows no moment but those given', () => {
  const { studio, told } = played();
  studio.store.setState({ stageHeld: true });
  showMoment(studio, MOMENTS, 1);
  vi.advanceTimersByTime(60_000);
  expect(told()).toBe('rollout 1');
  showMoment(studio, MOMENTS, 3);
  expect(told()).toBe('rollout 1');
});

it('goes on from where it was set, and each page by itself', () => {
  const [one, other] = [played(), played()];
  showMoment(one.studio, MOMENTS, 0);
  vi.advanceTimersByTime(MOMENT_MS - 100);
  showMoment(other.studio, MOMENTS, 0);
  vi.advanceTimersByTime(100);
  expect([one.told(), other.told()]).toEqual(['rollout 1', 'rollout 0']);
  showMoment(one.studio, MOMENTS, 0);
  vi.advanceTimersByTime(MOMENT_MS - 100);
  expect([one.told(), other.told()]).toEqual(['rollout 0', 'rollout 1']);
});

it('ends when something else is looked at, and changes nothing where none is under way', () => {
  const { studio, told } = played();
  showMoment(studio, MOMENTS, 0);
  stopReplay(studio);
  expect(told()).toBeNull();
  vi.advanceTimersByTime(60_000);
  expect(told()).toBeNull();
  const changed = vi.fn();
  studio.store.subscribe(changed);
  stopReplay(studio);
  expect(changed).not.toHaveBeenCalled();
});
