import { describe, expect, it } from 'vitest';
import { sideOf } from '../../testing/engine/sides';
import { answer, positions, question, search, vocabulary } from '../../testing/engine/hand-text';
import { FINE, FLAWED, reviewText, saidByVerdicts, verdictsOf } from './review-text';

const { special: s, entityBase: e, relationBase: r } = vocabulary;
const text = [...question, ...search(), ...answer(e)];
/** Sure of all but one token of the search, and not at all of one of the answer. */
const logProbs = text.map((_, t) => (t === 7 ? -0.7 : t === 27 ? -4 : t < question.length ? 0 : -0.01));
const side = sideOf(vocabulary, positions, [{ tokens: [...question, ...answer(e)] }, { tokens: text, logProbs }]);

describe('what a review reads', () => {
  it('is the trajectory with <review> behind it', () => {
    const { tokens, decisions } = reviewText(side, 1, vocabulary, { reviewReading: 'behind', reviewSees: 'text' });
    expect(tokens).toEqual([...text, s.review]);
    expect(decisions).toEqual([text.length]);
  });

  it('or <review> first, and a token behind each step, which may say how sure the policy was', () => {
    const plain = reviewText(side, 1, vocabulary, { reviewReading: 'steps', reviewSees: 'text' });
    expect(plain.tokens).toEqual([s.review, ...question, ...search(), s.review, ...answer(e), s.review]);
    expect(plain.decisions).toEqual([26, 33]);
    const told = reviewText(side, 1, vocabulary, { reviewReading: 'steps', reviewSees: 'certainty' });
    expect(told.decisions).toEqual(plain.decisions);
    expect(told.decisions.map((place) => told.tokens[place])).toEqual([s.integers[2], s.integers[5]]);
    expect(reviewText(side, 0, vocabulary, { reviewReading: 'steps', reviewSees: 'certainty' }).tokens.at(-1)).toBe(
      s.integers[0],
    );
  });
  it('and <review> with a thought a hop before the last of them, in the place of which nothing stands before it is known', () => {
    const form = { reviewReading: 'steps', reviewSees: 'certainty', reviewThoughts: 1 } as const;
    const { tokens, decisions, thinks } = reviewText(side, 1, vocabulary, form, Uint16Array.of(e + 3, 0, 0, 0));
    const head = [s.review, ...question, ...search(), s.integers[2], ...answer(e)];
    expect(tokens).toEqual([...head, s.review, e + 3, s.integers[5]]);
    expect([decisions, thinks]).toEqual([[26, 35], [33]]);
    expect(reviewText(side, 1, vocabulary, form).tokens).toEqual([...head, s.review, s.pad, s.integers[5]]);
    const two = sideOf(vocabulary, positions, [{ tokens: [s.bos, r, r, e, s.question, ...answer(e)] }]);
    expect(reviewText(two, 0, vocabulary, form).thinks).toEqual([12, 13]);
  });
});

describe('verdicts', () => {
  const odds = (...chances: number[]) => chances.map((p) => Math.log(p / (1 - p)));

  it('say together whether the draft is wrong, and where', () => {
    const said = saidByVerdicts(odds(0.2, 0.5, 0.9)).map(Math.exp);
    [0.1, 0.18, 0.36, 0.36].forEach((p, j) => expect(said[j]).toBeCloseTo(p, 12));
    const [keep, cut] = saidByVerdicts(odds(0.25)).map(Math.exp);
    expect(keep).toBeCloseTo(0.75, 12);
    expect(cut).toBeCloseTo(0.25, 12);
    // Far out too.
    expect(saidByVerdicts([-900, 800])).toEqual([-800, -900, 0]);
  });

  it('are what an integer stands for, and their chances multiply to its own', () => {
    const logs = saidByVerdicts(odds(0.2, 0.5, 0.9));
    const six = [...logs, -Infinity, -Infinity];
    const of = (integer: number, mustCut = false) =>
      verdictsOf(integer, 3, six, mustCut).map(({ step, says, logProb }) => [
        step,
        says,
        Number(Math.exp(logProb).toFixed(9)),
      ]);
    expect(of(0)).toEqual([[2, FINE, 0.1]]);
    expect(of(1)).toEqual([
      [0, FLAWED, 0.2],
      [2, FLAWED, 0.9],
    ]);
    expect(of(2)).toEqual([
      [0, FINE, 0.8],
      [1, FLAWED, 0.5],
      [2, FLAWED, 0.9],
    ]);
    expect(of(3)).toEqual([
      [0, FINE, 0.8],
      [1, FINE, 0.5],
      [2, FLAWED, 0.9],
    ]);
    expect(of(2, true)).toEqual([
      [0, FINE, 0.8],
      [1, FLAWED, 0.5],
    ]);
    logs.forEach((log, integer) => {
      const sum = verdictsOf(integer, 3, six, false).reduce((total, { logProb }) => total + logProb, 0);
      expect(sum).toBeCloseTo(log, 12);
    });
  });
});
