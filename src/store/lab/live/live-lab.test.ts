import { describe, expect, it, vi } from 'vitest';
import { cutValues } from '../../../recordings/cut-values';
import { branchedLines } from '../../../testing/page/branched-lines';
import {
  FIRST_TURN,
  information,
  LIVE_COMPLETION,
  LIVE_LINE,
  LIVE_PROMPT,
  shownLive,
  writer,
  type liveStudio,
} from '../../../testing/page/live-rollouts';
import { expectSchema } from '../../../testing/schemas/expect-schema';
import { jsonLines } from '../../../testing/schemas/read-headers';
import type { Studio } from '../../state/studio-state';
import { cutHere, moveScissors, putOnBench, runSweep } from '../cut-lab';
import { liveLines } from './live-jsonl';
import { goOnFrom, liveRefusal, setLiveSeed } from './live-lab';
import { cancelLive } from './under-way';

const lab = (studio: Studio) => studio.store.getState().lab;
const idle = (studio: Studio) =>
  vi.waitFor(() => expect([lab(studio).sweepAsked, lab(studio).cutAsked]).toEqual([null, null]), { timeout: 5000 });

const onBench = (...how: Parameters<typeof liveStudio>) => shownLive(how, true);

async function swept(studio: Studio) {
  runSweep(studio);
  await idle(studio);
}

