import { describe, expect, it } from 'vitest';
import { decide } from '../../../rollouts/live/review';
import { LIVE_COMPLETION, LIVE_LINE, shownLive, liveStudio } from '../../../testing/page/live-rollouts';
import type { Studio } from '../../state/studio-state';
import { setLiveSeed } from './live-lab';
import { BOARD_REPLICATES, cancelBoard, reviewLive, runBoard } from './live-review';
import { alternativesAt, goOnWithPassages, goOnWithQuery, goOnWithToken, turnOf } from './live-turn';

const lab = (studio: Studio) => studio.store.getState().lab;
const board = (studio: Studio) => studio.store.getState().live?.board;

const onBench = (...how: Parameters<typeof liveStudio>) => shownLive(how, true);

/** The second step is the flawed one. */
const LIKELY = { ' 0': 0.1, ' 1': 0.2, ' 2': 0.6, ' 3': 0.05, ' x': 0.05 };
const near = (values: readonly number[]) => values.map((value) => Number(value.toFixed(3)));

describe('the model as a refiner', () => {
  it("is asked by the paper's prompt: the steps in their numbers, each with what its tool gave", async () => {
    const { studio, asked } = await onBench(undefined, { likely: () => LIKELY });
    await reviewLive(studio);
    const prompt = String(asked[0]?.body['prompt']);
    expect(prompt).toMatch(/^You are a careful reviewer[^]*from 0 to 3[^]*USER:\nWhere was Ada born\?/);
    expect(prompt).toMatch(
      /ASSISTANT_STEP_1:\n<think>Who\?<\/think>\n<search>Ada painter<\/search>\nTOOL:\n<information>[^]*ASSISTANT_STEP_3:\n<answer>Paris<\/answer>\n\n[^\n]*:$/,
    );
    const { review } = lab(studio).live ?? {};
    expect(review).toMatchObject({ by: 'next', cut: 2 });
    expect(near(review?.chances ?? [])).toEqual(near([0.1, 0.2, 0.6, 0.05].map((share) => share / 0.95)));
  });

  it('is scored by the text itself where the server scores texts', async () => {
    const likely = () => ({ '0': 0.4, '1': 0.1, '2': 0.2, '3': 0.1 });
    const { studio, asked } = await onBench(undefined, { echo: true, likely });
    await reviewLive(studio);
    expect(asked).toHaveLength(1);
    expect(lab(studio).live?.review).toMatchObject({ by: 'text', cut: 0 });
    expect(near(lab(studio).live?.review?.chances ?? [])).toEqual([0.5, 0.125, 0.25, 0.125]);
  });

  it('is sampled where it gives no log-probabilities, and a model that names no step is told', async () => {
    const next = (before: string, seed: number) => (before.endsWith('none):') ? (seed % 4 === 0 ? ' 1' : ' 2') : null);
    const sampled = await onBench(undefined, {}, { next });
    await reviewLive(sampled.studio);
    expect(lab(sampled.studio).live?.review).toMatchObject({ by: 'samples', chances: [0, 0.25, 0.75, 0], cut: 2 });
    const mute = await onBench();
    await reviewLive(mute.studio);
    expect(lab(mute.studio).refusal?.message).toMatch('the model named none of 0 to 3');
  });

  it('can be cancelled, which leaves the bench as it was and says nothing', async () => {
    const { studio, asked } = await onBench(undefined, { likely: () => LIKELY });
    const controller = new AbortController();
    const review = reviewLive(studio, controller.signal);
    controller.abort();
    await review;
    expect(asked.length).toBeLessThan(2);
    expect(lab(studio)).toMatchObject({ live: { review: null }, refusal: null });
    await reviewLive(studio);
    expect(lab(studio).live?.review?.cut).toBe(2);
  });

  it.each([
    [[0.5, 0.3, 0.2], 0, 0],
    [[0.3, 0.3, 0.4], 0, 2],
    [[0.3, 0.3, 0.4], 0.5, 0],
    [[0, 0.5, 0.5], 0, 1],
    [[0.7, 0.3], -1, 1],
  ])('of %j cuts with margin %d at %d', (chances, margin, cut) => {
    expect(decide(chances, margin)).toBe(cut);
  });
});

