import { describe, expect, it } from 'vitest';
import { microwikiFamily } from '../../env/microwiki';
import { policyPositions } from './policy-tokens';

const { special: s, relationBase: r, entityBase: e, sources } = microwikiFamily().schema.vocabulary;
const passage = [sources[0]!, e, r, e + 1];
const information = [s.information, ...passage, ...passage, ...passage, s.endInformation];
const search = [s.think, e, s.endThink, s.search, e, r, s.endSearch];
const answer = [s.think, s.endThink, s.answer, e, s.endAnswer, s.eos];
const question = [s.bos, r, e, s.question];

const positions = (tokens: number[], start = 0, length = tokens.length - start) =>
  policyPositions(tokens, start, length, s);
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

describe('policyPositions', () => {
  it('are all after the question but the information blocks with their tags', () => {
    const tokens = [...question, ...search, ...information, ...search, ...information, ...answer];
    expect(positions(tokens)).toEqual([...range(4, 7), ...range(4 + 7 + 14, 7), ...range(4 + 2 * 21, 6)]);
  });

  it('leaves out blanked passages, whose tokens are question marks', () => {
    const blank = [s.information, ...new Array<number>(12).fill(s.question), s.endInformation];
    expect(positions([...question, ...search, ...blank, ...answer])).toEqual([...range(4, 7), ...range(25, 6)]);
  });

  it('counts from the start of the row and stops at its length', () => {
    const tokens = [7, 7, ...question, ...search, ...information, ...answer];
    expect(positions(tokens, 2, 9)).toEqual(range(4, 5));
    expect(positions(tokens, 2, 4)).toEqual([]);
  });

  it('keeps what a malformed row wrote', () => {
    expect(positions([...question, s.answer])).toEqual([4]);
  });
});
