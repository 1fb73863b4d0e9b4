import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { configForPreset } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { pageWithRollouts } from '../../testing/page/opened-rollouts';
import { idleStudio, playedStudio } from '../../testing/page/open-studio';
import { createTrainerClient } from '../../trainer/client';
import { startRun } from '../run/actions';
import { showRecording } from '../run/show-recording';
import { WHOLE_LIST } from '../state/row-list';
import { createStudio } from '../studio-store';
import { copyLink, LINK_KINDS, linkOf, liveSource } from './copy-link';
import { decodeLink, encodeLink } from './link';
import { goToUpdate, select } from './view-actions';

const selection = { row: 17, side: 'draft', step: 2 } as const;

describe('links to copy', () => {
  it('restore what they say', () => {
    const state = { ...idleStudio().state(), view: 'cutLab', heldUpdate: 3, selection } as const;
    const links = LINK_KINDS.map(({ source }) => decodeLink(encodeLink(source(state))));
    expect(links.map(({ moment }) => moment?.update ?? null)).toEqual([3, null, 3, 3, 3]);
    expect(links.map(({ view }) => view)).toEqual(['cutLab', 'studio', 'cutLab', 'cutLab', 'cutLab']);
    expect(links.map(({ page }) => [page.teacher, page.present, page.embed])).toEqual([
      [false, false, false],
      [false, false, false],
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ]);
  });

  it('name the recorded run that is on screen, and say what they restore; the address names the live one', async () => {
    const writeText = vi.fn<(text: string) => Promise<void>>(() => Promise.resolve());
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    const studio = createStudio({ client: createTrainerClient(new FakeTrainer()), baseUrl: 'http://localhost/' });
    startRun(studio, configForPreset('search-r1', { worldSeed: 5 }), 'shipped');
    const ownWorld = { name: 'theirs', text: 'a,b,c', hash: '0123456789abcdef' };
    const recording = { ...makeFakeRecording(4), ownWorld };
    showRecording(studio, { recording, source: 'file', title: 'their.capsule' });
    goToUpdate(studio, 3);
    const copied = async (kind: (typeof LINK_KINDS)[number]) => {
      await copyLink(studio, kind);
      return decodeLink(new URL(writeText.mock.lastCall?.[0] ?? '').hash);
    };
    const [screen, alone] = LINK_KINDS;
    if (!screen || !alone) throw new Error('There are no links.');
    const link = await copied(screen);
    expect(link).toMatchObject({ config: recording.config, world: { name: 'theirs', hash: ownWorld.hash } });
    expect(link.moment?.update).toBe(3);
    const { announcement } = studio.store.getState();
    expect(announcement).toMatch(
      /restores the settings and seeds of the recorded run; update 3 is reached by training/,
    );
    expect(announcement).toMatch(/cannot hold its facts/);
    expect((await copied(alone)).moment).toBeNull();
    expect(studio.store.getState().announcement).toContain(
      'Link copied. It restores the settings and seeds of the recorded run: send the recording too, to look at it at once.',
    );
    expect(decodeLink(encodeLink(liveSource(studio)))).toMatchObject({
      config: { preset: 'search-r1', worldSeed: 5 },
      moment: null,
      world: null,
    });
    vi.unstubAllGlobals();
  });

  it('name the run that was asked for while the example plays by itself, and the example once it is held', () => {
    const studio = createStudio({ client: createTrainerClient(new FakeTrainer()), baseUrl: 'http://localhost/' });
    startRun(studio, configForPreset('search-r1', { worldSeed: 5 }), 'shipped');
    const recording = makeFakeRecording(4);
    showRecording(studio, { recording, source: 'example', title: 'an example' });
    const [screen] = LINK_KINDS;
    if (!screen) throw new Error('There are no links.');
    const named = () => decodeLink(new URL(linkOf(studio, screen)).hash);
    expect(named()).toMatchObject({ config: { preset: 'search-r1', worldSeed: 5 }, moment: null });
    goToUpdate(studio, 2);
    expect(named()).toMatchObject({ config: recording.config, moment: { update: 2 } });
  });
});

