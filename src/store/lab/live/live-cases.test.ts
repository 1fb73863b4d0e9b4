import { describe, expect, it, vi } from 'vitest';
import { currentView } from '../../view/current-view';
import { idleStudio } from '../../../testing/page/open-studio';
import { FIRST_TURN, information, shownLive, writer, type liveStudio } from '../../../testing/page/live-rollouts';
import { expectSchema } from '../../../testing/schemas/expect-schema';
import { jsonLines } from '../../../testing/schemas/read-headers';
import type { Studio } from '../../state/studio-state';
import { caseLines } from '../branch-jsonl';
import { CaseShelf } from '../case-shelf';
import { cutHere, moveScissors } from '../cut-lab';
import { askLive, benchAnswer } from './live-ask';
import { compareLive, isLiveCase, liveCases, LIVE_CASE_FORMAT } from './live-cases';
import { setLiveSeed } from './live-lab';
import { goOnWithToken, turnOf } from './live-turn';
import { connect } from './connection';

const lab = (studio: Studio) => studio.store.getState().lab;
const idle = (studio: Studio) =>
  vi.waitFor(() => expect([lab(studio).sweepAsked, lab(studio).cutAsked]).toEqual([null, null]), { timeout: 5000 });

function shelfOf(studio: Studio, stored: string | null = null) {
  let text = stored;
  const storage = { load: () => text, save: (next: string) => (text = next) };
  return { shelf: new CaseShelf(liveCases(studio), storage), stored: () => text };
}

/** A cut at step 2 that was kept. */
async function kept(name = '', ...how: Parameters<typeof liveStudio>) {
  const page = await shownLive(how, true);
  moveScissors(page.studio, 2);
  cutHere(page.studio);
  await idle(page.studio);
  const shelved = shelfOf(page.studio);
  keepShown(page.studio, shelved.shelf, name);
  page.asked.length = 0;
  return { ...page, ...shelved };
}

function keepShown(studio: Studio, shelf: ReturnType<typeof shelfOf>['shelf'], name: string): void {
  const { branch } = lab(studio);
  if (branch === null) throw new Error('no branch is shown');
  shelf.keep(branch, name);
}

const results = (shelf: ReturnType<typeof shelfOf>['shelf'], at = 0) => shelf.store.getState().cases[at]?.results ?? [];

