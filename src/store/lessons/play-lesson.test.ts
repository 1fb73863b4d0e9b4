import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { createTrainerClient } from '../../trainer/client';
import { startRun } from '../run/start-run';
import { PLAY } from '../run/actions';
import { createStudio } from '../studio-store';
import { configForPreset } from '../../config/schema';
import { computeLesson, leaveLesson, lessonAfter, moveInLesson, openLesson, recallFinished } from './play-lesson';

const recording = readFileSync('public/lessons/one-question.json', 'utf8');
const fetched: string[] = [];
let kept: Map<string, string>;

beforeEach(() => {
  kept = new Map();
  fetched.length = 0;
  vi.stubGlobal('window', {
    localStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (k: string, v: string) => kept.set(k, v),
    },
  });
  vi.stubGlobal('fetch', (url: URL) => {
    fetched.push(url.pathname);
    return Promise.resolve(new Response(recording));
  });
});
afterEach(() => vi.unstubAllGlobals());

function open() {
  const trainer = new FakeTrainer();
  const beside = new FakeTrainer();
  const studio = createStudio({
    client: createTrainerClient(trainer),
    openWorker: () => createTrainerClient(beside),
    baseUrl: 'http://localhost/a/',
  });
  const lessons = () => studio.store.getState().lessons;
  return { studio, trainer, beside, lessons };
}

describe('reading a lesson', () => {
  it('fetches its recording beside the page, and stands where the link says', async () => {
    const { studio, lessons } = open();
    await openLesson(studio, 'one-question', 3);
    expect(fetched).toEqual(['/a/lessons/one-question.json']);
    expect(lessons()).toMatchObject({
      at: { lesson: 'one-question', step: 3 },
      open: { source: 'recording', place: { step: 3, answers: {} } },
      opening: null,
      problem: null,
    });
    await openLesson(studio, 'one-question', 6);
    expect(lessons().at?.step).toBe(6);
  });

  it('opens the list with a note where a link names a step that it does not have', async () => {
    const { studio, lessons } = open();
    await openLesson(studio, 'one-question', 7);
    expect(lessons()).toMatchObject({ at: null, open: null, opening: null, problem: null });
    expect(studio.store.getState().notes).toEqual([
      'The lesson “One question, step by step” has 7 steps, so step 8 was not opened. All lessons stand here.',
    ]);
  });

  it('is remembered in this browser once its last step is done', async () => {
    const { studio, lessons } = open();
    await openLesson(studio, 'one-question', 5);
    moveInLesson(studio, { type: 'change', answer: { kind: 'choice', choice: 0 } });
    moveInLesson(studio, { type: 'lock' });
    expect([...lessons().finished]).toEqual([]);
    moveInLesson(studio, { type: 'forward' });
    expect([...lessons().finished]).toEqual(['one-question']);
    const later = open();
    recallFinished(later.studio);
    expect([...later.lessons().finished]).toEqual(['one-question']);
  });

  it('goes on without what a browser does not keep', async () => {
    vi.stubGlobal('window', {});
    const { studio, lessons } = open();
    recallFinished(studio);
    await openLesson(studio, 'one-question', 6);
    moveInLesson(studio, { type: 'back' });
    expect(lessons().at?.step).toBe(5);
  });

  it('pauses the run that trains, and touches nothing else of it', async () => {
    const { studio, trainer } = open();
    startRun(studio, configForPreset('search-r2'), 'shipped');
    studio.store.setState({ runState: 'paused' });
    PLAY.perform(studio);
    studio.store.setState({ runState: 'running' });
    const before = trainer.commands.length;
    await openLesson(studio, 'one-question');
    moveInLesson(studio, { type: 'forward' });
    leaveLesson(studio);
    expect(trainer.commands.slice(before)).toEqual([{ type: 'pause' }]);
    expect(studio.store.getState().lessons).toMatchObject({ at: null, open: null });
  });

  it.each([
    ['is not there', () => Promise.resolve(new Response('', { status: 404 }))],
    ['cannot be reached', () => Promise.reject(new TypeError('offline'))],
    ['is none', () => Promise.resolve(new Response('{"format":"other"}'))],
  ])('says so where the recording %s, and can be tried again', async (_, answer) => {
    const { studio, lessons } = open();
    vi.stubGlobal('fetch', answer);
    await openLesson(studio, 'one-question');
    expect(lessons()).toMatchObject({ open: null, opening: null, at: { lesson: 'one-question' } });
    expect(lessons().problem?.message).toMatch(/^The recording of this lesson (could not be loaded|cannot be used)/);
    expect(lessons().problem?.hint).toBe('Go online once and open the lesson again.');
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(recording)));
    await openLesson(studio, 'one-question');
    expect(lessons()).toMatchObject({ open: { source: 'recording' }, problem: null });
  });

  it('does not come back to a lesson that was left while it loaded', async () => {
    const { studio, lessons } = open();
    const opened = openLesson(studio, 'one-question');
    leaveLesson(studio);
    await opened;
    expect(lessons()).toMatchObject({ at: null, open: null, opening: null });
  });

  it('follows the list', () => {
    expect(lessonAfter('one-question')).toBe('worth');
    expect(lessonAfter('wrong')).toBeNull();
  });
});

describe('a lesson that is computed here', () => {
  it('asks a worker of its own, and can be cancelled', async () => {
    const { studio, trainer, beside, lessons } = open();
    await openLesson(studio, 'one-question', 2);
    const { open: reading } = lessons();
    const computing = computeLesson(studio);
    expect(beside.commands.map(({ type }) => type)).toContain('start');
    expect(trainer.commands).toEqual([]);
    lessons().stop?.();
    await computing;
    expect(lessons()).toMatchObject({ open: reading, stop: null, problem: null });
  });

  it('is offered where its recording cannot be had, and only where an engine can make it', async () => {
    const { studio, beside, lessons } = open();
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
    studio.store.setState({ support: { status: 'ok', software: true } });
    await openLesson(studio, 'study');
    expect(lessons().problem?.hint).not.toContain('computed here');
    await openLesson(studio, 'one-question');
    expect(lessons().problem?.hint).toContain('or have it computed here');
    const computing = computeLesson(studio);
    expect(lessons()).toMatchObject({ problem: null, open: null });
    expect(beside.commands.map(({ type }) => type)).toContain('start');
    lessons().stop?.();
    await computing;
    expect(lessons()).toMatchObject({ open: null, stop: null });
  });

  it('stays as it was where the engine fails, which is said', async () => {
    const { studio, beside, lessons } = open();
    await openLesson(studio, 'one-question', 2);
    const { open: reading } = lessons();
    const computing = computeLesson(studio);
    beside.emit({ type: 'error', runId: 1, message: 'The GPU was lost.', hint: '', fatal: true });
    await computing;
    expect(lessons()).toMatchObject({ open: reading, stop: null, problem: { message: 'The GPU was lost.' } });
  });
});
