import { expect, it } from 'vitest';
import type { Em } from '../../lib/exact-match';
import type { PassageView, SideView, StepView, TrajectoryView } from '../decode-trajectory';
import { sentenceOf } from './stage-sentence';
import type { StagedTrajectory } from './stage-sentence';
import { momentsOf } from './stage-moments';
import type { StageMoment } from './stage-moments';

const passage: PassageView = { id: 1, source: 'wiki', sentence: 's', matched: [], score: 1, evidence: 'new' };

const step = (number: number, kind: StepView['kind'], text: string, useful: number | null = null): StepView => ({
  ...{ number, kind, text, useful, start: 0, end: 0, thought: '', label: text, share: null },
  passages: kind === 'search' ? [passage, passage, passage] : [],
});

function side(steps: StepView[], em: Em, reward: number | null, endReason: string | null = null): SideView {
  const answer = steps.find(({ kind }) => kind === 'answer')?.text ?? null;
  return { steps, searches: steps.length - 1, answer, em, reward, coverage: 0, endReason };
}

const SEARCH = step(1, 'search', 'the capital of Aland', 1);
const WRONG = side([SEARCH, step(2, 'search', 'Brend', 0), step(3, 'answer', 'Cold')], 0, 0);
const RIGHT = side([SEARCH, step(2, 'search', 'the mayor of Brend', 1), step(3, 'answer', 'Dora')], 1, 2);
const SAVED: TrajectoryView = {
  ...{ row: 0, place: 0, group: 0, draft: WRONG, final: RIGHT, cut: 2, review: [0.05, 0.1, 0.8, 0.05] },
  ...{ advantage: 0.775, reviewAdvantage: 2, verdict: 'saved' },
};
const GROUP = { group: 0, size: 8, right: 3, revised: 2, meanReward: 1.221, zeroVariance: false };

const staged = (part: Partial<TrajectoryView> = {}, rest: Partial<StagedTrajectory> = {}): StagedTrajectory => ({
  ...{ trajectory: { ...SAVED, ...part }, answer: 'Dora', group: GROUP, written: 31, reviewsTrained: true },
  ...rest,
});
const say = (phase: StageMoment['phase'], ...rest: Parameters<typeof staged>) =>
  sentenceOf({ phase, steps: 0 }, staged(...rest));

it('tells a saved draft phase by phase, with its own numbers', () => {
  const moments = momentsOf(SAVED, { hasRefiner: true, compared: true, learnt: true });
  expect(moments.map((moment) => sentenceOf(moment, staged()))).toEqual([
    'A question for the actor. It may search, read what comes back, and answer.',
    'Step 1: the actor searches for the capital of Aland and is given 3 passages.',
    'Step 2: the actor searches for Brend and is given 3 passages.',
    'Step 3: the actor answers Cold.',
    'The refiner reads the draft: it would accept it with probability 0.05; the likeliest cut is at step 2, with 0.80.',
    'The draft is cut at step 2 (probability 0.80): steps 2 to 3 are discarded, step 1 stays.',
    'Step 2: the actor searches for the mayor of Brend and is given 3 passages.',
    'Step 3: the actor answers Dora.',
    'Dora is right (EM 1). 2 of 2 searches brought something new that it needed. The reward is 2.00.',
    'The 8 trajectories of this question have a mean reward of 1.22. This one has 2.00, above that: its advantage is +0.78.',
    'The update makes the 31 tokens that the actor wrote here more likely (weight +0.78). The review, to cut at step 2, becomes more likely (+2.00).',
  ]);
});

it('tells what the refiner wrote down before it judged', () => {
  expect(say('review', { thoughts: ['Brend', 'unknown'] })).toBe(
    'The refiner reads the draft and writes down Brend, then unknown: it would accept it with probability 0.05; the likeliest cut is at step 2, with 0.80.',
  );
});

it('gives away no outcome before its phase', () => {
  const moments = momentsOf(SAVED, { hasRefiner: true, compared: true, learnt: true });
  const until = (phase: StageMoment['phase']) =>
    moments
      .slice(
        0,
        moments.findIndex((moment) => moment.phase === phase),
      )
      .map((moment) => sentenceOf(moment, staged()))
      .join(' ');
  expect(until('regenerate')).not.toMatch(/Dora|discarded|mayor/);
  expect(until('reward')).not.toMatch(/right|wrong|EM|2\.00/);
  expect(until('advantage')).not.toContain('0.78');
});