describe('a cut of a rollout that is kept', () => {
  it('is run again over a reload, by another model too, and both are told', async () => {
    const { shelf, stored, asked, studio } = await kept();
    const [one] = shelf.store.getState().cases;
    expect(one).toMatchObject({
      ...{ id: 1, name: 'Where was Ada born? cut at 2', question: 'Where was Ada born?', rightAnswer: 'Rome' },
      ...{ kept: `${FIRST_TURN}${information('Paris')}`, searches: 1, turn: '', step: 2, seed: 1, edit: '' },
      ...{ asked: null, results: [{ model: 'fake', answer: 'Rome', em: 1, text: '<answer>Rome</answer>' }] },
    });
    await shelf.run(1);
    expect(asked.map(({ body }) => body['seed'])).toEqual([1]);
    expect(results(shelf)).toHaveLength(2);
    expect(compareLive(results(shelf)[0]!, results(shelf)[1]!)).toBe('the same, word for word');
    // Another page, with no file, beside another model.
    const next = (before: string, seed: number) => writer(before, seed + 1);
    const other = await shownLive([undefined, { models: ['llama'] }, { next }], false);
    other.studio.store.setState((state) => ({ rollouts: { ...state.rollouts, file: null } }));
    const { shelf: again } = shelfOf(other.studio, stored());
    expect(again.store.getState()).toMatchObject({ problem: null, cases: shelf.store.getState().cases });
    await again.run(1);
    expect(other.asked[0]?.body).toMatchObject({ model: 'llama', seed: 1, prompt: asked[0]?.body['prompt'] });
    expect(results(again).map(({ model, answer }) => [model, answer])).toEqual([
      ['fake', 'Rome'],
      ['fake', 'Rome'],
      ['llama', 'Oslo'],
    ]);
    expect(compareLive(results(again)[0]!, results(again)[2]!)).toBe('another answer');
    expect(studio.store.getState().lab.branches).toHaveLength(1);
  });

  it('goes on from a word that a person put, with the seed to its last digit', async () => {
    const { studio } = await shownLive([undefined, { seedLists: true }], true);
    const { shelf, stored } = shelfOf(studio);
    setLiveSeed(studio, 2n ** 60n + 1n);
    const turn = turnOf(lab(studio).live!, 2)!;
    await goOnWithToken(studio, turn, turn.written.from + '<think>'.length, 'Who?');
    keepShown(studio, shelf, ' mine ');
    const [one] = shelf.store.getState().cases;
    expect(one).toMatchObject({
      name: 'mine',
      seed: '1152921504606846977',
      edit: '“Who?” in step 2',
      turn: '<think>Who?',
    });
    await shelf.run(1);
    expect(compareLive(results(shelf)[0]!, results(shelf)[1]!)).toBe('the same, word for word');
    expectSchema('kept-live-cases', [JSON.parse(stored() ?? '')]);
    expectSchema('live-case', jsonLines(caseLines(LIVE_CASE_FORMAT, shelf.store.getState().cases)));
  });

  it('may be of an answer to a question of Ask it', async () => {
    const { studio, view, asked } = await shownLive([], true);
    const signal = new AbortController().signal;
    const answer = await askLive(studio, view, { question: 'And where was she born?', right: '', seed: 3n }, signal);
    benchAnswer(studio, currentView(studio) ?? view, answer);
    cutHere(studio);
    await idle(studio);
    const { shelf } = shelfOf(studio);
    keepShown(studio, shelf, '');
    expect(shelf.store.getState().cases[0]).toMatchObject({
      ...{ question: 'And where was she born?', rightAnswer: '', seed: 3 },
      asked: { question: 'And where was she born?', golds: [] },
      results: [{ em: null, reward: null }],
    });
    asked.length = 0;
    await shelf.run(1);
    expect(JSON.stringify(asked[0]?.body['prompt'])).toContain('And where was she born?');
    expect(compareLive(results(shelf)[0]!, results(shelf)[1]!)).toBe('the same, word for word');
    expectSchema('live-case', jsonLines(caseLines(LIVE_CASE_FORMAT, shelf.store.getState().cases)));
  });

  it('is told why it cannot be run, and keeps what it has', async () => {
    const quirks = { endsAfter: Infinity };
    const { shelf, stored } = await kept('x', undefined, quirks);
    quirks.endsAfter = 0;
    await shelf.run(1);
    expect(shelf.store.getState().running).toBeNull();
    expect(shelf.store.getState().problem).toContain('status 502');
    expect(results(shelf)).toHaveLength(1);
    const { shelf: alone } = shelfOf(idleStudio({}).studio, stored());
    await alone.run(1);
    expect(alone.store.getState().problem).toBe('No model server is connected.');
  });

  it('is cancelled, and the cases behind it too', async () => {
    const { shelf, studio, hold, asked } = await kept('x');
    keepShown(studio, shelf, 'y');
    hold(true);
    const running = shelf.run(1, 2);
    expect(shelf.store.getState().running).toBe(1);
    shelf.cancel();
    hold(false);
    await running;
    expect(asked).toHaveLength(1);
    expect(shelf.store.getState()).toMatchObject({ running: null, problem: null });
    expect([results(shelf), results(shelf, 1)].map(({ length }) => length)).toEqual([1, 1]);
  });

  it('is kept where nothing is too large, else that is said', async () => {
    const { shelf, studio } = await kept('x');
    const live = lab(studio).live!;
    studio.store.setState((state) => ({
      lab: {
        ...state.lab,
        live: { ...live, rollout: { ...live.rollout, source: { line: ' '.repeat(1_000_000), asked: null } } },
      },
    }));
    keepShown(studio, shelf, 'y');
    expect(shelf.store.getState().problem).toMatch('no room');
    shelf.remove(1);
    keepShown(studio, shelf, 'y');
    expect(shelf.store.getState().cases).toEqual([]);
    expect(shelf.store.getState().problem).toMatch('larger than all');
  });

  it('is run by whichever server is connected then', async () => {
    const { shelf, studio, post } = await kept('x');
    const { servers } = studio.store.getState().live!;
    await connect(studio, { ...servers, modelName: 'none' }, post);
    await shelf.run(1);
    expect(shelf.store.getState().problem).toMatch(/none/);
    expect(results(shelf)).toHaveLength(1);
  });
});

describe('what was stored', async () => {
  const { shelf } = await kept('x');
  const [one] = shelf.store.getState().cases;
  const [result] = one!.results;

  it.each<[what: string, value: unknown]>([
    ['null', null],
    ['a text', 'case'],
    ...['id', 'step', 'searches'].map((key): [string, unknown] => [`${key} as text`, { ...one, [key]: '1' }]),
    ...['name', 'question', 'rightAnswer', 'line', 'kept', 'turn', 'edit'].map((key): [string, unknown] => [
      `no ${key}`,
      { ...one, [key]: 1 },
    ]),
    ['a seed that is none', { ...one, seed: '1.5' }],
    ['a seed below 0', { ...one, seed: -1 }],
    ['a seed beyond 64 bits', { ...one, seed: '18446744073709551616' }],
    ['a question without words', { ...one, asked: { question: 1, golds: [] } }],
    ['a question whose answers are no list', { ...one, asked: { question: 'q', golds: 'a' } }],
    ['no result', { ...one, results: [] }],
    ['a result that is none', { ...one, results: [result, null] }],
    ...['model', 'text'].map((key): [string, unknown] => [
      `a result without ${key}`,
      { ...one, results: [{ ...result, [key]: null }] },
    ]),
    ['an answer of no kind', { ...one, results: [{ ...result, answer: 4 }] }],
    ...['em', 'reward'].map((key): [string, unknown] => [
      `${key} as text`,
      { ...one, results: [{ ...result, [key]: '1' }] },
    ]),
  ])('is no case: %s', (_, value) => {
    expect(isLiveCase(value)).toBe(false);
  });

  it('is one where all is there', () => {
    expect([one, JSON.parse(JSON.stringify(one)), { ...one, seed: '18446744073709551615' }].map(isLiveCase)).toEqual([
      ...[true, true, true],
    ]);
  });

  it.each([
    [{}, 'the same, word for word'],
    [{ model: 'other' }, 'the same, word for word'],
    [{ answer: null }, 'another answer'],
    [{ reward: 0.5 }, 'same answer, another reward'],
    [{ text: 'x' }, 'same answer and reward, other words'],
  ])('with %j is told as %s', (other, told) => {
    expect(compareLive(result!, { ...result!, ...other })).toBe(told);
  });
});
