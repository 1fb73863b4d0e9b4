import { describe, expect, it } from 'vitest';
import { PHASE } from '../../env/episode';
import { microwikiFamily } from '../../env/microwiki';
import { answerToken, questionTokens } from '../../env/questions';
import { ROW, ROW_WORDS } from '../../kernels/episode/row-layout';
import { rowState, type KeptSteps, type OpenStep, type RolloutRow } from './row-state';

const world = microwikiFamily().draw(1, 0.3);
const [chain] = world.chains[2]!;
const row = (rest: Partial<RolloutRow> = {}): RolloutRow => ({
  world,
  chain: chain!,
  slot: 2,
  logicalRow: 41,
  ...rest,
});
const POSITIONS = 40;
const start = (rows: readonly RolloutRow[]) =>
  rowState(rows, { batch: 3, positions: POSITIONS, stride: 500, replicate: 6 });

/** The fields of row b that are not 0, by name. */
function fieldsOf(state: Uint32Array, b: number): Record<string, number[]> {
  const words = [...state.subarray(b * ROW_WORDS, (b + 1) * ROW_WORDS)];
  const starts = Object.entries(ROW).toSorted(([, x], [, y]) => x - y);
  return Object.fromEntries(
    starts.flatMap(([name, from], i) => {
      const list = words.slice(from, starts[i + 1]?.[1] ?? ROW_WORDS);
      while (list.at(-1) === 0) list.pop();
      return list.length === 0 ? [] : [[name, list]];
    }),
  );
}

const question = questionTokens(world.schema, chain!);
const FRESH = {
  length: [question.length],
  promptLength: [question.length],
  isActive: [1],
  passageBase: [1000],
  passageCount: [world.passages.length],
  logicalRow: [41],
  gold: [answerToken(world.schema, chain!)],
  hopCount: [2],
  replicate: [6],
  hopFacts: chain!.facts.map((fact) => fact + 1),
};
const kept: KeptSteps = {
  tokens: Uint16Array.from([...question, 9, 8, 7]),
  stepStarts: Uint16Array.of(5, 26),
  passages: Int32Array.of(1, 2, 3, 4, 5, 6),
  attempt: 2,
  replicate: 4097,
};
const KEPT = {
  ...FRESH,
  length: [question.length + 3],
  promptLength: [question.length + 3],
  attempt: [2],
  replicate: [4097],
  steps: [2],
  searches: [2],
  stepStarts: [5, 26],
  passages: [1, 2, 3, 4, 5, 6],
};

describe('the rows that a batch begins with', () => {
  it('begin with their question, and what holds no trajectory is idle', () => {
    const { state, tokens } = start([row(), row({ slot: 0, logicalRow: 0 })]);
    expect(fieldsOf(state, 0)).toEqual(FRESH);
    const { passageBase, logicalRow, ...rest } = FRESH;
    expect([passageBase, logicalRow]).toEqual([[1000], [41]]);
    expect(fieldsOf(state, 1)).toEqual(rest);
    expect(fieldsOf(state, 2)).toEqual({});
    const padded = [...question, ...new Array<number>(POSITIONS - question.length).fill(0)];
    expect([...tokens]).toEqual([...padded, ...padded, ...new Array<number>(POSITIONS).fill(0)]);
  });

  it('go on behind kept steps, each with its search, under the numbers of their own attempt', () => {
    const { state, tokens } = start([row(), row({ kept })]);
    expect(fieldsOf(state, 1)).toEqual(KEPT);
    expect([...tokens.subarray(POSITIONS, POSITIONS + kept.tokens.length)]).toEqual([...kept.tokens]);
  });

  it.each<[string, Partial<OpenStep>, Record<string, number[]>]>([
    ['a thought', { phase: PHASE.inThink, segment: [50] }, { phase: [PHASE.inThink], content: [1] }],
    ['a query', { phase: PHASE.inSearch, segment: [50, 51] }, { phase: [3], content: [2], query: [50, 51] }],
    [
      'a search that waits for its passages',
      { phase: PHASE.information, segment: [50, 51], searches: 2, forcedLeft: 14 },
      { phase: [4], content: [2], query: [50, 51], searches: [2], pending: [1] },
    ],
    ['an answer', { phase: PHASE.inAnswer, segment: [60] }, { phase: [5], content: [1], answer: [60] }],
    ['an empty answer', { phase: PHASE.inAnswer, segment: [] }, { phase: [5] }],
    ['a closed answer', { phase: PHASE.afterAnswer, segment: [60] }, { phase: [6], content: [1], answer: [60] }],
    [
      'a trajectory that is done',
      { phase: PHASE.done, reason: 1, segment: [60] },
      { phase: [7], reason: [1], content: [1], answer: [60], isActive: [] },
    ],
  ])('go on within %s', (_, open, want) => {
    const whole: OpenStep = { phase: 0, reason: 0, searches: 1, forcedLeft: 0, segment: [], ...open };
    const { state } = start([row({ kept: { ...kept, open: whole } })]);
    expect({ isActive: [], ...fieldsOf(state, 0) }).toEqual({ ...KEPT, searches: [1], ...want });
  });
});
