import { describe, expect, it } from 'vitest';
import { ANSWER_STEP, HAND_WORLD, numbersBatch, handBatch } from '../../testing/page/hand-batch';
import { idleStudio } from '../../testing/page/open-studio';
import { pageWithRollouts } from '../../testing/page/opened-rollouts';
import { answersToQuestion, findTrajectory } from './answers';
import type { QuestionAnswers } from './answers';

const search = '<search>q</search><information>x</information>';
const line = (question: string, step: number, says: string, more: object = {}) => ({
  ...{ question, step, gold: 'yes', completion: `${search}<answer>${says}</answer>` },
  ...more,
});
const LINES = [
  line('Why?', 20, 'no'),
  line('How?', 10, 'yes'),
  line('Why?', 10, 'yes'),
  line('why? ', 20, 'yes', { reward: 0.25 }),
  line('Why?', 20, 'maybe'),
];

const told = (all: QuestionAnswers | null) =>
  all?.steps.map(({ step, right, known, answers }) => ({
    ...{ step, right, known },
    answers: answers.map((one) => [
      one.number,
      one.view.final.answer,
      one.view.final.em,
      one.view.final.reward,
      one.view.final.searches,
    ]),
  }));

describe('answers to a question of a file', () => {
  it('are all there are, in order of step, with answer, EM, reward and searches', async () => {
    const { studio } = await pageWithRollouts(LINES);
    // Rows are sorted by step: How?, Why? of 10, then Why?, Why?, why? of 20.
    const all = answersToQuestion(studio, { file: 'shown', row: 1 });
    expect(all).toMatchObject({ question: 'Why?', rightAnswer: 'yes', word: 'step', total: 4 });
    expect(told(all)).toEqual([
      { step: 10, right: 1, known: 1, answers: [[1, 'yes', 1, 1, 1]] },
      {
        step: 20,
        right: 1,
        known: 3,
        answers: [
          [1, 'no', 0, 0, 1],
          [2, 'maybe', 0, 0, 1],
          [1, 'yes', 1, 0.25, 1],
        ],
      },
    ]);
    const some = answersToQuestion(studio, { file: 'shown', row: 1 }, 2);
    expect([some?.total, some?.steps.map(({ answers }) => answers.length)]).toEqual([4, [1, 1]]);
  });

  it('are those of its own file', async () => {
    const { studio } = await pageWithRollouts(LINES, [line('Why?', 5, 'no')]);
    expect(told(answersToQuestion(studio, { file: 'other', row: 0 }))).toEqual([
      { step: 5, right: 0, known: 1, answers: [[1, 'no', 0, 0, 1]] },
    ]);
  });

  it('have an unknown EM where nothing says', async () => {
    const lines = ['no', 'yes'].map((says) => ({ question: 'Why?', step: 1, completion: `<answer>${says}</answer>` }));
    const { studio } = await pageWithRollouts(lines);
    expect(told(answersToQuestion(studio, { file: 'shown', row: 1 }))).toMatchObject([
      { right: 0, known: 0, answers: [{ 2: null }, { 2: null }] },
    ]);
  });

  it('are gone with the file', async () => {
    const { studio } = await pageWithRollouts(LINES);
    expect(findTrajectory(studio, { file: 'shown', row: 99 })).toBeNull();
    expect(findTrajectory(studio, { file: 'other', row: 0 })).toBeNull();
    studio.rollouts.shelf = null;
    expect(answersToQuestion(studio, { file: 'shown', row: 1 })).toBeNull();
  });
});

describe('answers to a question of the run', () => {
  const batch = (update: number) =>
    handBatch([{ draft: { steps: [ANSWER_STEP], em: 1 } }, { draft: { steps: [ANSWER_STEP] } }], {
      update,
      groupSize: 2,
    });

  it('are those of the updates that are kept, and of the pinned question', () => {
    const { studio } = idleStudio();
    studio.store.setState({ world: HAND_WORLD });
    studio.batches.add(batch(1), true);
    studio.batches.add(batch(4), true);
    const question = batch(1).questions[0] ?? '';
    studio.pins.add(7, question, 1, 0);
    studio.pins.record(7, batch(2), true, HAND_WORLD);
    studio.batches.add({ ...numbersBatch([{}, {}], { update: 5, groupSize: 2 }), questions: ['another'] }, true);
    const all = answersToQuestion(studio, { file: 'run', pin: null, update: 4, row: 1 });
    expect(all).toMatchObject({ question, word: 'update', total: 6 });
    expect(all?.steps.map(({ step, pinned, right, known }) => [step, pinned, right, known])).toEqual([
      [1, false, 1, 2],
      [2, true, 1, 2],
      [4, false, 1, 2],
    ]);
    expect(all?.steps[1]?.answers[1]?.ref).toEqual({ file: 'run', pin: 7, update: 2, row: 1 });
    expect(answersToQuestion(studio, { file: 'run', pin: null, update: 3, row: 1 })).toBeNull();
  });
});