it('tells what is accepted, cut elsewhere, or reviewed by a rule', () => {
  expect(say('regenerate', { cut: 0, draft: RIGHT, review: [0.97, 0.01, 0.01, 0.01] })).toBe(
    'The draft is accepted (probability 0.97): it stays as it is.',
  );
  expect(say('regenerate', { cut: 0, review: null })).toBe('The draft is accepted: it stays as it is.');
  expect(say('regenerate', { cut: 1 })).toBe(
    'The draft is cut at step 1 (probability 0.10): steps 1 to 3 are discarded, the actor begins anew.',
  );
  expect(say('regenerate', { cut: 3 })).toContain('step 3 is discarded, steps 1 to 2 stay.');
  expect(say('review', { review: null })).toBe('The draft is reviewed; no probabilities of this review are known.');
  expect(say('review', { review: [1] })).toBe('The refiner reads the draft: it would accept it with probability 1.00.');
});

it('tells what ended without an answer, was wrong or never searched', () => {
  const broken = side([step(1, 'unfinished', '')], 0, 0, 'too long');
  expect(sentenceOf({ phase: 'rollout', steps: 1 }, staged({ draft: broken }))).toBe(
    'Step 1: the actor breaks off (too long).',
  );
  expect(say('reward', { final: broken })).toBe(
    'There is no answer; it is Dora (EM 0). It never searched. The reward is 0.00.',
  );
  expect(say('reward', { final: WRONG })).toBe(
    'Cold is wrong, it is Dora (EM 0). 1 of 2 searches brought something new that it needed. The reward is 0.00.',
  );
  const unjudged = side([SEARCH, step(2, 'answer', 'Dora')], null, null);
  expect(say('reward', { final: unjudged })).toBe(
    'Nothing tells whether Dora is right. 1 of 1 search brought something new that it needed. No reward is known.',
  );
  expect(say('reward', { final: { ...unjudged, answer: null } })).toContain('There is no answer. 1 of 1');
  expect(say('advantage', { final: unjudged, advantage: null })).toBe('Without a reward, its advantage is not known.');
  const once = side([SEARCH, step(2, 'answer', 'Dora')], 1, 2);
  expect(say('reward', { final: once })).toContain('1 of 1 search brought');
  const none = side([{ ...SEARCH, passages: [] }], 0, 0);
  expect(sentenceOf({ phase: 'rollout', steps: 1 }, staged({ draft: none }))).toContain('is given no passages.');
  const one = side([{ ...SEARCH, passages: [passage] }], 0, 0);
  expect(sentenceOf({ phase: 'rollout', steps: 1 }, staged({ draft: one }))).toContain('is given 1 passage.');
});

it('compares with the group, where there is one and its rewards differ', () => {
  expect(say('advantage', { final: WRONG, advantage: -1.1 })).toContain(
    'has 0.00, below that: its advantage is −1.10.',
  );
  expect(say('advantage', {}, { group: { ...GROUP, meanReward: 2 } })).toContain('has 2.00, no more than that');
  expect(say('advantage', { advantage: 0 }, { group: { ...GROUP, zeroVariance: true } })).toBe(
    'All 8 trajectories of this question have the reward 2.00: its advantage is 0.00.',
  );
  expect(say('advantage', { advantage: 0 }, { group: { ...GROUP, size: 1, zeroVariance: true } })).toBe(
    'Nothing to compare it with: its advantage is 0.00.',
  );
  expect(say('advantage', {}, { group: null })).toBe('Its reward is 2.00, its advantage is +0.78.');
});

it('tells of the review only where it is trained, and of nothing learnt where there is no advantage', () => {
  const alone = 'The update makes the 31 tokens that the actor wrote here less likely (weight −1.10).';
  expect(say('update', { advantage: -1.1, reviewAdvantage: 0 })).toBe(alone);
  expect(say('update', { advantage: -1.1, review: null })).toBe(alone);
  expect(say('update', { advantage: -1.1 }, { reviewsTrained: false })).toBe(alone);
  expect(say('update', { advantage: 0, cut: 0, reviewAdvantage: -0.5 })).toBe(
    'Without an advantage, what the actor wrote here teaches nothing in this update. The review, to accept, becomes less likely (−0.50).',
  );
});
