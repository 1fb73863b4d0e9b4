import { expect, it } from 'vitest';
import { countsUpTo, severalTries, type Try } from './several-tries';

/** One question a column. `doubts` are the network's; the reader's and the actor's are told apart by where they point. */
function makeTry(given: {
  em: number[];
  answers: number[];
  network: number[];
  rules?: number[];
  doubt?: number[];
}): Try {
  const { em, answers, network, rules = network, doubt = network } = given;
  return { em, answers, tokens: em.map((_, q) => 10 + q), doubts: { network, rules, doubt } };
}

// Question 0 is answered 7, 8, 8, 7 (8 is right); question 1 never but in the third try, rightly.
const TRIES = [
  makeTry({ em: [0, 0], answers: [7, -1], network: [2, 1], rules: [1, 1], doubt: [0, 3] }),
  makeTry({ em: [1, 0], answers: [8, -1], network: [-1, 0.5], rules: [1, 1], doubt: [1, 3] }),
  makeTry({ em: [1, 1], answers: [8, 9], network: [-3, 0.25], rules: [-1, -1], doubt: [2, 0] }),
  makeTry({ em: [0, 0], answers: [7, -1], network: [-5, 0.25], rules: [1, 1], doubt: [3, 3] }),
];

const at = (margin: number) => {
  const lines = severalTries(TRIES, margin);
  return (rule: string, tries: number) => {
    const found = lines.find((line) => line.rule === rule && line.tries === tries);
    return found && [found.em, found.tokens];
  };
};

it('takes one try by each rule, and counts the tokens of those that were made', () => {
  const line = at(0);
  expect(line('one', 1)).toEqual([0, 10.5]);
  // Two answers once each: the first given. Nobody answered question 1.
  expect(line('vote', 2)).toEqual([0, 21]);
  // 7 and 8 twice each: 7 came first. The one answer of question 1 wins.
  expect(line('vote', 4)).toEqual([0.5, 42]);
  // The least doubted: try 3 of question 0 (wrong), and of two equals of question 1 the earlier, which is right.
  expect(line('best', 4)).toEqual([0.5, 42]);
  expect(line('best', 2)).toEqual([0.5, 21]);
  // Question 0 is accepted at its second try. Question 1 never is: all four are made, the least doubted is taken.
  expect(line('until', 4)).toEqual([1, (20 + 44) / 2]);
  expect(line('until', 2)).toEqual([0.5, 21]);
  expect(line('bestByRules', 4)).toEqual([1, 42]);
  expect(line('untilByRules', 4)).toEqual([1, (30 + 33) / 2]);
  expect(line('bestByDoubt', 4)).toEqual([0.5, 42]);
  expect(line('any', 2)).toEqual([0.5, 21]);
  expect(line('any', 4)).toEqual([1, 42]);
  expect(line('any', 3)).toBeUndefined();
});

it('asks on until doubt is within the margin', () => {
  // A margin of 2 accepts every first try, one of -4 accepts only the last of question 0.
  expect(at(2)('until', 4)).toEqual([0, 10.5]);
  expect(at(-4)('until', 4)).toEqual([0.5, 42]);
});

it('compares powers of two and the most', () => {
  expect(countsUpTo(8)).toEqual([1, 2, 4, 8]);
  expect(countsUpTo(6)).toEqual([1, 2, 4, 6]);
  expect(countsUpTo(2)).toEqual([1, 2]);
});
