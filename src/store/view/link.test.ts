import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { configForPreset, defaultConfig, isRunConfig } from '../../config/schema';
import { FakeTrainer } from '../../testing/page/fake-trainer';
import { makeFakeRecording } from '../../testing/page/fake-recording';
import { createTrainerClient } from '../../trainer/client';
import { startRun } from '../run/actions';
import { copyLink, LINK_KINDS, linkOf, liveSource } from './copy-link';
import { EMPTY_LAB } from '../state/lab-state';
import { decodeLink, encodeLink, withQuery } from './link';
import type { LinkSource } from './link';
import { accessTo, isSettingLocked, WHOLE_PAGE } from '../state/page-options';
import { WHOLE_LIST } from '../state/row-list';
import { showRecording } from '../run/show-recording';
import { createStudio } from '../studio-store';
import { goToUpdate } from './view-actions';

const PLAIN: LinkSource = {
  config: defaultConfig,
  initial: 'shipped',
  ownWorld: null,
  view: 'studio',
  heldUpdate: null,
  selection: null,
  shownPin: null,
  awaited: null,
  lab: EMPTY_LAB,
  list: WHOLE_LIST,
  page: WHOLE_PAGE,
};
const START = '#v1&preset=search-r2&world=microwiki&seed=1';
const selection = { row: 17, side: 'draft', step: 2 } as const;

describe('the link', () => {
  it('names only what is not as it is by itself, with readable keys', () => {
    expect(encodeLink(PLAIN)).toBe(START);
    expect(encodeLink({ ...PLAIN, view: 'cutLab', heldUpdate: 340, selection })).toBe(
      `${START}&view=cutLab&update=340&row=17&side=draft&step=2`,
    );
    expect(
      encodeLink({ ...PLAIN, initial: 'warmStart', list: { ...WHOLE_LIST, filter: 'harmed', find: 'Arden & co' } }),
    ).toBe(`${START}&start=warmStart&filter=harmed&find=Arden%20%26%20co`);
    expect(encodeLink({ ...PLAIN, page: { embed: true, teacher: true, lock: ['speed', 'groupSize'] } })).toBe(
      `${START}&embed=1&teacher=1&lock=speed,groupSize`,
    );
  });

  it('comes back as it went', () => {
    const config = configForPreset('search-r1', { groupSize: 4 });
    const list = { ...WHOLE_LIST, filter: 'lucky', sort: 'worst', find: 'a=b&c%', bin: null } as const;
    const awaited = { update: 340, selection, cut: 3 };
    const page = { embed: true, teacher: false, lock: ['reset', 'learningRate'] } as const;
    const ownWorld = { name: 'Ödön’s ~ world', text: '', hash: '0123456789abcdef' };
    for (const view of ['studio', 'cutLab', 'lessons'] as const) {
      expect(decodeLink(encodeLink({ ...PLAIN, config, list, awaited, page, ownWorld, view }))).toEqual({
        config,
        initial: 'shipped',
        world: { name: ownWorld.name, hash: ownWorld.hash },
        view,
        moment: awaited,
        list,
        page,
        notes: [],
      });
    }
  });

  it('names no moment of a pinned question, which no update has', () => {
    expect(encodeLink({ ...PLAIN, heldUpdate: 3, selection, shownPin: 1 })).toBe(START);
  });

  it('takes a view alone, and is the defaults where it is empty or of a newer version', () => {
    const defaults = decodeLink('');
    expect(defaults).toMatchObject({ config: defaultConfig, view: 'studio', moment: null, notes: [] });
    expect(decodeLink('#view=cutLab')).toEqual({ ...defaults, view: 'cutLab' });
    const newer = decodeLink('#v2&view=cutLab&update=3&embed=1');
    expect(newer).toMatchObject({ ...defaults, notes: [expect.stringContaining('newer version')] });
  });

  it('says what it ignored or clamped', () => {
    const wrong = decodeLink(
      `${START}&view=kitchen&update=-3&row=x&step=9&cut=0&side=left&filter=red&lock=sofa,step&embed=maybe&triples=mine`,
    );
    expect(wrong).toMatchObject({ view: 'studio', moment: { update: 0, selection: null, cut: 1 }, world: null });
    expect(wrong.page).toEqual({ embed: false, teacher: false, lock: ['step'] });
    expect(wrong.notes).toHaveLength(10);
    for (const what of ['kitchen', '"-3"', '"x"', '"9"', '"0"', 'left', 'red', 'sofa', 'maybe', 'NAME~HASH']) {
      expect(wrong.notes.join('\n')).toContain(what);
    }
  });

  it('reads any text without throwing, and what it read comes back the same', () => {
    const keys = [
      'update',
      'row',
      'step',
      'cut',
      'side',
      'view',
      'filter',
      'find',
      'lock',
      'embed',
      'triples',
      'seed',
      '%E0%A4%A',
      '',
    ];
    const values = [
      '1',
      '-1',
      '1e9',
      '99999999999999999999',
      'draft',
      '%',
      '%00',
      'a~0123456789abcdef',
      '💥',
      '=',
      '#',
      '',
    ];
    let state = 1;
    const pick = <T>(list: readonly T[]): T | undefined => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return list[(state >>> 8) % list.length];
    };
    for (let i = 0; i < 10_000; i += 1) {
      const parts = Array.from({ length: 1 + (i % 6) }, () => `${pick(keys)}${pick(['=', '=', ''])}${pick(values)}`);
      const { notes, moment, world, ...link } = decodeLink(`#v1&${parts.join('&')}`);
      const ownWorld = world && { ...world, text: '' };
      const again = decodeLink(encodeLink({ ...PLAIN, ...link, awaited: moment, ownWorld }));
      const wanted = {
        ...link,
        list: { ...link.list, find: link.list.find.trim() },
        initial: ownWorld ? 'shipped' : link.initial,
        moment,
        world,
        notes: [],
      };
      // The deep comparison of Vitest takes its time, so it is only for what differs.
      if (!notes.every((note) => note !== '') || !isDeepStrictEqual(again, wanted)) expect(again).toEqual(wanted);
    }
  });
});

