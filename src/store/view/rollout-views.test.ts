import { describe, expect, it } from 'vitest';
import { readRolloutFiles } from '../../rollouts/file/read-file';
import { shelve } from './rollout-views';

/** A side of our own format: words, and where its steps begin. */
interface Side {
  tokens: string;
  stepStarts: number[];
  reward: number;
  em?: number;
  coverage?: number;
  end?: string;
  searches?: object[];
  logProbs?: number[];
  entropies?: number[];
  steps?: object[];
}
const side = ({ tokens, em = 0, end = 'finished', ...rest }: Side) => ({ tokens: tokens.split(' '), em, end, ...rest });

const SEARCHED: Side = {
  tokens:
    'q <think> a </think> <search> city:Bonn capital </search> <information> Doc </information> <answer> x </answer>',
  stepStarts: [1, 11],
  reward: 0.5,
  coverage: 0.25,
  searches: [
    { useful: 1, share: 0.5, passages: [{ id: 7, source: 'Almanac', text: 'Bonn was it.', class: 'new' }, { id: 8 }] },
  ],
  logProbs: [0, -1, -2],
  entropies: [0, 0.5],
};
const ANSWERED: Side = { tokens: 'q <answer> Bonn </answer>', stepStarts: [1], reward: 2, em: 1, coverage: 1 };
const STUCK: Side = { tokens: 'q <think> a', stepStarts: [1], reward: 0, end: 'thought too long' };

interface Line {
  question: string;
  draft: Side;
  final?: Side;
  cut?: number;
  update?: number;
  logProbs?: (number | null)[];
  reviewAdvantage?: number;
  branches?: object[];
}

async function shelved(lines: readonly Line[], raw: readonly object[] = []) {
  const own = lines.map(({ draft, final, cut, logProbs, ...rest }) => ({
    ...{ format: 'cutpoint-trajectory/3', answer: 'city:Bonn', ...rest },
    ...{ draft: side(draft), final: final ? side(final) : null, review: { cut: cut ?? 0, logProbs } },
  }));
  const text = [...own, ...raw].map((one) => JSON.stringify(one)).join('\n');
  const blob = new Blob([text]);
  return shelve(await readRolloutFiles([{ name: 'f.jsonl', size: blob.size, stream: () => blob.stream() }]));
}

