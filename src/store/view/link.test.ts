import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configForPreset, defaultConfig, isRunConfig } from '../../config/schema';
import { numbersBatch } from '../../testing/page/hand-batch';
import { storeBatch } from '../../recordings/stored-batch';
import { expectTextSchema } from '../../testing/schemas/expect-schema';
import { EMPTY_LAB } from '../state/lab-state';
import { NO_LESSON } from '../state/lessons-state';
import { decodeLink, encodeLink, momentNote, withQuery } from './link';
import type { LinkSource } from './link';
import { WHOLE_PAGE } from '../state/page-options';
import { NO_ROLLOUTS } from '../state/rollouts-state';
import { WHOLE_LIST } from '../state/row-list';

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
  lessons: NO_LESSON,
  rollouts: NO_ROLLOUTS,
};
const START = '#v1&preset=search-r2&world=microwiki&seed=1';
const WANTED = {
  ...{ name: 'a & ~b.jsonl', hash: '0123456789abcdef', trainingStep: 30 },
  selection: { row: 170_000, side: 'final', step: 41 },
  list: { ...WHOLE_LIST, filter: 'lucky', sort: 'worst', find: 'x' },
} as const;
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
    expect(
      encodeLink({ ...PLAIN, page: { embed: true, teacher: true, present: true, lock: ['speed', 'groupSize'] } }),
    ).toBe(`${START}&embed=1&teacher=1&present=1&lock=speed,groupSize`);
  });

  it('names a lesson and its step in the view of lessons alone', () => {
    const lessons = { ...NO_LESSON, at: { lesson: 'cut', step: 2 } } as const;
    const link = encodeLink({ ...PLAIN, view: 'lessons', heldUpdate: 3, selection, lessons });
    expect(link).toBe(`${START}&view=lessons&update=3&step=3&lesson=cut`);
    expect(decodeLink(link)).toMatchObject({ lesson: lessons.at, moment: { update: 3, selection: null }, notes: [] });
    expect(encodeLink({ ...PLAIN, lessons })).toBe(START);
    expect(decodeLink(`${START}&view=lessons&lesson=nonsense&step=9`)).toMatchObject({
      lesson: null,
      notes: [
        expect.stringMatching(/^Ignored: lesson must be one of one-question, .*, not "nonsense"/),
        expect.any(String),
      ],
    });
    expect(decodeLink(`${START}&view=lessons&lesson=cut&step=99`).lesson).toEqual({ lesson: 'cut', step: 39 });
  });

  it('comes back as it went', () => {
    const config = configForPreset('search-r1', { groupSize: 4 });
    const list = { ...WHOLE_LIST, filter: 'lucky', sort: 'worst', find: 'a=b&c%', bin: null } as const;
    const awaited = { update: 340, selection, cut: 3 };
    const page = { embed: true, teacher: false, present: false, lock: ['reset', 'learningRate'] } as const;
    const ownWorld = { name: 'Ödön’s ~ world', text: '', hash: '0123456789abcdef' };
    for (const view of ['studio', 'cutLab', 'lessons'] as const) {
      expect(decodeLink(encodeLink({ ...PLAIN, config, list, awaited, page, ownWorld, view }))).toEqual({
        config,
        initial: 'shipped',
        world: { name: ownWorld.name, hash: ownWorld.hash },
        view,
        moment: awaited,
        rollouts: null,
        list,
        page,
        lesson: null,
        notes: [],
      });
    }
  });

  it('is as docs/schema says, whatever it names', () => {
    const pairsOf = (link: string) => Object.fromEntries(new URLSearchParams(link.replace(/^#v1&/, '')));
    const config = configForPreset('search-r1', { groupSize: 4, learningRate: 1e-7, runSeed: 5 });
    const page = { embed: true, teacher: true, present: true, lock: ['reset', 'learningRate'] } as const;
    const list = { ...WHOLE_LIST, filter: 'lucky', sort: 'worst', find: 'a=b&c%' } as const;
    const ownWorld = { name: 'mine', text: '', hash: '0123456789abcdef' };
    const awaited = { update: 340, selection, cut: 3 };
    const whole = encodeLink({ ...PLAIN, config, page, list, ownWorld, awaited, view: 'cutLab' });
    const ofFile = encodeLink({ ...PLAIN, rollouts: { ...NO_ROLLOUTS, wanted: WANTED } });
    expectTextSchema('link', [START, encodeLink({ ...PLAIN, initial: 'warmStart' }), whole, ofFile].map(pairsOf));
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
    expect(wrong.page).toEqual({ embed: false, teacher: false, present: false, lock: ['step'] });
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
      'rollouts',
      'trainingStep',
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
      const { notes, moment, world, rollouts, ...link } = decodeLink(`#v1&${parts.join('&')}`);
      const ownWorld = world && { ...world, text: '' };
      const asked = { ...NO_ROLLOUTS, wanted: rollouts };
      const again = decodeLink(encodeLink({ ...PLAIN, ...link, awaited: moment, ownWorld, rollouts: asked }));
      const wanted = {
        ...link,
        list: { ...link.list, find: link.list.find.trim() },
        initial: ownWorld ? 'shipped' : link.initial,
        moment,
        world,
        rollouts: rollouts && {
          ...rollouts,
          list: { ...rollouts.list, find: rollouts.list.find.trim() },
        },
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

describe('a link to a file of rollouts', () => {
  const link =
    '&rollouts=a%20%26%20~b.jsonl~0123456789abcdef&trainingStep=30&row=170000&side=final&step=41&filter=lucky&sort=worst&find=x';
  const { name, hash, list } = WANTED;
  const file = {
    ...{ name, hash, rows: 200_000, groups: 1, step: 30, skipped: 0, skips: [], unknownNumbers: 0, cutOff: null },
    ...{ unknownEm: 0, unknownRewards: 0, computedRewards: 0, rules: {} },
    steps: [
      { step: 20, from: 0, to: 169_990 },
      { step: 30, from: 169_990, to: 200_000 },
    ],
  };

  it('names it by name and hash, with the row of the whole file and how the list stands', () => {
    const shown = { ...WANTED.selection, row: 10 };
    const source = { ...PLAIN, heldUpdate: 3, rollouts: { ...NO_ROLLOUTS, file }, selection: shown, list };
    expect(encodeLink(source)).toBe(`${START}${link}`);
    expect(decodeLink(`${START}${link}`)).toMatchObject({
      rollouts: WANTED,
      moment: null,
      list: WHOLE_LIST,
      notes: [],
    });
    const whole = { ...file, step: null };
    expect(encodeLink({ ...PLAIN, rollouts: { ...NO_ROLLOUTS, file: whole } })).toBe(
      `${START}&rollouts=a%20%26%20~b.jsonl~0123456789abcdef`,
    );
  });

  it('goes on naming it until it is there', () => {
    expect(encodeLink({ ...PLAIN, rollouts: { ...NO_ROLLOUTS, wanted: WANTED } })).toBe(`${START}${link}`);
    const other = { ...file, name: 'other', hash: 'f'.repeat(16), step: null };
    expect(encodeLink({ ...PLAIN, rollouts: { ...NO_ROLLOUTS, file: other, wanted: WANTED } })).toBe(
      `${START}&rollouts=other~ffffffffffffffff`,
    );
  });

  it('has steps of their own number, and names of any letters', () => {
    expect(decodeLink(`${START}&rollouts=a~0123456789abcdef&row=1&step=9`).rollouts?.selection?.step).toBe(9);
    expect(decodeLink(`${START}&update=1&row=1&step=9`).moment?.selection?.step).toBe(5);
    const long = { ...WANTED, name: '😀'.repeat(300) };
    const { rollouts, notes } = decodeLink(encodeLink({ ...PLAIN, rollouts: { ...NO_ROLLOUTS, wanted: long } }));
    expect(rollouts?.name).toBe('😀'.repeat(255));
    expect(notes).toEqual([]);
    expect(decodeLink(`${START}&rollouts=a`)).toMatchObject({
      rollouts: null,
      notes: ['Ignored: rollouts must be NAME~HASH, not "a".'],
    });
  });

  it('needs no file for what old links say', () => {
    expect(decodeLink(`${START}&update=3&row=17&side=draft&step=2&filter=harmed`)).toMatchObject({
      rollouts: null,
      moment: { update: 3, selection },
      list: { filter: 'harmed' },
    });
  });
});

describe('a query', () => {
  const read = (address: string) => {
    const { hash, search } = new URL(address, 'http://localhost/');
    return decodeLink(withQuery(hash, search));
  };

  it('does as the hash does', () => {
    const asked = read('?teacher=1&embed=1&present=1&lock=speed,groupSize&find=a+b&prompts=4');
    expect(asked).toEqual(decodeLink('#v1&teacher=1&embed=1&present=1&lock=speed,groupSize&find=a%20b&prompts=4'));
    expect(asked.page).toEqual({ embed: true, teacher: true, present: true, lock: ['speed', 'groupSize'] });
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

describe('each part of a link', () => {
  const read = (rest: string) => decodeLink(`${START}&${rest}`);
  it.each<[rest: string, wanted: object]>([
    ['view=ask', { view: 'ask' }],
    ['view=lessons', { view: 'lessons' }],
    ['start=warmStart', { initial: 'warmStart' }],
    ['start=shipped', { initial: 'shipped' }],
    ['update=0', { moment: { update: 0, selection: null, cut: null } }],
    ['update=+12', { moment: { update: 12, selection: null, cut: null } }],
    ['update=1000000&cut=5', { moment: { update: 1_000_000, selection: null, cut: 5 } }],
    ['update=2&row=7', { moment: { update: 2, selection: { row: 7, side: 'final', step: 1 }, cut: null } }],
    [
      'update=2&row=0&side=draft&step=5',
      { moment: { update: 2, selection: { row: 0, side: 'draft', step: 5 }, cut: null } },
    ],
    // Without an update there is no moment to be at.
    ['row=7&cut=2', { moment: null }],
    ['filter=lucky&sort=gain', { list: { filter: 'lucky', sort: 'gain', find: '', bin: null } }],
    ['find=a=b', { list: { ...WHOLE_LIST, find: 'a=b' } }],
    ['find=%zz=%', { list: { ...WHOLE_LIST, find: '%zz=%' } }],
    [`find=${'f'.repeat(120)}`, { list: { ...WHOLE_LIST, find: 'f'.repeat(100) } }],
    ['embed=1&teacher=0', { page: { embed: true, teacher: false, present: false, lock: [] } }],
    ['embed=0&teacher=1', { page: { embed: false, teacher: true, present: false, lock: [] } }],
    [
      'lock=step,,step,groupSize',
      { page: { embed: false, teacher: false, present: false, lock: ['step', 'groupSize'] } },
    ],
    ['triples=a~0123456789abcdef', { world: { name: 'a', hash: '0123456789abcdef' } }],
    [`triples=${'n'.repeat(60)}~0123456789abcdef`, { world: { name: 'n'.repeat(60), hash: '0123456789abcdef' } }],
  ])('is read: %s', (rest, wanted) => {
    expect(read(rest)).toMatchObject({ notes: [], ...wanted });
  });

  it.each<[rest: string, note: string, wanted: object]>([
    ['update=1000001', 'Used 1000000: update must be an integer from 0 to 1000000, not "1000001".', {}],
    ['update=x1', 'Ignored: update must be an integer from 0 to 1000000, not "x1".', { moment: null }],
    ['update=1x', 'Ignored: update must be an integer from 0 to 1000000, not "1x".', { moment: null }],
    ['update=1&step=6&row=1', 'Used 5: step must be an integer from 1 to 5, not "6".', {}],
    ['update=1&cut=6', 'Used 5: cut must be an integer from 1 to 5, not "6".', { moment: { cut: 5 } }],
    ['update=1&row=-1', 'Used 0: row must be an integer from 0 to 1000000, not "-1".', {}],
    ['view=kitchen', 'Ignored: view must be one of studio, cutLab, ask, lessons, not "kitchen".', { view: 'studio' }],
    ['start=opened', 'Ignored: start must be one of shipped, warmStart, not "opened".', { initial: 'shipped' }],
    ['lock=sofa', 'Ignored: nothing to lock is called "sofa".', { page: { lock: [] } }],
    ['triples=a~0123456789ABCDEF', 'Ignored: triples must be NAME~HASH, not "a~0123456789ABCDEF".', { world: null }],
    ['triples=a~0123456789abcdef0', 'Ignored: triples must be NAME~HASH', { world: null }],
    ['triples=~0123456789abcdef', 'Ignored: triples must be NAME~HASH', { world: null }],
    [`triples=${'n'.repeat(61)}~0123456789abcdef`, 'Ignored: triples must be NAME~HASH', { world: null }],
  ])('leaves a note where it cannot be used: %s', (rest, note, wanted) => {
    const { notes, ...link } = read(rest);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(note);
    expect(link).toMatchObject(wanted);
  });

  it('counts for nothing where the whole is far too long', () => {
    const long = `#v1&view=cutLab&find=${'f'.repeat(8000)}`;
    const { view, notes } = decodeLink(long);
    expect(view).toBe('studio');
    expect(notes).toHaveLength(1);
    const fits = `#v1&view=cutLab&find=${'f'.repeat(7980)}`;
    expect(fits).toHaveLength(8001);
    expect(decodeLink(fits)).toMatchObject({ view: 'cutLab', notes: [] });
  });
});

describe('the moment of a link', () => {
  const draft = storeBatch(numbersBatch([{}]), true);
  const inLab = { ...EMPTY_LAB, draft, step: 4 };
  it.each<[what: string, source: Partial<LinkSource>, rest: string]>([
    ['the update that is held', { heldUpdate: 3 }, '&update=3'],
    ['the one that is waited for', { awaited: { update: 9, selection: null, cut: 2 } }, '&update=9&cut=2'],
    [
      'the one that is held before the one that is waited for',
      { heldUpdate: 3, awaited: { update: 9, selection: null, cut: 2 } },
      '&update=3',
    ],
    ['where the scissors stand', { heldUpdate: 3, view: 'cutLab', lab: inLab }, '&view=cutLab&update=3&cut=4'],
    ['no scissors of another view', { heldUpdate: 3, lab: inLab }, '&update=3'],
    [
      'no scissors without a draft',
      { heldUpdate: 3, view: 'cutLab', lab: { ...inLab, draft: null } },
      '&view=cutLab&update=3',
    ],
    [
      'nothing of a pin, but what is waited for',
      { heldUpdate: 3, shownPin: 1, awaited: { update: 9, selection: null, cut: null } },
      '&update=9',
    ],
    ['no selection by itself', { selection }, ''],
  ])('is %s', (_, source, rest) => {
    expect(encodeLink({ ...PLAIN, ...source })).toBe(`${START}${rest}`);
  });

  it.each<[what: string, source: Partial<LinkSource>, rest: string]>([
    ['words without their blanks', { list: { ...WHOLE_LIST, find: '  two words ' } }, '&find=two%20words'],
    ['no blanks alone', { list: { ...WHOLE_LIST, find: '   ' } }, ''],
    ['a hundred letters at most', { list: { ...WHOLE_LIST, find: 'f'.repeat(120) } }, `&find=${'f'.repeat(100)}`],
    ['an order of its own', { list: { ...WHOLE_LIST, sort: 'unsure' } }, '&sort=unsure'],
    ['no bar of the histogram', { list: { ...WHOLE_LIST, bin: 3 } }, ''],
    ['a warm start', { initial: 'warmStart' }, '&start=warmStart'],
    ['no weights from a file', { initial: 'opened' }, ''],
    [
      'a world of one’s own, which always begins with a warm start',
      { initial: 'warmStart', ownWorld: { name: 'a b', text: 't', hash: '0123456789abcdef' } },
      '&triples=a%20b~0123456789abcdef',
    ],
  ])('goes with %s', (_, source, rest) => {
    expect(encodeLink({ ...PLAIN, ...source })).toBe(`${START}${rest}`);
  });

  it('is said in a sentence', () => {
    expect(momentNote({ update: 3, selection: null, cut: null })).toContain('It also names update 3: that is reached');
    expect(momentNote({ update: 3, selection, cut: 2 })).toContain(
      'update 3, row 17, draft, step 2, a cut at step 2: that is reached',
    );
    expect(momentNote({ update: 3, selection: null, cut: null })).toContain(
      'on another adapter or browser it may differ',
    );
  });
});
