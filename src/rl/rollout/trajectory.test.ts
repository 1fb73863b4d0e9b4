import { describe, expect, it } from 'vitest';
import { END_REASON } from '../../env/episode';
import { episodeLimits, MAX_STEPS } from '../../env/episode-limits';
import { PASSAGE_NEW, PASSAGE_REPEATED } from '../../env/evidence';
import { microwikiFamily } from '../../env/microwiki';
import { answerToken } from '../../env/questions';
import { REVIEW_WORDS, ROW, ROW_WORDS } from '../../kernels/episode/row-layout';
import { sideOf } from '../../testing/engine/sides';
import { joinSides, readReviews, readSide, replaceRows, type SideWords, type TrajectorySide } from './trajectory';

const family = microwikiFamily();
const world = family.draw(1, 0);
const { positions } = episodeLimits(3);
const [chain] = world.chains[2]!;
const gold = answerToken(world.schema, chain!);
/** Ids of the passages that state the fact of hop h, and of one that states neither. */
const stating = (h: number) =>
  [...world.passages.keys()].filter((id) => world.passages[id]!.fact === chain!.facts[h]).slice(0, 2);
const other = world.passages.findIndex(({ fact }) => !chain!.facts.includes(fact));
const [first, second] = [stating(0), stating(1)];
const SEARCHES = [
  [first[0]!, first[1]!, other],
  [first[0]!, second[0]!, other],
];

interface Given {
  length: number;
  prompt: number;
  reason: number;
  answer: number;
  starts: readonly number[];
  searches: readonly (readonly number[])[];
}

/** As the GPU leaves them: what an earlier batch wrote stands at a question's positions and behind an end. */
function wordsOf(rows: readonly Given[]): SideWords {
  const state = new Uint32Array(rows.length * ROW_WORDS).fill(77);
  rows.forEach(({ length, prompt, reason, answer, starts, searches }, b) => {
    const set = (field: number, values: readonly number[]) => state.set(values, b * ROW_WORDS + field);
    set(ROW.length, [length]);
    set(ROW.promptLength, [prompt]);
    set(ROW.reason, [reason]);
    set(ROW.answer, [answer]);
    set(ROW.steps, [starts.length]);
    set(ROW.stepStarts, starts);
    set(ROW.searches, [searches.length]);
    set(ROW.passages, searches.flat());
  });
  const count = rows.length * positions;
  return {
    rows: state,
    tokens: Uint32Array.from({ length: count }, (_, i) => 1000 + i),
    logProbs: Float32Array.from({ length: count }, (_, i) => -i),
    entropies: Float32Array.from({ length: count }, (_, i) => i / 2),
  };
}

const RIGHT: Given = {
  length: 60,
  prompt: 5,
  reason: END_REASON.finished,
  answer: gold,
  starts: [5, 26, 47],
  searches: SEARCHES,
};
const reward = { process: 'collection', combine: 'gated' } as const;
const read = (rows: readonly Given[], options: Parameters<typeof readSide>[3] = reward) =>
  readSide(
    wordsOf(rows),
    rows.map(() => ({ world, chain: chain! })),
    positions,
    options,
  );
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const zeros = (count: number) => new Array<number>(count).fill(0);