describe('a rollout of a file on the bench', () => {
  it('lies there as the text that its model saw, its reward by the rule of all', async () => {
    const { studio, asked } = await onBench();
    const { live, refusal } = lab(studio);
    expect(refusal).toBeNull();
    expect(asked).toEqual([]);
    expect(live?.rollout.beginnings(live.text)).toEqual([
      { text: LIVE_PROMPT, searches: 0 },
      { text: `${LIVE_PROMPT}${FIRST_TURN}${information('Paris')}`, searches: 1 },
      { text: LIVE_PROMPT + LIVE_COMPLETION.slice(0, -'<answer>Paris</answer>'.length), searches: 2 },
    ]);
    expect(live?.view.draft).toMatchObject({ answer: 'Paris', em: 0, reward: 0 });
    expect(live?.rollout.notes).toEqual([]);
  });

  it('asks one thing at a time where seeds are kept only so, draws from all tokens, and cuts texts itself', async () => {
    // To what the probe asks, each seed says something else.
    const next = (before: string, seed: number): string | null =>
      before.startsWith('<think>') ? ` w${before.length + seed}` : writer(before, seed);
    const quirks = { seedsAlone: true, promptLists: false, refuses: ['stop'] };
    const [alone, many] = [await onBench(undefined, quirks, { next }), await onBench()];
    await swept(alone.studio);
    await swept(many.studio);
    expect([...lab(alone.studio).live!.rows].sort()).toEqual([...lab(many.studio).live!.rows].sort());
    const [body] = alone.asked.filter(({ path }) => path === 'model/completions').map((asked) => asked.body);
    expect(body).toMatchObject({ temperature: 1, top_p: 1, top_k: -1, min_p: 0 });
    expect(body).not.toHaveProperty('stop');
  });

  it('is swept: every cut, by what comes of it, with the same seeds', async () => {
    const { studio, asked } = await onBench();
    await swept(studio);
    const { sweep, live } = lab(studio);
    expect(sweep).toMatchObject({ replicates: 16, firstReplicate: 0 });
    const values = cutValues(sweep!, live?.view.draft.reward ?? 0, null);
    // Half of the seeds are odd, and answer right; a search before that finds the answer is worth more.
    expect(values.choices).toHaveLength(4);
    expect(values.choices[3]?.mean).toBe(0.5);
    expect(values.choices[1]?.mean).toBeGreaterThan(0.75);
    const first = asked[0]?.body;
    expect(first).toMatchObject({ seed: 1, temperature: 1, stop: ['</search>', '</answer>'] });
    expect(first?.['prompt']).toHaveLength(3);
    const before = asked.length;
    await swept(studio);
    expect(lab(studio).sweep?.replicates).toBe(32);
    expect(asked.slice(before).every(({ body }) => body['seed'] === undefined || Number(body['seed']) > 16)).toBe(true);
  });

  it('is cut by the scissors; what the sweep has is not asked for again', async () => {
    const { studio, asked } = await onBench();
    moveScissors(studio, 2);
    cutHere(studio);
    await idle(studio);
    const { branch } = lab(studio);
    expect(branch).toMatchObject({ step: 2, replicate: 0, live: { seed: 1n, model: 'fake', note: '' } });
    expect(branch?.live?.text).toBe(`${FIRST_TURN}${information('Paris')}<answer>Rome</answer>`);
    expect(branch?.view.final).toMatchObject({ answer: 'Rome', em: 1 });
    await swept(studio);
    asked.length = 0;
    cutHere(studio, true);
    await idle(studio);
    expect(asked).toEqual([]);
    expect(lab(studio).branch).toMatchObject({ step: 2, replicate: 1, live: { seed: 2n } });
    expect(lab(studio).branch?.view.final.answer).toBe('Oslo');
    // A branch as a draft of its own.
    putOnBench(studio, lab(studio).branches[0]?.id ?? null);
    expect(lab(studio).live?.view.draft.answer).toBe('Rome');
    expect(lab(studio).sweep).toBeNull();
    moveScissors(studio, 1);
    cutHere(studio);
    await idle(studio);
    expect(lab(studio).branches.map(({ parent }) => parent)).toEqual([null, null, lab(studio).at]);
    const lines = jsonLines(liveLines(studio));
    expectSchema('live-branch', lines);
    expect(lines).toMatchObject([
      { branch: 0, cut: null, completion: LIVE_COMPLETION, prompt: LIVE_PROMPT, golden_answers: ['Rome'] },
      { cut: 2, model: 'fake', seed: 1, predicted_answer: 'Rome', em: 1 },
      { cut: 1 },
      { cut: 2, seed: 2, predicted_answer: 'Oslo', em: 0 },
    ]);
  });

  it('goes on from what a person wrote into a turn', async () => {
    const { studio } = await onBench();
    const turn = '<think>Who?</think>\n<search>Bo';
    await goOnFrom(studio, { text: LIVE_PROMPT + turn, searches: 0, turn }, { step: 1, replicate: 0, note: 'word' });
    expect(lab(studio).branch?.live).toMatchObject({ note: 'word' });
    expect(lab(studio).branch?.live?.text).toContain(turn);
    const lines = jsonLines(liveLines(studio));
    expectSchema('live-branch', lines);
    expect(lines).toMatchObject([{ branch: 0 }, { cut: 1, parent: 0, edit: 'word' }]);
  });

  it.each([
    ['our own server and a line of update 1', { runSeed: 7 }, ((2n << 32n) + 7n) << 16n],
    ['a row whose seed no number holds', { runSeed: 7, row: 33 }, ((33n << 32n) + 7n) << 16n],
    ['a line of another update', { runSeed: 7, update: 3 }, 1n],
    ['a line of before it was kept', {}, 1n],
    ['a row that no seed holds', { runSeed: 7, row: 65536 }, 1n],
  ])('has the seed of its run by itself: %s', async (_, keys, seed) => {
    const own: unknown = JSON.parse(branchedLines()[1] ?? '');
    const line = Object.assign({ question: '' }, own, { update: 1, row: 2, ...keys });
    expect(lab((await onBench([line], { seedLists: true })).studio).live).toMatchObject({ seed });
    // Others may not take so large a number.
    expect(lab((await onBench([line])).studio).live).toMatchObject({ seed: 1n });
  });

  it('asks with every digit of a large seed, and saves it so', async () => {
    const { studio, asked } = await onBench(undefined, { seedLists: true });
    const seed = 2n ** 53n + 1n;
    setLiveSeed(studio, seed);
    cutHere(studio);
    await idle(studio);
    expect(asked[0]?.body).toMatchObject({ seed: ['9007199254740993'] });
    const lines = jsonLines(liveLines(studio));
    expectSchema('live-branch', lines);
    expect(lines).toMatchObject([{ branch: 0 }, { seed: '9007199254740993' }]);
  });

  it('is cut where the scissors came to rest last: the cut of before ends, and none is asked for twice', async () => {
    const { studio, asked, hold } = await onBench();
    hold(true);
    moveScissors(studio, 2);
    cutHere(studio);
    cutHere(studio);
    expect(asked).toHaveLength(1);
    moveScissors(studio, 3);
    cutHere(studio);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    hold(false);
    await idle(studio);
    expect(lab(studio).branches.map(({ step }) => step)).toEqual([3]);
    expect(lab(studio)).toMatchObject({ branch: { step: 3 }, refusal: null });
    // One that the sweep has is there at once: nobody waits for the other any more.
    await swept(studio);
    hold(true);
    void goOnFrom(studio, { text: LIVE_PROMPT, searches: 0 }, { step: 1, replicate: 90, note: '' });
    cutHere(studio);
    expect(lab(studio).cutAsked).toBeNull();
    hold(false);
    await idle(studio);
    expect(lab(studio).branches.map(({ step, replicate }) => [step, replicate])).toEqual([[3, 0]]);
  });

  it('saves branches without a score where nobody knows what is right', async () => {
    const { studio } = await onBench([JSON.parse(JSON.stringify({ ...LIVE_LINE, golden_answers: undefined }))]);
    cutHere(studio);
    await idle(studio);
    const lines = jsonLines(liveLines(studio));
    expectSchema('live-branch', lines);
    expect(lines).toMatchObject([
      { branch: 0, golden_answers: [], em: null, reward: null },
      { cut: 1, model: 'fake', em: null, reward: null },
    ]);
  });

  it('keeps what has come where the server ends, and asks for the rest alone', async () => {
    const quirks = { promptLists: false, endsAfter: 60 };
    const { studio, asked } = await onBench(undefined, quirks);
    await swept(studio);
    const { refusal, live } = lab(studio);
    expect(refusal?.message).toMatch('status 502');
    expect(refusal?.hint).toBe('What has come is kept.');
    const kept = live?.rows.size ?? 0;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(48);
    quirks.endsAfter = Infinity;
    asked.length = 0;
    await swept(studio);
    expect(lab(studio).live?.rows.size).toBe(48);
    expect(lab(studio).sweep?.replicates).toBe(16);
    expect(asked.filter(({ path }) => path === 'model/completions').length).toBeLessThan(48 * 3);
  });

  it('is cancelled, and what has come stays', async () => {
    const { studio, asked } = await onBench(undefined, { promptLists: false });
    const sweeping = swept(studio);
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(60), { interval: 1 });
    cancelLive(studio);
    await sweeping;
    const { refusal, live } = lab(studio);
    expect(refusal).toBeNull();
    expect(live?.rows.size).toBeGreaterThan(2);
    expect(live?.rows.size).toBeLessThan(48);
    setLiveSeed(studio, 100n);
    expect(lab(studio)).toMatchObject({ sweep: null, live: { seed: 100n, wanted: 0 } });
    // Of another seed nothing comes late.
    const other = swept(studio);
    await vi.waitFor(() => expect(lab(studio).live?.wanted).toBe(16));
    setLiveSeed(studio, 3n);
    await other;
    expect(lab(studio).live?.rows.size).toBe(0);
  });

  it('is cancelled with the cut that was asked for beside it', async () => {
    const { studio } = await onBench(undefined, { promptLists: false });
    runSweep(studio);
    cutHere(studio);
    expect([lab(studio).sweepAsked, lab(studio).cutAsked]).not.toContain(null);
    cancelLive(studio);
    await idle(studio);
    expect(lab(studio)).toMatchObject({ sweepAsked: null, cutAsked: null, branches: [], refusal: null });
    expect(lab(studio).live?.rows.size).toBeLessThan(48);
  });

  it('says that a model ends at once', async () => {
    const { studio } = await onBench(undefined, {}, { next: () => null });
    await swept(studio);
    expect(lab(studio).refusal?.message).toMatch('ended at once');
  });
});