describe('a file of trajectories', () => {
  const LINES: Line[] = [
    { question: 'q2', draft: STUCK, update: 7 },
    { question: 'q1', draft: SEARCHED, final: ANSWERED, cut: 2, update: 5, reviewAdvantage: 0.5 },
    { question: 'q1', draft: ANSWERED, final: STUCK, cut: 1, update: 5, logProbs: [-1, -2] },
    { question: 'q1', draft: SEARCHED, update: 7, logProbs: [-3, -1, null], reviewAdvantage: 0.75 },
    { question: 'q1', draft: SEARCHED, final: SEARCHED, cut: 1, update: 7 },
  ];

  it('is told in numbers: rows, questions, steps, and what was left out', async () => {
    const hash: unknown = expect.stringMatching(/^[0-9a-f]{16}$/);
    const noQuestion: unknown = expect.stringContaining('no question');
    const { about } = await shelved(LINES, [{}, { question: 'open', completion: '<answer>?</answer>' }]);
    expect(about).toEqual({
      ...{
        name: 'f.jsonl',
        hash,
        rows: 6,
        groups: 4,
        step: null,
        skipped: 1,
        cutOff: null,
        unknownEm: 1,
        unknownRewards: 1,
        computedRewards: 0,
        unknownNumbers: 0,
        rules: { world: 5, none: 1 },
      },
      steps: [
        { step: -1, from: 0, to: 1 },
        { step: 5, from: 1, to: 3 },
        { step: 7, from: 3, to: 6 },
      ],
      skips: [{ file: 'f.jsonl', line: 6, unit: 'line', reason: noQuestion }],
    });
  });

  it('lists all rows, or those of one step, and tells questions of several steps apart', async () => {
    const { shelf } = await shelved(LINES);
    const { shown } = shelf;
    expect(shown).toMatchObject({ rows: [0, 1, 2, 3, 4], whole: true, hasRefiner: true });
    expect(shown.batch).toMatchObject({
      update: 0,
      prompts: 3,
      questions: ['q1 (step 5)', 'q2 (step 7)', 'q1 (step 7)'],
    });
    expect(Array.from(shown.groups)).toEqual([0, 0, 1, 2, 2]);
    expect(Array.from(shown.batch.cuts)).toEqual([2, 1, 0, 0, 1]);
    expect(Array.from(shown.batch.final.rewards)).toEqual([2, 0, 0, 0.5, 0.5]);
    expect(Array.from(shown.batch.draft.em)).toEqual([0, 1, 0, 0, 0]);
    expect(Array.from(shown.batch.final.coverage)).toEqual([1, 0, 0, 0.25, 0.25]);
    expect(Array.from(shown.batch.final.reasons)).toEqual([1, 6, 6, 1, 1]);
    expect(shown.summary.verdicts).toEqual({ saved: 1, harmed: 1, wasted: 1, missed: 2, kept: 0, none: 0 });
    expect(shown.tellingRow).toBe(0);
    const later = shelf.choose(7);
    expect(later.shown.batch).toMatchObject({ update: 7, prompts: 2, questions: ['q2', 'q1'] });
    expect(Array.from(later.shown.groups)).toEqual([0, 1, 1]);
    expect(later.shown.rows).toEqual([0, 1, 2]);
    expect(Array.from(later.shown.batch.final.reasons)).toEqual([6, 1, 1]);
    expect(later.views.at(0)).toMatchObject({ place: 0, group: 0, final: { endReason: 'thought too long' } });
    // The chance of accepting stands first, as in an update of the engine.
    const { reviewLogProbs } = shelf.choose(5).shown.batch;
    expect(Array.from(reviewLogProbs)).toEqual([0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0]);
    const after = Array.from(later.shown.batch.reviewLogProbs);
    expect(after).toHaveLength(18);
    expect(after.map((value) => Math.round(100 * value) / 100).filter((value) => value !== 0)).toEqual([-3]);
    expect(after[6]).toBeCloseTo(-3, 5);
    expect(later.views.at(1)).toMatchObject({ place: 1, group: 1, reviewAdvantage: 0.75 });
    expect(later.views.at(1).advantage).toBe(later.shown.batch.advantages[1]);
    expect(later.views.textOf(0)).toContain('"question":"q2"');
    expect(later.views.textOf(1)).toContain('"question":"q1"');
    expect(shelf.choose(99).shown.rows).toHaveLength(5);
  });

  it('of one step has its questions as they are', async () => {
    const { shelf, about } = await shelved([{ question: 'q1', draft: STUCK, update: 3 }]);
    expect(about.steps).toEqual([{ step: 3, from: 0, to: 1 }]);
    expect(shelf.shown.batch.questions).toEqual(['q1']);
    const mixed = await shelved([
      { question: 'q1', draft: STUCK },
      { question: 'q1', draft: STUCK, update: 0 },
    ]);
    expect(mixed.shelf.shown.batch.questions).toEqual(['q1', 'q1 (step 0)']);
  });

  it('tells what each step came to', async () => {
    const { shelf } = await shelved(LINES);
    expect(shelf.statistics()).toBe(shelf.statistics());
    const [five, seven] = shelf.statistics();
    expect(five).toMatchObject({
      ...{ step: 5, rows: 2, groups: 1, equalGroups: 0, emDraft: 0.5, emFinal: 0.5, reward: 1, density: 0 },
      ...{ cut: 1, saved: 0.5, harmed: 0.5 },
    });
    expect(seven).toMatchObject({
      step: 7,
      rows: 3,
      groups: 2,
      equalGroups: 2,
      emDraft: 0,
      emFinal: 0,
      saved: 0,
      harmed: 0,
    });
    expect(seven?.cut).toBeCloseTo(1 / 3);
    expect(seven?.reward).toBeCloseTo(1 / 3);
    expect(seven?.density).toBeCloseTo(2 / 3);
    const alone = await shelved([{ question: 'q1', draft: STUCK, update: 3 }]);
    expect(alone.shelf.shown.hasRefiner).toBe(false);
    expect(alone.shelf.statistics()[0]).toMatchObject({ cut: null, saved: null, harmed: null, groups: 1 });
  });
});

