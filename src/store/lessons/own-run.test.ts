import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPage, openTrajectory } from '../../testing/page/render-panel';
import { assert } from '../../lib/assert';
import { beatRefiner, copyCode } from './own-run';
import { openLesson } from './play-lesson';

beforeEach(() => {
  const recording = readFileSync('public/lessons/cut.json', 'utf8');
  vi.stubGlobal('window', {});
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(recording)));
});
afterEach(() => vi.unstubAllGlobals());

describe('the lesson on cuts with drafts of one’s own run', () => {
  it.each([
    ['is not there', {}, 'No run of this browser is on screen'],
    ['has failed', { runState: 'failed' } as const, 'No run of this browser is on screen'],
    ['has made no update', { runState: 'paused' } as const, 'Your run has made no update yet.'],
  ])('says so where the run %s, and shows the recorded ones', async (_, state, message) => {
    const { studio } = openPage();
    studio.store.setState({ runState: null, ...state });
    await beatRefiner(studio);
    const { open, problem, stop, progress } = studio.store.getState().lessons;
    expect(problem?.message).toContain(message);
    expect(problem?.hint).toMatch(/^Train .* stays as it was\.$/);
    expect(open).toMatchObject({ source: 'recording', picture: { lesson: 'cut' } });
    expect([stop, progress]).toEqual([null, null]);
  });

  it('sweeps ten reviewed drafts of the update on screen with its weights, and asks the run for nothing else', async () => {
    const { studio, view } = openTrajectory({
      ...{ em: [0, 1], rewards: [0, 1.5], advantage: 1, reviewAdvantage: 1, review: [0.2, 0.3, 0.3, 0.2] },
    });
    studio.store.setState({ runState: 'paused' });
    await openLesson(studio, 'cut');
    const sent = vi.spyOn(studio.client, 'send');
    const told: unknown[] = [];
    studio.store.subscribe(({ lessons: { progress } }) => progress !== told.at(-1) && told.push(progress));
    await beatRefiner(studio);
    const { open, problem } = studio.store.getState().lessons;
    expect([problem, open?.source]).toEqual([null, 'run']);
    const picture = open?.picture;
    assert(picture?.lesson === 'cut' && view.engine !== null, 'the lesson is open');
    const asked = sent.mock.calls.flatMap(([command]) => (command.type === 'sweep' ? [command] : []));
    expect(sent).toHaveBeenCalledTimes(10);
    expect(told.at(-2)).toEqual({ done: 10, of: 10 });
    expect(told.at(-1)).toBeNull();
    expect(asked.map(({ weights, replicates }) => [weights, replicates])).toEqual(Array(10).fill([1, 16]));
    const { cuts, draft } = view.engine.batch;
    expect(picture.data.drafts.map(({ refiner }) => refiner)).toEqual(asked.map(({ draft: { row } }) => cuts[row]));
    expect(picture.data.drafts.map((row) => row.draft.em)).toEqual(asked.map(({ draft: { row } }) => draft.em[row]));
  });

  it('copies a code, and says where that is blocked', async () => {
    const { studio } = openPage();
    const copied: string[] = [];
    vi.stubGlobal('navigator', { clipboard: { writeText: (text: string) => Promise.resolve(copied.push(text)) } });
    await copyCode(studio, 'CUT-0');
    expect([copied, studio.store.getState().announcement]).toEqual([['CUT-0'], 'Code copied']);
    vi.stubGlobal('navigator', { clipboard: { writeText: () => Promise.reject(new Error('blocked')) } });
    await copyCode(studio, 'CUT-0');
    expect(studio.store.getState().announcement).toContain('blocked');
  });
});