describe('readSide', () => {
  it('reads a row up to its end, and what was sampled from behind its question', () => {
    const side = read([RIGHT, { ...RIGHT, length: 12, prompt: 4, starts: [4], searches: [], reason: 6 }]);
    const rows = [range(1000, 1060), zeros(positions - 60), range(1000 + positions, 1012 + positions)];
    expect([...side.tokens]).toEqual([...rows.flat(), ...zeros(positions - 12)]);
    expect([...side.lengths]).toEqual([60, 12]);
    const written = [...zeros(5), ...range(5, 60), ...zeros(positions - 60), ...zeros(4)];
    const all = [...written, ...range(positions + 4, positions + 12), ...zeros(positions - 12)];
    expect(Array.from(side.logProbs, (x) => 0 - x)).toEqual(all);
    expect(Array.from(side.entropies, (x) => 2 * x)).toEqual(all);
    expect([...side.stepCounts]).toEqual([3, 1]);
    expect([...side.stepStarts]).toEqual([5, 26, 47, 0, 0, 4, 0, 0, 0, 0]);
    expect([...side.reasons]).toEqual([1, 6]);
    expect([...side.searches]).toEqual([2, 0]);
  });

  it('labels the passages of each search, and -1 and 255 stand where there is none', () => {
    const side = read([RIGHT, { ...RIGHT, searches: SEARCHES.slice(1) }]);
    const none = (count: number, value: number) => new Array<number>(count).fill(value);
    expect([...side.passages]).toEqual([...SEARCHES.flat(), ...none(6, -1), ...SEARCHES[1]!, ...none(9, -1)]);
    const irrelevant = 2;
    const classes = [PASSAGE_NEW, PASSAGE_NEW, irrelevant, PASSAGE_REPEATED, PASSAGE_NEW, PASSAGE_REPEATED];
    const alone = [PASSAGE_NEW, PASSAGE_NEW, irrelevant];
    expect([...side.passageClasses]).toEqual([...classes, ...none(6, 255), ...alone, ...none(9, 255)]);
    expect([...side.useful]).toEqual([1, 1, 0, 0, 1, 0, 0, 0]);
    [2 / 3, 1 / 3, 0, 0, 2 / 3, 0, 0, 0].forEach((share, i) => expect(side.shares[i]).toBeCloseTo(share, 6));
    const half = read([{ ...RIGHT, searches: [[first[0]!, first[1]!, other]] }]);
    expect([...side.coverage, ...half.coverage]).toEqual([1, 1, 0.5]);
  });

  it('scores what ended properly with the right entity, by the reward that it is given', () => {
    const rows = [
      RIGHT,
      { ...RIGHT, answer: gold + 1 },
      { ...RIGHT, reason: END_REASON.emptyAnswer },
      { ...RIGHT, searches: [SEARCHES[0]!, SEARCHES[0]!] },
    ];
    const side = read(rows);
    expect([...side.em]).toEqual([1, 0, 0, 1]);
    expect([...side.rewards]).toEqual([2, 0, 0, 1.5]);
    expect([...read(rows, { process: 'passage', combine: 'sum' }).rewards]).toEqual(
      [1.5, 0.5, 0.5, 4 / 3].map(Math.fround),
    );
    // Right throughout; wrong at the answer, its last step; a search that found nothing more.
    expect([...side.flawed]).toEqual([0, 3, 3, 2]);
  });
});

const { vocabulary } = family.schema;
const { special: s, entityBase: e } = vocabulary;
/** Rows that differ in every field. */
function sideWith(...ids: number[]): TrajectorySide {
  const side = sideOf(
    vocabulary,
    positions,
    ids.map(() => ({ tokens: [s.bos, e, s.question, s.think, s.endThink, s.answer, e, s.endAnswer, s.eos] })),
  );
  for (const list of Object.values<TrajectorySide[keyof TrajectorySide]>({ ...side })) {
    const width = list.length / ids.length;
    list.forEach((_, i) => (list[i] = 8 * ids[Math.floor(i / width)]! + (i % width) + 1));
  }
  return side;
}

describe('joinSides', () => {
  it('puts the rows of every field one after the other', () => {
    expect(joinSides([sideWith(1, 2), sideWith(3)])).toEqual(sideWith(1, 2, 3));
  });
});

describe('replaceRows', () => {
  it('puts whole rows in the named places of a copy', () => {
    const side = sideWith(1, 2, 3, 4);
    expect(replaceRows(side, [2, 0], sideWith(8, 9))).toEqual(sideWith(9, 2, 8, 4));
    expect(side).toEqual(sideWith(1, 2, 3, 4));
  });
});

describe('readReviews', () => {
  it('has the cut, what was said and the probabilities of what was legal', () => {
    const words = new Uint32Array(3 * REVIEW_WORDS + 1);
    const bits = new Float32Array(words.buffer);
    const put = (b: number, [cut, steps, integer]: readonly number[], logProbs: readonly number[]) => {
      words.set([cut!, steps!, integer!], 1 + b * REVIEW_WORDS);
      bits.set(logProbs, 1 + b * REVIEW_WORDS + 3);
    };
    put(0, [2, 2, 1], [-1, -2, -3, -4, -5, -6]);
    // Where every draft is cut, accepting is illegal: the kernels' lowest number.
    put(1, [1, MAX_STEPS, 1], [-3e38, -1, -2, -3, -4, -5]);
    const { reviewed, cuts, integers, logProbs } = readReviews(words.subarray(1), 3);
    expect([...reviewed]).toEqual([1, 1, 0]);
    expect([...cuts]).toEqual([2, 1, 0]);
    expect([...integers]).toEqual([1, 1, 0]);
    const none = -Infinity;
    expect([...logProbs].slice(0, 12)).toEqual([-1, -2, -3, none, none, none, none, -1, -2, -3, -4, -5]);
    expect([...logProbs].slice(13)).toEqual([none, none, none, none, none]);
  });
});
