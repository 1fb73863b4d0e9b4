import { describe, expect, it } from 'vitest';
import { episodeLimits, INFORMATION_TOKENS } from './episode-limits';
import { END_REASON, Episode, exactMatch, parseTrajectory, PHASE } from './episode';
import { microwikiFamily } from './microwiki';

const { vocabulary } = microwikiFamily().schema;
const { special: s, relationBase: r, entityBase: e } = vocabulary;
const QUESTION = [s.bos, r, e, s.question];
const INFORMATION = [s.information, ...new Array<number>(INFORMATION_TOKENS - 2).fill(s.question), s.endInformation];
const SEARCH = [s.think, e, r, s.endThink, s.search, e, r, s.endSearch, ...INFORMATION];
const ANSWER = [s.think, e + 1, s.endThink, s.answer, e + 1, s.endAnswer, s.eos];

function run(...parts: number[][]): ReturnType<typeof parseTrajectory> {
  return parseTrajectory(vocabulary, [...QUESTION, ...parts.flat()]);
}

describe('episode', () => {
  it('has 103 positions for three hops, and the longest trajectory fills them', () => {
    expect(episodeLimits(3).positions).toBe(6 + 4 * 22 + 7 + 2);
    const longest = [s.think, e, r, s.endThink, s.answer, e, s.endAnswer, s.eos];
    const tokens = [s.bos, r, r, r, e, s.question, ...SEARCH, ...SEARCH, ...SEARCH, ...SEARCH, ...longest];
    expect(tokens).toHaveLength(episodeLimits(3).maxTrajectoryTokens);
    expect(parseTrajectory(vocabulary, tokens).reason).toBe(END_REASON.finished);
  });

  it('recovers steps, searches and answer from tokens', () => {
    const outcome = run(SEARCH, SEARCH, ANSWER, [s.review, s.integers[2], s.pad]);
    expect(outcome.reason).toBe(END_REASON.finished);
    expect(outcome.steps).toEqual([
      { start: 4, search: 0 },
      { start: 26, search: 1 },
      { start: 48, search: -1 },
    ]);
    expect(outcome.searches).toEqual([
      { query: [e, r], informationStart: 12 },
      { query: [e, r], informationStart: 34 },
    ]);
    expect(outcome.answer).toBe(e + 1);
    expect(outcome.length).toBe(4 + 22 + 22 + 7);
    expect(exactMatch(outcome, e + 1)).toBe(1);
    expect(exactMatch(outcome, e)).toBe(0);
  });

  it('accepts an empty think', () => {
    expect(run([s.think, s.endThink, s.answer, e, s.endAnswer, s.eos]).reason).toBe(END_REASON.finished);
  });

  const thought = [s.think, e, s.endThink];
  const cases: [keyof typeof END_REASON, number[][], number][] = [
    ['unexpectedToken', [[s.search]], 1],
    ['unexpectedToken', [[e]], 1],
    ['unexpectedToken', [[s.eos]], 1],
    ['unexpectedToken', [[s.think, s.think]], 1],
    ['unexpectedToken', [[s.think, e, s.eos]], 1],
    ['unexpectedToken', [thought, [s.eos]], 1],
    ['unexpectedToken', [thought, [s.search, e, s.endThink]], 1],
    ['unexpectedToken', [thought, [s.answer, e, s.endSearch]], 1],
    ['unexpectedToken', [thought, [s.answer, e, s.endAnswer, s.think]], 1],
    ['unexpectedToken', [SEARCH, [s.answer]], 2],
    ['overLongThink', [[s.think, e, r, e]], 1],
    ['overLongQuery', [thought, [s.search, e, r, r]], 1],
    ['overLongAnswer', [thought, [s.answer, e, e]], 1],
    ['emptyQuery', [thought, [s.search, s.endSearch]], 1],
    ['emptyAnswer', [thought, [s.answer, s.endAnswer]], 1],
    ['fifthSearch', [SEARCH, SEARCH, SEARCH, SEARCH, thought, [s.search]], 5],
    ['running', [SEARCH, [s.think]], 2],
    ['running', [], 0],
  ];
  it.each(cases)('ends as %s (%#)', (reason, parts, steps) => {
    const ended = run(...parts, reason === 'running' ? [] : [s.think, s.pad]);
    expect(ended.reason).toBe(END_REASON[reason]);
    expect(ended.steps).toHaveLength(steps);
    expect(ended.answer).toBe(-1);
    // The offending token is part of the trajectory, what follows is not.
    expect(ended.length).toBe(QUESTION.length + parts.flat().length);
  });

  it('counts 14 forced tokens whatever they are, then expects a think', () => {
    const episode = new Episode(vocabulary, QUESTION.length);
    for (const token of SEARCH.slice(0, 8)) episode.push(token);
    expect(episode.phase).toBe(PHASE.information);
    for (let k = 0; k < INFORMATION_TOKENS; k++) {
      expect(episode.phase).toBe(PHASE.information);
      episode.push(s.eos);
    }
    expect(episode.phase).toBe(PHASE.expectThink);
  });
});
