import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../lesson';
import { played } from '../played';
import { outcomeTold, THRESHOLD } from './lesson';
import { ALWAYS, bestAmong, bestCut, curveOf, gainOf, marginOf, NEVER, outcomeAt } from './outcome';
import type { ThresholdData } from './data';

const data = THRESHOLD.read(JSON.parse(readFileSync('public/lessons/threshold.json', 'utf8')));
const lesson = played(THRESHOLD, data);

/** What a step tells once this has been answered. */
function told(id: string, answer: Answer) {
  const at = lesson.begin(lesson.steps.findIndex((step) => step.id === id));
  return lesson.told(lesson.move(lesson.move(at, { type: 'change', answer }), { type: 'lock' }));
}

/** Three drafts, written anew four times each. */
const SMALL: ThresholdData = {
  update: 1,
  replicates: 4,
  drafts: [
    // Cuts at step 2 with a margin of 1.
    { right: false, review: [-2, -3, -1], rightAfter: 3 },
    { right: true, review: [-1, -1.5, -4], rightAfter: 1 },
    { right: false, review: [0, -3], rightAfter: 2 },
  ],
};

describe('lesson 5, what a threshold does to a batch', () => {
  it('cuts where the likeliest cut beats accepting by the threshold', () => {
    expect(SMALL.drafts.map(({ review }) => bestCut(review))).toEqual([2, 1, 1]);
    expect(SMALL.drafts.map(marginOf)).toEqual([1, -0.5, -3]);
    expect(outcomeAt(SMALL, 1)).toEqual({ cut: 1, cutRight: 0, saved: 0.75, harmed: 0 });
    expect(outcomeAt(SMALL, -0.5)).toEqual({ cut: 2, cutRight: 1, saved: 0.75, harmed: 0.75 });
    expect(outcomeAt(SMALL, ALWAYS)).toEqual({ cut: 3, cutRight: 1, saved: 1.25, harmed: 0.75 });
    expect(outcomeAt(SMALL, NEVER)).toEqual({ cut: 0, cutRight: 0, saved: 0, harmed: 0 });
  });

  it('finds the largest gain, and the first threshold that has it', () => {
    expect(bestAmong(SMALL, [-5, -0.5, 0, 1, 2])).toEqual({ threshold: 0, outcome: outcomeAt(SMALL, 0) });
  });

  it('has a curve from never to always on which neither number falls', () => {
    const curve = curveOf(data);
    expect(curve[0]).toEqual(outcomeAt(data, NEVER));
    expect(curve.at(-1)).toEqual(outcomeAt(data, ALWAYS));
    for (const [at, { saved, harmed, cut }] of curve.entries()) {
      const before = curve[at - 1];
      if (before === undefined) continue;
      expect(saved).toBeGreaterThanOrEqual(before.saved);
      expect(harmed).toBeGreaterThanOrEqual(before.harmed);
      expect(cut).toBeGreaterThan(before.cut);
    }
  });

  it('tells the counts that the recording holds', () => {
    const cut = data.drafts.filter(({ review }) => Math.max(...review.slice(1)) >= (review[0] ?? 0));
    const wrong = cut.filter(({ right }) => !right);
    const saved = wrong.reduce((sum, { rightAfter }) => sum + rightAfter, 0) / data.replicates;
    expect(told('saved', { kind: 'number', value: 3 })).toMatchObject({
      ...{ drafts: data.drafts.length, cut: String(cut.length), cutWrong: String(wrong.length) },
      ...{ saved: saved.toFixed(1).replace(/\.0$/, ''), hit: 'You said 3.' },
    });
    expect(told('saved', { kind: 'number', value: Math.round(saved) })['hit']).toMatch(/^Close: you said/);
  });

  it('tells of the reader’s own threshold, and of the best one that the slider has', () => {
    const said = told('margin', { kind: 'number', value: -5 });
    expect(said).toMatchObject({ yours: '−5', ...outcomeTold(outcomeAt(data, ALWAYS)) });
    const gains = Array.from({ length: 21 }, (_, at) => gainOf(outcomeAt(data, -5 + at / 2)));
    expect(said['bestGain']).toBe(
      Math.max(...gains)
        .toFixed(1)
        .replace(/\.0$/, ''),
    );
  });

  it('calls a guess right that is', () => {
    const [zero, always] = [gainOf(outcomeAt(data, 0)), gainOf(outcomeAt(data, ALWAYS))];
    const became = always > zero ? 0 : always > 0 ? 1 : 2;
    const hits = [0, 1, 2].map((choice) => told('always', { kind: 'choice', choice })['hit']);
    expect(hits).toEqual([0, 1, 2].map((choice) => (choice === became ? 'So it is.' : 'Not so.')));
  });
});