describe('any text after the #', () => {
  it('is a link or the defaults with a note, in 10,000 cases', () => {
    const known = fc.constantFrom(
      ...['preset', 'world', 'seed', 'groupSize', 'triples', 'update', 'lock', 'find', '__proto__'],
    );
    const pair = fc
      .tuple(known, fc.oneof(fc.string(), fc.constantFrom('1', '-1', '%', 'NaN', 'search-r1')))
      .map((two) => two.join('='));
    const start = fc.constantFrom('#v1', '#v0', '#v2', '#', '', 'v1', '#v1e1', '#v99999999999999999999');
    const text = fc.oneof(
      fc
        .tuple(start, fc.array(fc.oneof(pair, fc.string({ unit: 'binary' })), { maxLength: 6 }))
        .map(([v, rest]) => [v, ...rest].join('&')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, (hash) => {
        const { config, notes } = decodeLink(hash);
        if (!isRunConfig(config)) throw new Error('no configuration');
        if (notes.some((note) => note === '' || note.length > 2000)) throw new Error(`a note of ${notes.join()}`);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('a query', () => {
  const read = (address: string) => {
    const { hash, search } = new URL(address, 'http://localhost/');
    return decodeLink(withQuery(hash, search));
  };

  it('does as the hash does', () => {
    const asked = read('?teacher=1&embed=1&lock=speed,groupSize&find=a+b&prompts=4');
    expect(asked).toEqual(decodeLink('#v1&teacher=1&embed=1&lock=speed,groupSize&find=a%20b&prompts=4'));
    expect(asked.page).toEqual({ embed: true, teacher: true, lock: ['speed', 'groupSize'] });
    expect(asked.config.prompts).toBe(4);
    expect(asked.list.find).toBe('a b');
    expect(asked.notes).toEqual([]);
  });

  it('says what nothing is called, and gives way to the hash', () => {
    expect(read('?utm_source=mail').notes.join(' ')).toContain('utm_source');
    const both = read('?teacher=0&prompts=4#v1&preset=search-r1&teacher=1');
    expect(both.page.teacher).toBe(true);
    expect(both.config).toMatchObject({ preset: 'search-r1', prompts: 4 });
    expect(withQuery('#v1&teacher=1', '')).toBe('#v1&teacher=1');
    expect(withQuery('#v1&teacher=1', '?&')).toBe('#v1&teacher=1');
  });
});

describe('what a link hides or locks', () => {
  it('goes by one table', () => {
    const teacher = { ...WHOLE_PAGE, teacher: true };
    expect(accessTo(teacher, 'settings')).toBe('locked');
    expect(accessTo(teacher, 'step')).toBe('free');
    expect(isSettingLocked(teacher, 'groupSize')).toBe(true);
    expect(accessTo({ ...teacher, embed: true }, 'settings')).toBe('hidden');
    const one = { ...WHOLE_PAGE, lock: ['groupSize'] } as const;
    expect(isSettingLocked(one, 'groupSize')).toBe(true);
    expect(isSettingLocked(one, 'learningRate')).toBe(false);
  });
});

describe('links to copy', () => {
  it('restore what they say', () => {
    const state = { ...PLAIN, view: 'cutLab', heldUpdate: 3, selection } as const;
    const links = LINK_KINDS.map(({ source }) => decodeLink(encodeLink(source(state))));
    expect(links.map(({ moment }) => moment?.update ?? null)).toEqual([3, null, 3, 3]);
    expect(links.map(({ view }) => view)).toEqual(['cutLab', 'studio', 'cutLab', 'cutLab']);
    expect(links.map(({ page }) => [page.teacher, page.embed])).toEqual([
      [false, false],
      [false, false],
      [true, false],
      [false, true],
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
    expect(studio.store.getState().announcement).not.toMatch(/update 3/);
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
