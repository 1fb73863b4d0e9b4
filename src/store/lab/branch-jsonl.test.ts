import { describe, expect, it } from 'vitest';
import { HAND_WORLD, tokensOf } from '../../testing/page/hand-batch';
import { HAND_LAB, handBranch } from '../../testing/page/hand-lab';
import { idleStudio } from '../../testing/page/open-studio';
import type { LabState } from '../state/lab-state';
import { branchLines, caseLines } from './branch-jsonl';
import { linkOf } from './test-case';
import type { TestCase } from './test-case';

function lines(lab: Partial<LabState>, world = true): unknown[] {
  const { studio } = idleStudio();
  studio.store.setState({ world: world ? HAND_WORLD : null, lab: { ...HAND_LAB, ...lab } });
  const text = branchLines(studio);
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line));
}
const head = {
  ...{ format: 'cutpoint-branch/1', link: linkOf(idleStudio().state().config), update: 4, row: 3, pinned: null },
  ...{ question: 'question 1', rightAnswer: 'Bruno Falk' },
};
const step = (kind: string, thought: string, text: string) => {
  return { kind, thought, text, share: null, useful: null, passages: [] };
};

describe('branches as lines', () => {
  it('are the draft, then each branch in the order of the tree', () => {
    const ended = handBranch(8);
    const reason = { ...ended.view, final: { ...ended.view.final, endReason: 'thought too long' } };
    const forced = { position: 4, tokens: [9] };
    const branches = [
      handBranch(9, { parent: 8, step: 3, replicate: 2, update: 5, forced }),
      handBranch(8, { view: reason }),
    ];
    const [draft, first, second, ...more] = lines({ branches });
    expect(more).toEqual([]);
    expect(draft).toEqual({
      ...{ ...head, branch: 0, parent: null, cut: null, answer: 'Aldermoor', em: 0, reward: 0.5 },
      steps: [
        step('unfinished', 'Norland', 'Norland'),
        step('unfinished', 'Norland', 'Norland'),
        step('answer', 'Aldermoor', 'Aldermoor'),
      ],
      tokens: tokensOf(
        '<bos> Ada_Moreau ? <think> Norland </think> <think> Norland </think> <think> Aldermoor </think> <answer> Aldermoor </answer> <eos>',
      ),
    });
    const told = { answer: 'Sudria', em: 0, reward: 0.25, steps: [step('answer', '', 'Sudria')] };
    const tokens = tokensOf('<bos> Ada_Moreau ? <answer> Sudria </answer>');
    expect(first).toEqual({
      ...{ ...head, branch: 8, parent: 0, cut: 1, forced: null, replicate: 0, revision: 1, weights: 4, tokens },
      ...{ ...told, ended: 'thought too long' },
    });
    expect(second).toEqual({
      ...{ ...head, branch: 9, parent: 8, cut: 3, forced, replicate: 2, revision: 2, weights: 5, tokens, ...told },
    });
  });

  it('are the draft alone where nobody cut, with where it was pinned', () => {
    const pin = { update: 2, group: 1 };
    expect(lines({ pin })).toMatchObject([{ ...head, pinned: pin, branch: 0 }]);
    expect(lines({})[0]).not.toHaveProperty('steps');
  });

  it('are none where nothing lies on the bench, or no world explains it', () => {
    expect(lines({ root: null })).toEqual([]);
    expect(lines({}, false)).toEqual([]);
  });

  it('say what each search found', () => {
    const branch = handBranch(8);
    const passage = { id: 3, source: 'Almanac', sentence: 's', matched: ['x'], score: 2, evidence: 'new' as const };
    const [found] = branch.view.final.steps.map((one) => ({ ...one, passages: [passage], share: 0.5, useful: 1 }));
    if (found === undefined) throw new Error('it has a step');
    const view = { ...branch.view, final: { ...branch.view.final, steps: [found] } };
    expect(lines({ branches: [{ ...branch, view }] })[1]).toMatchObject({
      steps: [{ share: 0.5, useful: 1, passages: [{ source: 'Almanac', sentence: 's', evidence: 'new' }] }],
    });
  });
});

it('cases are a line each, with their format', () => {
  const one: TestCase = {
    ...{ id: 1, name: 'n', link: '#v1', question: 'q', rightAnswer: 'a', step: 1, replicate: 0, forced: null },
    ...{ draft: { update: 1, row: 2, steps: 1, tokens: [1], stepStarts: [0], passages: [] }, results: [] },
  };
  expect(
    caseLines('cutpoint-case/1', [one, { ...one, id: 2 }])
      .split('\n')
      .map((line): unknown => line && JSON.parse(line)),
  ).toEqual([{ format: 'cutpoint-case/1', ...one }, { format: 'cutpoint-case/1', ...one, id: 2 }, '']);
  expect(caseLines('cutpoint-case/1', [])).toBe('');
});
