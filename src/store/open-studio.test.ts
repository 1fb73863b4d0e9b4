import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { configForPreset } from '../config/schema';
import type { Recording } from '../recordings/recording';
import { encodeCapsule } from '../recordings/capsule/capsule';
import { makeFakeRecording } from '../testing/page/fake-recording';
import { FakeTrainer } from '../testing/page/fake-trainer';
import { handPage } from '../testing/page/hand-page';
import type { PageParts } from '../testing/page/hand-page';
import { shelvedLines } from '../testing/page/opened-rollouts';
import { createTrainerClient } from '../trainer/client';
import type { TrainerEvent } from '../trainer/protocol/protocol';
import { createBrowserClient, openExample, openStudio } from './open-studio';
import { startRun } from './run/start-run';
import { showRecording, closeRecording } from './run/show-recording';
import { STEP } from './run/actions';
import { NO_ROLLOUTS } from './state/rollouts-state';
import { WHOLE_LIST } from './state/row-list';
import { createStudio } from './studio-store';
import { decodeLink } from './view/link';
import { editList, goToUpdate, select } from './view/view-actions';
import { deleteRun, saveRun } from './files/saved/saved-runs';

const ports = vi.hoisted((): { made: unknown[]; next: () => unknown } => ({ made: [], next: () => null }));
vi.mock('../trainer/client', async (original) => ({
  ...(await original<object>()),
  createWorkerPort: () => {
    const port = ports.next();
    ports.made.push(port);
    return port;
  },
}));