describe('what cannot be gone on with exactly', () => {
  it.each([
    ['without a prompt', { ...LIVE_LINE, prompt: undefined }, /no prompt/],
    [
      'without special tokens',
      { ...LIVE_LINE, prompt: 'system\nBe brief.\nuser\nWhere was Ada born?\nassistant\n' },
      /without special tokens/,
    ],
    [
      'of a chat',
      {
        ...LIVE_LINE,
        prompt: undefined,
        completion: undefined,
        messages: [
          { role: 'user', content: 'q' },
          { role: 'assistant', content: '<answer>Rome</answer>' },
        ],
      },
      /takes no chats/,
    ],
  ])('a rollout %s is refused with the reason', async (_, line, words) => {
    const { studio } = await onBench([JSON.parse(JSON.stringify(line))]);
    expect(lab(studio).live).toBeNull();
    expect(lab(studio).refusal?.message).toMatch(words);
  });

  it('nor can a server that does not go on from a text', async () => {
    const next = (before: string) => ` w${(before.split('assistant:').at(-1)?.match(/ w/g) ?? []).length}`;
    const { studio } = await onBench(undefined, { wraps: true }, { next });
    expect(liveRefusal(studio.store.getState())).toMatch('does not go on from a text');
    expect(lab(studio).live).toBeNull();
  });
});