describe('copying', () => {
  let copied: string[] = [];
  beforeEach(() => {
    copied = [];
    const writeText = (text: string): Promise<void> => {
      copied.push(text);
      return Promise.resolve();
    };
    vi.stubGlobal('navigator', { clipboard: { writeText } });
  });
  afterEach(() => vi.unstubAllGlobals());
  const [screen, alone] = LINK_KINDS;
  if (!screen || !alone) throw new Error('There are no links.');

  it('puts the address on the clipboard, and says no more of a run that a link restores', async () => {
    const { studio, state } = playedStudio();
    await copyLink(studio, screen);
    expect(copied).toEqual(['http://localhost/#v1&preset=search-r2&world=microwiki&seed=1']);
    expect(state().announcement).toBe('Link copied');
  });

  it('says where it is blocked, and where there is nothing to copy to', async () => {
    const { studio, state } = playedStudio();
    vi.stubGlobal('navigator', { clipboard: { writeText: () => Promise.reject(new Error('blocked')) } });
    await copyLink(studio, screen);
    expect(state().announcement).toBe('Copying is blocked here: copy the address bar instead');
    studio.store.setState({ announcement: '' });
    vi.stubGlobal('navigator', {});
    await copyLink(studio, screen);
    expect(state().announcement).toMatch(/^Copying is blocked here/);
  });

  it('says that facts must be sent too, of the live run as well', async () => {
    const { studio, state } = playedStudio();
    studio.store.setState({ ownWorld: { name: 'mine', text: 'a,b,c', hash: '0123456789abcdef' } });
    await copyLink(studio, screen);
    expect(state().announcement).toBe('Link copied. It names “mine” but cannot hold its facts: send the file too');
  });

  it('names an opened file with the row, says that it must be sent too, and is the run alone without it', async () => {
    const { studio, state } = await pageWithRollouts([
      { question: 'q', completion: '<answer>a</answer>' },
      { question: 'r', completion: '<answer>a</answer>' },
    ]);
    select(studio, { row: 1, side: 'final', step: 1 });
    await copyLink(studio, screen);
    const { hash } = state().rollouts.file ?? { hash: '' };
    expect(copied[0]).toMatch(`&rollouts=f.jsonl~${hash}&row=1&side=final&step=1`);
    expect(state().announcement).toBe('Link copied. It names “f.jsonl” but cannot hold it: send the file too');
    expect(linkOf(studio, alone)).not.toContain('f.jsonl');
    // A recording behind it has a row of its own.
    showRecording(studio, { recording: makeFakeRecording(4), source: 'saved', title: 't' });
    select(studio, { row: 0, side: 'final', step: 1 });
    expect(encodeLink(liveSource(studio))).toContain('&row=0&side=final');
  });

  it('names the update that is shown of a recording, and neither its weights nor what is waited for', () => {
    const { studio, state } = playedStudio();
    const recording = makeFakeRecording(4);
    studio.store.setState({ awaited: { update: 9, selection: null, cut: null }, initial: 'warmStart' });
    showRecording(studio, { recording, source: 'saved', title: 't', playedTo: 2 });
    const link = decodeLink(new URL(linkOf(studio, screen)).hash);
    expect(link).toMatchObject({ config: recording.config, initial: 'shipped', moment: { update: 2 } });
    expect(decodeLink(new URL(linkOf(studio, alone)).hash).moment).toBeNull();
    expect(state().heldUpdate).toBeNull();
  });

  it('leaves the list and the view out where it names the run alone', () => {
    const { studio } = playedStudio();
    studio.store.setState({ view: 'ask', list: { ...WHOLE_LIST, find: 'x' }, heldUpdate: 1, selection });
    expect(linkOf(studio, alone)).toBe('http://localhost/#v1&preset=search-r2&world=microwiki&seed=1');
  });
});