describe('a row of a file', () => {
  it('is told as one of the engine is', async () => {
    const { shelf } = await shelved([
      { question: 'q1', draft: SEARCHED, final: ANSWERED, cut: 2, reviewAdvantage: 0.5, logProbs: [-1, -2, -3] },
      { question: 'q1', draft: ANSWERED },
    ]);
    const view = shelf.views.at(0);
    expect(shelf.views.at(0)).toBe(view);
    expect(view).toMatchObject({
      row: 0,
      place: 0,
      group: 0,
      cut: 2,
      reviewAdvantage: 0.5,
      verdict: 'saved',
      handBranches: [],
    });
    expect(view.review).toEqual([-1, -2, -3].map(Math.exp));
    expect(view.draft).toEqual({
      steps: [
        {
          ...{
            number: 1,
            kind: 'search',
            start: 1,
            end: 11,
            thought: 'a',
            text: 'Bonn · capital',
            label: 'Bonn · capital',
          },
          passages: [
            { id: 7, source: 'Almanac', sentence: 'Bonn was it.', matched: [], score: null, evidence: 'new' },
            { id: 8, source: '', sentence: '', matched: [], score: null, evidence: null },
          ],
          ...{ useful: 1, share: 0.5 },
        },
        {
          ...{ number: 2, kind: 'answer', start: 11, end: 14, thought: '', text: 'x', label: 'x', passages: [] },
          ...{ useful: null, share: null },
        },
      ],
      ...{ searches: 1, answer: 'x', em: 0, reward: 0.5, coverage: 0.25, endReason: null, rewardFrom: 'file' },
    });
    expect(view.final).toMatchObject({ answer: 'Bonn', searches: 0, reward: 2 });
    expect(shelf.views.answerOf(view)).toBe('Bonn');
    const accepted = shelf.views.at(1);
    expect(accepted.final).toBe(accepted.draft);
    expect(accepted).toMatchObject({ row: 1, cut: 0, review: null, verdict: 'kept', reviewAdvantage: 0 });
    // Both have a reward of 2.
    expect(accepted.advantage).toBe(0);
  });

  it('of an LLM has a computed reward and perhaps several right answers, or none', async () => {
    const completion = '<think>hm</think><answer>Bonn</answer>';
    const { shelf } = await shelved(
      [],
      [
        { question: 'a', completion, golden_answers: ['Bonn', 'Berlin'] },
        { question: 'b', completion },
      ],
    );
    const [first, second] = [shelf.views.at(0), shelf.views.at(1)];
    expect(first.final).toMatchObject({ em: 1, rewardFrom: 'density' });
    expect(shelf.views.answerOf(first)).toBe('Bonn or Berlin');
    expect(shelf.views.answerOf(second)).toBe('not in the file');
    expect(first.verdict).toBe('none');
    expect(shelf.views.tokensOf(first, 'final')).toEqual([]);
  });

  it('has its tokens by step, each with its own numbers', async () => {
    const { shelf } = await shelved([{ question: 'q1', draft: SEARCHED, final: ANSWERED, cut: 1 }]);
    const tokens = shelf.views.tokensOf(shelf.views.at(0), 'draft');
    expect(tokens).toHaveLength(13);
    expect(tokens[0]).toEqual({ position: 1, step: 1, text: '<think>', written: true, logProb: -1, entropy: 0.5 });
    expect(tokens[1]).toMatchObject({ position: 2, logProb: -2, entropy: null });
    expect(tokens[10]).toMatchObject({ position: 11, step: 2, text: '<answer>' });
    expect(tokens.filter(({ written }) => !written).map(({ text }) => text)).toEqual([
      '<information>',
      'Doc',
      '</information>',
    ]);
    expect(shelf.views.tokensOf(shelf.views.at(0), 'final').map(({ text }) => text)).toEqual([
      '<answer>',
      'Bonn',
      '</answer>',
    ]);
  });

  it('says something of a step that says nothing, and no more than a line of one that says much', async () => {
    const said = (kind: string, thought: string, text: string) => {
      const tokens = {
        search: 'q <search> x </search> <information> </information>',
        answer: 'q <answer> x',
        unfinished: 'q x',
      };
      const draft = {
        tokens: tokens[kind === 'search' || kind === 'answer' ? kind : 'unfinished'],
        stepStarts: [1],
        reward: 0,
      };
      return { question: 'q', draft: { ...draft, steps: [{ thought, text }] } };
    };
    const { shelf } = await shelved([
      said('search', 'think', ''),
      said('answer', 'think', ''),
      said('unfinished', '', ''),
      said('answer', '', 'w'.repeat(80)),
      said('answer', '', 'w'.repeat(81)),
    ]);
    const steps = shelf.shown.rows.map((place) => shelf.views.at(place).draft.steps[0]);
    expect(steps.map((step) => step?.text)).toEqual([
      ...['empty query', 'think', 'no search, no answer'],
      ...['w'.repeat(80), 'w'.repeat(81)],
    ]);
    expect(steps.map((step) => step?.label)).toEqual([
      ...['empty query', 'think', 'no search, no answer'],
      ...['w'.repeat(80), `${'w'.repeat(80)}…`],
    ]);
  });

  it('has what a person cut by hand', async () => {
    const branch = { branch: 1, parent: 0, cut: 1, weights: 9, side: side(ANSWERED) };
    const { shelf } = await shelved([{ question: 'q', draft: STUCK, branches: [branch] }]);
    expect(shelf.views.at(0).handBranches).toMatchObject([
      { branch: 1, parent: 0, cut: 1, weights: 9, side: { answer: 'Bonn', searches: 0, rewardFrom: 'file' } },
    ]);
  });

  it('is searched as a person reads it: small letters, no escapes', async () => {
    const { shelf } = await shelved([], [{ question: 'ÄÖ "x"\ty\nz\\w', completion: '<answer>a</answer>' }]);
    const text = shelf.views.textOf(0);
    for (const words of ['äö "x"', 'y\nz', 'z\\w']) expect(text).toContain(words);
    const blob = new Blob(['{"question":"\\u00c4\\u00D6 \\u0041","completion":"<answer>B</answer>"}']);
    const escaped = shelve(await readRolloutFiles([{ name: 'f', size: blob.size, stream: () => blob.stream() }]));
    expect(escaped.shelf.views.textOf(0)).toBe('{"question":"äö a","completion":"<answer>b</answer>"}');
  });

  it('stays decoded while it is among the last four hundred', async () => {
    const lines = Array.from({ length: 401 }, (_, k) => ({ question: `q${k}`, completion: '<answer>a</answer>' }));
    const { shelf } = await shelved([], lines);
    const [first, second] = [shelf.views.at(0), shelf.views.at(1)];
    for (let place = 2; place < 400; place += 1) shelf.views.at(place);
    expect(shelf.views.at(0)).toBe(first);
    shelf.views.at(400);
    expect(shelf.views.at(1)).toBe(second);
    expect(shelf.views.at(0)).not.toBe(first);
    expect(shelf.views.at(0)).toEqual(first);
  });
});
