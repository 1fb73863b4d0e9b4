import { expect, it } from 'vitest';
import { captionOf } from './caption';
import type { SideView, StepView, TrajectoryView, Verdict } from '../decode-trajectory';

const step = (number: number, kind: StepView['kind'], text: string, useful: number | null = null): StepView => ({
  number,
  kind,
  text,
  useful,
  start: 0,
  end: 0,
  thought: '',
  label: text,
  passages: [],
  share: null,
});

function side(steps: StepView[], em: 0 | 1, endReason: string | null = null): SideView {
  const answer = steps.find(({ kind }) => kind === 'answer')?.text ?? null;
  return { steps, searches: steps.length - 1, answer, em, reward: em, coverage: em, endReason };
}

const wrong = side(
  [step(1, 'search', 'the capital of Aland', 1), step(2, 'search', 'Brend', 0), step(3, 'answer', 'Cold')],
  0,
);
const right = side(
  [step(1, 'search', 'the capital of Aland', 1), step(2, 'search', 'the mayor of Brend', 1), step(3, 'answer', 'Dora')],
  1,
);

function told(draft: SideView, final: SideView, cut: number, verdict: Verdict, review: number[] | null = null): string {
  const rest = { row: 0, place: 0, group: 0, advantage: 0, reviewAdvantage: 0 };
  const view: TrajectoryView = { ...rest, draft, final, cut, review, verdict };
  return captionOf(view, 'Dora').join(' ');
}

it('reads aloud a draft that a cut saved', () => {
  expect(told(wrong, right, 2, 'saved', [0.1, 0.05, 0.8, 0.05])).toBe(
    'The draft searched for the capital of Aland, then for Brend and answered Cold: wrong, it is Dora. ' +
      'The refiner cut it at step 2, a search that brought nothing it needed (probability 0.80). ' +
      'The actor kept step 1, searched for the mayor of Brend and answered Dora: right.',
  );
});

it('says what was cut, where that was no fault, and what was kept', () => {
  expect(told(right, wrong, 2, 'harmed')).toContain(
    'cut it at step 2, a search that had brought something. The actor kept step 1, searched for Brend and answered Cold: wrong',
  );
  expect(told(wrong, right, 1, 'saved')).toContain('The actor began anew, searched for the capital of Aland, then for');
  expect(told(wrong, right, 3, 'saved')).toContain('step 3, its answer. The actor kept steps 1 to 2, answered Dora');
  const broken = side([step(1, 'search', 'x', 1), step(2, 'unfinished', '')], 0, 'too long');
  expect(told(broken, right, 2, 'saved')).toContain('searched for x and broke off (too long). ');
  expect(told(broken, right, 2, 'saved')).toContain('step 2, which breaks off.');
  expect(told(side([step(1, 'unfinished', '')], 0), right, 1, 'saved')).toContain('The draft broke off (no answer).');
});

it('says that it was accepted, or that nothing reviews', () => {
  expect(told(right, right, 0, 'kept', [0.9, 0.1])).toMatch(
    /Dora: right\. The refiner accepted it \(probability 0\.90\)\.$/,
  );
  expect(told(wrong, wrong, 0, 'missed')).toMatch(/Cold: wrong, it is Dora\. The refiner accepted it\.$/);
  expect(told(right, right, 0, 'none')).toMatch(/answered Dora: right\.$/);
});
