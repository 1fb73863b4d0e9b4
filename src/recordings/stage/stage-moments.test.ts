import { expect, it } from 'vitest';
import type { SideView, StepView, TrajectoryView } from '../decode-trajectory';
import { hasReached, momentsOf, placeOfMoment } from './stage-moments';

const WHOLE = { hasRefiner: true, compared: true, learnt: true };

function side(steps: number): SideView {
  const step: StepView = {
    ...{ number: 0, kind: 'search', start: 0, end: 0, thought: '', text: '', label: '', passages: [] },
    ...{ useful: null, share: null },
  };
  const all = Array.from({ length: steps }, (_, at) => ({ ...step, number: at + 1 }));
  return { steps: all, searches: steps, answer: null, em: 0, reward: 0, coverage: 0, endReason: null };
}

function told(draft: number, final: number, cut: number, rows = WHOLE): string {
  const view: TrajectoryView = {
    ...{ row: 0, place: 0, group: 0, draft: side(draft), final: side(final), cut, review: null },
    ...{ advantage: 0, reviewAdvantage: 0, verdict: 'none' },
  };
  return momentsOf(view, rows)
    .map(({ phase, steps }) => `${phase} ${steps}`)
    .join(', ');
}

it('shows the draft step by step, the review, the cut, what was regrown step by step, and what came of it', () => {
  expect(told(3, 2, 2)).toBe(
    'rollout 0, rollout 1, rollout 2, rollout 3, review 0, regenerate 0, regenerate 1, reward 0, advantage 0, update 0',
  );
  expect(told(2, 3, 1)).toContain('regenerate 0, regenerate 1, regenerate 2, regenerate 3, reward 0');
});

it('shows of an accepted draft that it was accepted, and leaves out what was not done', () => {
  expect(told(1, 1, 0)).toBe('rollout 0, rollout 1, review 0, regenerate 0, reward 0, advantage 0, update 0');
  expect(told(1, 1, 0, { ...WHOLE, hasRefiner: false })).toBe('rollout 0, rollout 1, reward 0, advantage 0, update 0');
  expect(told(1, 1, 0, { hasRefiner: false, compared: true, learnt: false })).toBe(
    'rollout 0, rollout 1, reward 0, advantage 0',
  );
  expect(told(1, 1, 0, { hasRefiner: false, compared: false, learnt: false })).toBe('rollout 0, rollout 1, reward 0');
});

it('knows where a moment stands, and what has been reached by then', () => {
  const moments = [
    { phase: 'rollout', steps: 0 },
    { phase: 'rollout', steps: 1 },
    { phase: 'reward', steps: 0 },
  ] as const;
  expect(moments.map((moment) => placeOfMoment(moments, { ...moment }))).toEqual([0, 1, 2]);
  expect(placeOfMoment(moments, null)).toBe(0);
  expect(placeOfMoment(moments, { phase: 'rollout', steps: 2 })).toBe(0);
  const reached = (['rollout', 'review', 'regenerate', 'reward', 'advantage', 'update'] as const).filter((phase) =>
    hasReached({ phase: 'regenerate', steps: 0 }, phase),
  );
  expect(reached).toEqual(['rollout', 'review', 'regenerate']);
});
