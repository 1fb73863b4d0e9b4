import { describe, expect, it } from 'vitest';
import { HAND_WORLD, handBatch } from '../../testing/page/hand-batch';
import type { HandSide } from '../../testing/page/hand-batch';
import { playedStudio } from '../../testing/page/open-studio';
import { decodeTrajectory } from '../../recordings/decode-trajectory';
import { STEP } from '../run/actions';
import { currentView } from '../view/current-view';
import { changedPassages, compareBranches } from './compare-branches';
import { cutHere, enterLab, moveScissors } from './cut-lab';

const passage = (source: string) => `${source} Norland capital Aldermoor`;
const search = (...sources: string[]) =>
  `<search> Norland </search> <information> ${sources.map(passage).join(' ')} </information>`;
const THOUGHT = '<think> Norland </think>';
const ANSWER = '<answer> Aldermoor </answer>';

const view = (draft: HandSide, final: HandSide, cut: number) =>
  decodeTrajectory(handBatch([{ draft, final, cut }]), HAND_WORLD, 0, true);
/** The draft finds passages 1 and 2; what became of it 2 twice, and 3. */
const draft = { steps: [THOUGHT, search('Almanac', 'Gazette'), ANSWER], passages: [1, 2] };
const final = {
  steps: [THOUGHT, search('Gazette'), search('Gazette', 'Register'), ANSWER],
  passages: [2, -1, -1, 2, 3],
};
const ids = (list: readonly { id: number }[]) => list.map(({ id }) => id);

describe('a draft beside what became of it', () => {
  it('shares the steps before the first cut and shows the others side by side', () => {
    const model = view(draft, final, 3);
    const hand = view(draft, { steps: [THOUGHT, ANSWER] }, 2);
    const compared = compareBranches(model, hand);
    expect(compared).toMatchObject({ from: 2, to: 4, shared: [model.draft.steps[0]] });
    expect(compared.draft.steps).toEqual([...model.draft.steps, null]);
    expect(compared.model.steps).toEqual(model.final.steps);
    expect(compared.hand?.steps).toEqual([...hand.final.steps, null, null]);
    expect([compared.draft.cut, compared.model.cut, compared.hand?.cut]).toEqual([null, 3, 2]);
    expect([compared.draft.side, compared.model.side, compared.hand?.side]).toEqual([
      model.draft,
      model.final,
      hand.final,
    ]);
    expect(ids(compared.model.passages.gained)).toEqual([3]);
    expect(ids(compared.model.passages.lost)).toEqual([1]);
    expect(compared.draft.passages).toEqual({ gained: [], lost: [] });
    expect(ids(compared.hand?.passages.lost ?? [])).toEqual([1, 2]);
  });

  it('begins at the cut of the model, or of the hand alone', () => {
    const [accepted, cut] = [view(draft, draft, 0), view(draft, final, 3)];
    expect(compareBranches(cut, null)).toMatchObject({ from: 3, to: 4, hand: null });
    expect(compareBranches(accepted, view(draft, final, 2))).toMatchObject({ from: 2, to: 4, model: { cut: null } });
  });

  it('is shown whole where nobody cut', () => {
    const accepted = view(draft, draft, 0);
    expect(compareBranches(accepted, null)).toMatchObject({ from: 1, to: 3, shared: [] });
  });
});

describe('passages gained and lost', () => {
  it('are told once each, as they were found first', () => {
    const { draft: before, final: after } = view(draft, final, 1);
    const { gained, lost } = changedPassages(before, after);
    expect(gained).toEqual([after.steps[2]?.passages[1]]);
    expect(lost).toEqual([before.steps[1]?.passages[0]]);
    const twice = view(draft, { steps: [search('Almanac'), search('Register')], passages: [5, -1, -1, 5] }, 1).final;
    expect(changedPassages(before, twice).gained).toEqual([twice.steps[0]?.passages[0]]);
  });
});

describe('a branch of the lab', () => {
  it('folds what all share and tells passages gained and lost', () => {
    const { studio, state } = playedStudio();
    STEP.perform(studio);
    const found = currentView(studio);
    if (!found) throw new Error('nothing is on screen');
    enterLab(studio, found);
    const { trajectory } = found;
    moveScissors(studio, trajectory.draft.steps.length);
    cutHere(studio);
    const hand = state().lab.branch?.view ?? null;
    const compared = compareBranches(trajectory, hand);
    expect(compared.from).toBe(Math.min(trajectory.cut, trajectory.draft.steps.length));
    expect(compared.shared).toHaveLength(compared.from - 1);
    expect(compared.hand?.cut).toBe(trajectory.draft.steps.length);
    const { gained, lost } = changedPassages(trajectory.draft, trajectory.final);
    const ids = (side: typeof trajectory.draft) => new Set(side.steps.flatMap((s) => s.passages.map(({ id }) => id)));
    const [before, after] = [ids(trajectory.draft), ids(trajectory.final)];
    expect(new Set(gained.map(({ id }) => id))).toEqual(new Set([...after].filter((id) => !before.has(id))));
    expect(new Set(lost.map(({ id }) => id))).toEqual(new Set([...before].filter((id) => !after.has(id))));
    expect(compared.draft.passages).toEqual({ gained: [], lost: [] });
  });
});