describe('over all rollouts', () => {
  it('counts what its cuts did, and leaves out with a reason what cannot be cut', async () => {
    const right = LIVE_COMPLETION.replace('<answer>Paris', '<answer>Rome');
    const lines = [
      LIVE_LINE,
      { ...LIVE_LINE, completion: right },
      { question: 'q', gold: 'x', completion: '<answer>x</answer>' },
    ];
    const { studio } = await liveStudio(lines, {
      likely: (before) => (before.includes('<answer>Rome') ? { ' 0': 1 } : LIKELY),
    });
    await runBoard(studio, 'model');
    expect(board(studio)).toMatchObject({
      ...{ running: false, of: 3, done: 2, left: 1, cut: 1, problem: null },
      // Of seed 1 the model answers right.
      counts: { saved: 1, harmed: 0, wasted: 0, missed: 0, kept: 1 },
    });
    expect(board(studio)?.reason).toMatch('no prompt');
    expect(board(studio)?.gain).toBeGreaterThan(0);
  });

  it.each([
    ['of the bench, which a person set', 6n, { seedLists: true }, '6'],
    ['1 where nobody set another', null, {}, '1'],
    ['that each has on the bench by itself', null, { seedLists: true }, null],
  ])('draws by the seed %s', async (_, seed, quirks, told) => {
    const { studio, asked } = await onBench(undefined, { ...quirks, likely: () => ({ ' 0': 1 }) });
    if (seed !== null) setLiveSeed(studio, seed);
    await runBoard(studio, 'model');
    const first = asked.find(({ body }) => body['seed'] !== undefined)?.body['seed'];
    expect(Array.isArray(first) ? first[0] : first).toBe(Number(told ?? 1));
    expect(board(studio)).toMatchObject({ done: 1, seed: told === null ? null : BigInt(told) });
  });

  it('takes the review of the file, goes on where others look, and stops when told to', async () => {
    const line = {
      ...LIVE_LINE,
      draft: LIVE_COMPLETION,
      final: LIVE_COMPLETION.replace('Paris</answer>', 'Rome</answer>'),
      cut: 3,
    };
    const { studio, asked } = await liveStudio(Array.from({ length: 30 }, () => line));
    asked.length = 0;
    const stop = studio.store.subscribe(({ live }) => {
      if ((live?.board?.done ?? 0) > 1) cancelBoard(studio);
    });
    await runBoard(studio, 'file');
    stop();
    const { done = 0, running, counts } = board(studio) ?? {};
    expect(running).toBe(false);
    expect(done).toBeLessThan(30);
    expect(counts).toMatchObject({ saved: done });
    expect(asked.length).toBeGreaterThan(BOARD_REPLICATES);
  });
});

describe('a step that a person changes', () => {
  it('has its query and its passages, and goes on with others', async () => {
    const { studio, asked } = await onBench(
      undefined,
      {},
      { passages: (query) => [{ title: query, text: `About ${query}.` }] },
    );
    const { live } = lab(studio);
    const turn = turnOf(live!, 1);
    expect(turn).toMatchObject({ query: { text: 'Ada painter' }, searches: 0, step: 1 });
    expect(turn?.passages?.text).toMatch(/^Doc 1\(Title: "Ada"\)/);
    expect(turnOf(live!, 3)).toMatchObject({
      query: null,
      passages: null,
      written: { text: '<answer>Paris</answer>' },
    });
    await goOnWithQuery(studio, turn!, 'Bo');
    expect(asked[0]).toMatchObject({ path: 'retriever', body: { queries: ['Bo'], topk: 2 } });
    const [first] = lab(studio).branches;
    expect(first?.live?.note).toBe('query of step 1');
    expect(first?.live?.text).toContain(
      '<search>Bo</search>\n\n<information>Doc 1(Title: "Bo") About Bo.\n</information>\n\n',
    );
    await goOnWithPassages(studio, turn!, 'Doc 1(Title: "Ada") Ada was born in Rome.');
    expect(lab(studio).branch?.live?.text).toContain(
      '<information>Doc 1(Title: "Ada") Ada was born in Rome.\n</information>',
    );
    expect(lab(studio).branch?.view.final.steps[0]?.passages).toHaveLength(1);
  });

  it('shows what else could stand at a word, and goes on with that', async () => {
    const { studio, asked } = await onBench(undefined, { likely: () => ({ ' painter': 0.75, ' born': 0.25 }) });
    const turn = turnOf(lab(studio).live!, 1)!;
    const at = turn.written.from + turn.written.text.indexOf(' painter');
    expect(await alternativesAt(studio, at)).toEqual([
      [' painter', expect.closeTo(0.75)],
      [' born', expect.closeTo(0.25)],
    ]);
    expect(String(asked[0]?.body['prompt'])).toMatch(/<search>Ada$/);
    await goOnWithToken(studio, turn, at, ' born');
    expect(lab(studio).branch?.live).toMatchObject({ note: '“born” in step 1' });
    expect(lab(studio).branch?.live?.text).toMatch(/^<think>Who\?<\/think>\n<search>Ada born/);
  });
});