const info = { vendor: 'v', architecture: '', device: '', description: 'Card', isFallbackAdapter: false };
const CARD = { requestAdapter: () => Promise.resolve({ info }) };
const SOFTWARE = { requestAdapter: () => Promise.resolve({ info: { ...info, description: 'SwiftShader' } }) };
const PLAIN = '#v1&preset=search-r2&world=microwiki&seed=1';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('requestAnimationFrame', () => 0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page that is opened on a link; `opened` once the run of the link has begun, or it is known that none can. */
function open(hash = '', parts: PageParts = {}, example: Promise<Recording | null> = Promise.resolve(null)) {
  const trainer = new FakeTrainer();
  const link = decodeLink(hash);
  const { config, notes, view, page: options } = link;
  const studio = createStudio({
    ...{ client: createTrainerClient(trainer), baseUrl: 'http://localhost/', config, notes, view, page: options },
  });
  const page = handPage({ hash, gpu: CARD, ...parts });
  const opened = openStudio(studio, page.page, link, example);
  const starts = () => trainer.commands.filter((command) => command.type === 'start');
  return { trainer, studio, page, opened, starts, state: () => studio.store.getState() };
}

describe('opening the page', () => {
  it('starts the run of the link, and the address names it', async () => {
    const { opened, starts, state, page } = open('#v1&preset=search-r1&seed=4&start=warmStart');
    expect(page.replaced).toEqual(['#v1&preset=search-r1&world=microwiki&seed=4']);
    await opened;
    expect(starts()).toMatchObject([{ config: { preset: 'search-r1', runSeed: 4 }, initial: { kind: 'warmStart' } }]);
    expect(state()).toMatchObject({ support: { status: 'ok', software: false }, saveEvery: 10, notes: [] });
    expect(page.page.location.hash).toBe('#v1&preset=search-r1&world=microwiki&seed=4&start=warmStart');
  });

  it('takes the list and the moment of the link over, and says what the moment takes', async () => {
    const { opened, state, trainer } = open(`${PLAIN}&update=2&row=3&filter=harmed`);
    await opened;
    expect(state()).toMatchObject({ list: { filter: 'harmed' }, awaited: { update: 2, selection: { row: 3 } } });
    expect(state().notes).toEqual([expect.stringMatching(/It also names update 2, row 3, final, step 1/)]);
    expect(trainer.commands.at(-1)).toEqual({ type: 'await', update: 2 });
  });

  it('makes a smaller run of it on a CPU where the link names no size, and says so', async () => {
    const { opened, starts, state } = open(`${PLAIN}&prompts=16`, { gpu: SOFTWARE });
    await opened;
    expect(starts()[0]?.config).toMatchObject({ size: 'tiny', prompts: 16, evalQuestions: 64 });
    expect(state().notes).toEqual([
      expect.stringMatching(
        /^This browser computes WebGPU on the CPU, so the run is smaller: .* tiny, .* 64\. A graphics card/,
      ),
    ]);
  });

  it('takes a link at its word where it names all that', async () => {
    const { opened, starts, state } = open(`${PLAIN}&size=base&prompts=16&evalQuestions=128`, { gpu: SOFTWARE });
    await opened;
    expect(starts()[0]?.config).toMatchObject({ size: 'base', prompts: 16, evalQuestions: 128 });
    expect(state().notes).toEqual([]);
  });

  it('starts nothing where the browser cannot, and shows the example whatever the link', async () => {
    const example = makeFakeRecording(3);
    const { opened, starts, state } = open('#v1&preset=search-r1', { gpu: null }, Promise.resolve(example));
    await vi.advanceTimersByTimeAsync(800);
    await opened;
    expect(starts()).toEqual([]);
    expect(state()).toMatchObject({
      ...{
        support: { status: 'missing', insecure: false },
        recording: { source: 'example', title: 'Example', playing: true },
      },
      update: 2,
    });
  });

  it('says that there is no example where the browser cannot train either', async () => {
    const { opened, state } = open('', { gpu: null });
    await opened;
    expect(state().problems).toMatchObject([{ message: 'The example could not be loaded.', fatal: false }]);
    const able = open('');
    await able.opened;
    expect(able.state().problems).toEqual([]);
  });
});

describe('the example', () => {
  const served = (recording: Recording) => {
    vi.stubGlobal('fetch', async () => new Response(await encodeCapsule(recording)));
  };
  const example = makeFakeRecording(3);

  it.each<[what: string, hash: string, still: boolean, shown: object | null]>([
    ['plays from its first whole update', '', false, { playedTo: 2, playing: true }],
    ['stands still where a person wants that', '', true, { playedTo: 3, playing: false }],
    ['is not shown for another preset', '#v1&preset=search-r1', false, null],
    ['is not shown for another world', '#v1&preset=search-r2&world=atlas', false, null],
  ])('%s', async (_, hash, stillPictures, shown) => {
    vi.useRealTimers();
    served(example);
    const { config } = decodeLink(hash);
    const studio = createStudio({
      client: createTrainerClient(new FakeTrainer()),
      baseUrl: 'http://localhost/',
      config,
    });
    expect(await openExample(studio, handPage({ stillPictures }).page)).toEqual(example);
    const { recording } = studio.store.getState();
    if (shown === null) expect(recording).toBeNull();
    else expect(recording).toMatchObject({ source: 'example', title: 'Example', ...shown });
    closeRecording(studio);
  });

  it('plays from its first update where none is whole', async () => {
    vi.useRealTimers();
    served({ ...example, batches: [] });
    const studio = createStudio({ client: createTrainerClient(new FakeTrainer()), baseUrl: 'http://localhost/' });
    await openExample(studio, handPage().page);
    expect(studio.store.getState().recording?.playedTo).toBe(1);
    closeRecording(studio);
  });

  it('is not shown to whoever has something on screen', async () => {
    vi.useRealTimers();
    served(example);
    for (const part of [{ playing: true }, { playWanted: true }, { update: 1 }]) {
      const studio = createStudio({ client: createTrainerClient(new FakeTrainer()), baseUrl: 'http://localhost/' });
      studio.store.setState(part);
      await openExample(studio, handPage().page);
      expect(studio.store.getState().recording).toBeNull();
    }
    const studio = createStudio({ client: createTrainerClient(new FakeTrainer()), baseUrl: 'http://localhost/' });
    showRecording(studio, { recording: example, source: 'file', title: 'mine' });
    await openExample(studio, handPage().page);
    expect(studio.store.getState().recording?.title).toBe('mine');
    vi.stubGlobal('fetch', () => Promise.reject(new Error('offline')));
    expect(await openExample(studio, handPage().page)).toBeNull();
  });

  const shown = { recording: example, source: 'example', title: 'Example', playedTo: 1, playing: true } as const;
  it('moves before the engine is asked for anything, and stays on screen while it loads', async () => {
    const { studio, opened, starts, state } = open('', {}, new Promise<null>(() => undefined));
    showRecording(studio, shown);
    await vi.advanceTimersByTimeAsync(500);
    expect(starts()).toEqual([]);
    studio.store.setState({ recording: { ...shown, playedTo: 2 } });
    await vi.advanceTimersByTimeAsync(100);
    expect(starts()).toEqual([]);
    studio.store.setState({ recording: { ...shown, playedTo: 3 } });
    await opened;
    expect(starts()).toHaveLength(1);
    expect(state()).toMatchObject({ recording: { source: 'example', title: 'Example', playedTo: 3 }, runId: 1 });
  });

  it('is waited for 0.8 seconds at most', async () => {
    const { opened, starts } = open('', {}, new Promise<null>(() => undefined));
    await vi.advanceTimersByTimeAsync(799);
    expect(starts()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await opened;
    expect(starts()).toHaveLength(1);
  });

  it('is not waited for where it stands still already, or none comes', async () => {
    const trainer = new FakeTrainer();
    const studio = createStudio({ client: createTrainerClient(trainer), baseUrl: 'http://localhost/' });
    showRecording(studio, { ...shown, playing: false });
    await openStudio(studio, handPage({ gpu: CARD }).page, decodeLink(''), new Promise<null>(() => undefined));
    expect(studio.store.getState().runId).toBe(1);
    const { opened, starts } = open();
    await opened;
    expect(starts()).toHaveLength(1);
  });

  it('keeps what is said of the run until that is on screen, where it is still the same', async () => {
    const smaller = async () => {
      const at = open('', { gpu: SOFTWARE }, Promise.resolve(example));
      showRecording(at.studio, { ...shown, playing: false });
      await vi.advanceTimersByTimeAsync(800);
      await at.opened;
      expect(at.state()).toMatchObject({ recording: { source: 'example' }, notes: [] });
      return at;
    };
    const first = await smaller();
    first.studio.store.setState({ announcement: 'something else' });
    expect(first.state().notes).toEqual([]);
    closeRecording(first.studio);
    expect(first.state().notes).toEqual([expect.stringMatching(/on the CPU/)]);
    showRecording(first.studio, { ...shown, playing: false });
    closeRecording(first.studio);
    expect(first.state().notes).toHaveLength(1);
    const other = await smaller();
    startRun(other.studio, configForPreset('search-r1'), 'shipped');
    expect(other.state().notes).toEqual([]);
  });
});

describe('a link to a file of rollouts', () => {
  const LINK = `${PLAIN}&rollouts=f.jsonl~0123456789abcdef&row=3&side=final&step=1&filter=lucky`;

  it('asks for the file beside its run, keeps its address meanwhile, and lists all of the run', async () => {
    const { opened, starts, state, page } = open(LINK);
    await opened;
    expect(starts()).toHaveLength(1);
    expect(state().rollouts.wanted).toMatchObject({
      name: 'f.jsonl',
      selection: { row: 3 },
      list: { filter: 'lucky' },
    });
    expect(state().list).toBe(WHOLE_LIST);
    expect(page.page.location.hash).toBe(LINK);
  });

  it('asks for another when it is edited, and for none', async () => {
    const { opened, state, page } = open(LINK);
    await opened;
    page.goTo(LINK.replace('f.jsonl', 'g.jsonl'));
    expect(state().rollouts.wanted?.name).toBe('g.jsonl');
    page.goTo(PLAIN);
    expect(state().rollouts.wanted).toBeNull();
    expect(page.page.location.hash).toBe(PLAIN);
  });

  it('shows its row at once where the file is on screen, whose row outlasts the start of a run', async () => {
    vi.useRealTimers();
    const { studio, opened, state, page } = open();
    await opened;
    const { shelf, about } = await shelvedLines([1, 2].map((n) => ({ question: `q${n}`, completion: 'x' })));
    studio.rollouts.shelf = shelf;
    studio.store.setState({ rollouts: { ...NO_ROLLOUTS, file: about } });
    page.goTo(`${PLAIN}&groupSize=3&rollouts=f.jsonl~${about.hash}&row=1&side=final&step=1&find=q`);
    const shown = { selection: { row: 1, side: 'final', step: 1 }, list: { find: 'q' } };
    await vi.waitFor(() => expect(state()).toMatchObject(shown));
    startRun(studio, configForPreset('search-r1'), 'shipped');
    expect(state()).toMatchObject(shown);
  });

  it('is not covered by the example, which comes late', async () => {
    vi.useRealTimers();
    vi.stubGlobal('fetch', async () => new Response(await encodeCapsule(makeFakeRecording(2))));
    const studio = createStudio({ client: createTrainerClient(new FakeTrainer()), baseUrl: 'http://localhost/' });
    const { about } = await shelvedLines([{ question: 'q', completion: 'x' }]);
    studio.store.setState({ rollouts: { ...NO_ROLLOUTS, file: about } });
    await openExample(studio, handPage().page);
    expect(studio.store.getState().recording).toBeNull();
  });
});

describe('a link to a world of somebody’s own', () => {
  const hash = '0123456789abcdef';
  const LINK = `${PLAIN}&triples=mine~${hash}`;
  const ownWorld = { name: 'mine', text: 'a,b,c', hash };

  it('asks for the facts where nobody has them, and keeps its address meanwhile', async () => {
    const { opened, starts, state, page } = open(LINK);
    await opened;
    vi.useRealTimers();
    await vi.waitFor(() => expect(state().ownWorldDialog).not.toBeNull());
    expect(state().ownWorldDialog?.wanted).toEqual({ name: 'mine', hash });
    expect([starts(), page.replaced]).toEqual([[], []]);
  });

  it('starts on those of a run that is saved here', async () => {
    const bytes = Uint8Array.of(1);
    const run = { id: 'w', update: 1, config: configForPreset('search-r2'), worldTitle: 'w', factsHash: hash };
    vi.useRealTimers();
    await saveRun(run, { update: 1, weightsHash: '', bytes, ownWorld }, { first: 0, last: 1, bytes });
    const { opened, starts, state } = open(LINK);
    await opened;
    await vi.waitFor(() => expect(starts()).toHaveLength(1));
    expect(starts()[0]?.triples).toEqual({ name: 'mine', text: 'a,b,c' });
    expect(state()).toMatchObject({ ownWorld, ownWorldDialog: null });
    await deleteRun('w');
  });

  it('gives way to a run that a person has begun meanwhile', async () => {
    const { opened, studio, starts, state } = open(LINK);
    await opened;
    startRun(studio, configForPreset('search-r1'), 'shipped');
    vi.useRealTimers();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(starts()).toHaveLength(1);
    expect(state().ownWorldDialog).toBeNull();
  });
});

describe('the address', () => {
  const started = async (hash = '') => {
    const at = open(hash);
    await at.opened;
    at.page.replaced.splice(0);
    return at;
  };

  it('follows what is looked at once that stands still, and the view at once', async () => {
    const { studio, page } = await started();
    STEP.perform(studio);
    editList(studio, { find: 'a' });
    vi.advanceTimersByTime(399);
    editList(studio, { find: 'ab' });
    vi.advanceTimersByTime(399);
    expect(page.replaced).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(page.replaced).toEqual([`${PLAIN}&find=ab`]);
    studio.store.setState({ view: 'cutLab' });
    expect(page.replaced.at(-1)).toBe(`${PLAIN}&view=cutLab&find=ab`);
    select(studio, { row: 3, side: 'final', step: 1 });
    goToUpdate(studio, 1);
    vi.advanceTimersByTime(400);
    expect(page.replaced.at(-1)).toBe(`${PLAIN}&view=cutLab&update=1&row=3&side=final&step=1&find=ab`);
    const count = page.replaced.length;
    studio.store.setState({ announcement: 'something else' });
    studio.store.setState({ selection: { row: 3, side: 'final', step: 1 } });
    vi.advanceTimersByTime(60_000);
    expect(page.replaced).toHaveLength(count);
  });

  it('names the run that is trained, whatever recording is on screen', async () => {
    const { studio, page } = await started();
    startRun(studio, configForPreset('search-r1'), 'shipped');
    expect(page.replaced).toEqual(['#v1&preset=search-r1&world=microwiki&seed=1']);
    showRecording(studio, { recording: makeFakeRecording(2), source: 'file', title: 't' });
    vi.advanceTimersByTime(400);
    expect(page.replaced).toHaveLength(1);
  });

  it('that is edited shows another moment, list and view of the same run', async () => {
    const { studio, page, starts, state } = await started();
    STEP.perform(studio);
    page.goTo(`${PLAIN}&view=ask&update=1&filter=saved&embed=1`);
    expect(starts()).toHaveLength(1);
    expect(state()).toMatchObject({
      view: 'ask',
      heldUpdate: 1,
      list: { filter: 'saved' },
      page: { embed: true },
      notes: [],
    });
    page.goTo(`${PLAIN}&view=kitchen&lock=step`);
    expect(state()).toMatchObject({ view: 'studio', page: { embed: false, lock: ['step'] } });
    expect(state().notes).toEqual([expect.stringMatching(/kitchen/)]);
    expect(page.page.location.hash).toBe(`${PLAIN}&update=1&lock=step`);
  });

  it('that is edited to another run starts that, where the browser can', async () => {
    const { studio, page, starts, state } = await started();
    page.goTo('#v1&preset=search-r1&seed=3');
    expect(starts()).toHaveLength(2);
    expect(state()).toMatchObject({ runId: 2, config: { preset: 'search-r1', runSeed: 3 } });
    studio.store.setState({ support: { status: 'noAdapter' } });
    page.goTo('#v1&preset=search-r2&seed=5');
    expect(starts()).toHaveLength(2);
    expect(state()).toMatchObject({ config: { runSeed: 5 }, draft: { runSeed: 5 } });
    expect(page.page.location.hash).toBe('#v1&preset=search-r2&world=microwiki&seed=5');
  });

  it('that names the world of the run that is there goes on with it', async () => {
    const hash = '0123456789abcdef';
    const { studio, page, starts, state } = await started();
    startRun(studio, state().config, 'shipped', { name: 'mine', text: 'a,b,c', hash });
    page.goTo(`${PLAIN}&triples=mine~${hash}&view=ask`);
    expect([starts().length, state().view]).toEqual([2, 'ask']);
    page.goTo(`${PLAIN}&groupSize=3&triples=mine~${hash}`);
    expect(starts().at(-1)).toMatchObject({ config: { groupSize: 3 }, triples: { name: 'mine' } });
    page.goTo(PLAIN);
    expect(starts().at(-1)).toMatchObject({ triples: null });
    expect(state().ownWorld).toBeNull();
  });
});

describe('the engine’s worker', () => {
  it('starts with the first command, and anew after it has died', () => {
    const trainers: FakeTrainer[] = [];
    let ended = 0;
    ports.next = () => {
      const trainer = new FakeTrainer();
      trainer.terminate = () => (ended += 1);
      trainers.push(trainer);
      return trainer;
    };
    const client = createBrowserClient();
    const heard: TrainerEvent[] = [];
    client.subscribe((event) => heard.push(event));
    client.dispose();
    expect([trainers.length, ended]).toEqual([0, 0]);
    const again = createBrowserClient();
    again.subscribe((event) => heard.push(event));
    again.send({ type: 'pace', updatesPerMinute: 3 });
    again.send({ type: 'pace', updatesPerMinute: 4 });
    expect(trainers.map(({ commands }) => commands.length)).toEqual([2]);
    trainers[0]?.emit({ type: 'vetted', id: 1, message: null, hint: '' });
    trainers[0]?.crash('gone');
    expect(heard.map(({ type }) => type)).toEqual(['vetted', 'error']);
    expect(ended).toBe(1);
    again.send({ type: 'pace', updatesPerMinute: 5 });
    expect(trainers.map(({ commands }) => commands.length)).toEqual([2, 1]);
    again.dispose();
    expect(ended).toBe(2);
  });
});
