import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RowViews } from '../../recordings/shown-rows';
import { TextSearch } from './text-search';

/** Rows that say their own number, and how often they were read. */
function numbered(rows: number): { views: RowViews; read: () => number } {
  let read = 0;
  const never = () => {
    throw new Error('only words are looked at');
  };
  const views: RowViews = {
    at: never,
    answerOf: never,
    tokensOf: never,
    textOf: (place) => {
      if (place < 0 || place >= rows) throw new Error(`no row ${place}`);
      read += 1;
      return `row ${place} of many`;
    },
  };
  return { views, read: () => read };
}

const places = (hits: Uint8Array | null) => [...(hits ?? [])].flatMap((hit, place) => (hit === 1 ? [place] : []));

describe('TextSearch', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('looks through few rows at once, and once only however many ask', () => {
    const { views, read } = numbered(16);
    const search = new TextSearch();
    const found = search.found(views, 16, 'row 7 ');
    expect(places(found.hits)).toEqual([7]);
    expect(found.searching).toBe(false);
    expect(search.found(views, 16, 'row 7 ')).toBe(found);
    expect(read()).toBe(16);
  });

  it('looks through many in pieces, tells when it is through, and reads each row once', () => {
    const { views, read } = numbered(5000);
    const search = new TextSearch();
    const told = vi.fn();
    search.subscribe(told);
    // A clock on which every look takes a millisecond: a piece ends after some of them.
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 1));
    expect(search.found(views, 5000, 'row 29')).toEqual({ hits: null, searching: true });
    search.look(views, 5000, 'row 29');
    search.look(views, 5000, 'row 29');
    vi.advanceTimersToNextTimer();
    expect(read()).toBeGreaterThan(0);
    expect(read()).toBeLessThan(300);
    expect(told).not.toHaveBeenCalled();
    expect(search.found(views, 5000, 'row 29').searching).toBe(true);
    vi.runAllTimers();
    expect(told).toHaveBeenCalledTimes(1);
    expect(read()).toBe(5000);
    const found = search.found(views, 5000, 'row 29');
    expect(found.searching).toBe(false);
    const wanted = Array.from({ length: 5000 }, (_, row) => row).filter((row) => `row ${row} `.startsWith('row 29'));
    expect(places(found.hits)).toEqual(wanted);
    vi.restoreAllMocks();
  });

  it('keeps the hits it has while other words are looked for, and lets go of a search that is overtaken', () => {
    const { views } = numbered(4000);
    const search = new TextSearch();
    search.look(views, 4000, 'row 5 ');
    vi.runAllTimers();
    search.look(views, 4000, 'row 6 ');
    expect(places(search.found(views, 4000, 'row 6 ').hits)).toEqual([5]);
    search.look(views, 4000, 'row 7 ');
    vi.runAllTimers();
    expect(places(search.found(views, 4000, 'row 7 ').hits)).toEqual([7]);
    expect(search.found(views, 4000, 'row 6 ').searching).toBe(true);
  });

  it('stops where nothing is sought any more, and knows nothing of other rows', () => {
    const { views, read } = numbered(4000);
    const search = new TextSearch();
    search.look(views, 4000, 'row');
    search.look(views, 4000, '');
    vi.runAllTimers();
    expect(read()).toBe(0);
    expect(search.found(views, 4000, '')).toEqual({ hits: null, searching: false });
    search.look(views, 4000, 'row 5 ');
    vi.runAllTimers();
    const other = numbered(4000);
    expect(search.found(other.views, 4000, 'row 5 ')).toEqual({ hits: null, searching: true });
  });

  it('is through at once with as many rows as an update can have, and not with one more', () => {
    const search = new TextSearch();
    expect(search.found(numbered(2048).views, 2048, 'row 2047 ').searching).toBe(false);
    expect(search.found(numbered(2049).views, 2049, 'row 2048 ')).toEqual({ hits: null, searching: true });
  });

  it('gives the same object while nothing changes, so that nobody looks twice', () => {
    const { views, read } = numbered(4000);
    const search = new TextSearch();
    search.look(views, 4000, 'row 5 ');
    const waiting = search.found(views, 4000, 'row 5 ');
    expect(search.found(views, 4000, 'row 5 ')).toBe(waiting);
    expect(search.version).toBe(0);
    vi.runAllTimers();
    expect(search.version).toBe(1);
    const found = search.found(views, 4000, 'row 5 ');
    expect(found).toEqual({ hits: Uint8Array.from({ length: 4000 }, (_, row) => Number(row === 5)), searching: false });
    search.look(views, 4000, 'row 5 ');
    vi.runAllTimers();
    expect([search.found(views, 4000, 'row 5 '), search.version, read()]).toEqual([found, 1, 4000]);
  });

  it('tells nobody who has stopped listening, and forgets the hits once nothing is sought', () => {
    const { views } = numbered(3000);
    const search = new TextSearch();
    const [stays, leaves] = [vi.fn(), vi.fn()];
    search.subscribe(stays);
    search.subscribe(leaves)();
    search.look(views, 3000, 'row 9 ');
    vi.runAllTimers();
    expect(stays).toHaveBeenCalledTimes(1);
    expect(leaves).not.toHaveBeenCalled();
    search.look(views, 3000, '');
    expect(search.found(views, 3000, 'row 9 ')).toEqual({ hits: null, searching: true });
  });

  it('begins anew where the same words are sought in other rows', () => {
    const [one, other] = [numbered(3000), numbered(3000)];
    const search = new TextSearch();
    search.look(one.views, 3000, 'row 9 ');
    search.look(other.views, 3000, 'row 9 ');
    vi.runAllTimers();
    expect([one.read(), other.read()]).toEqual([0, 3000]);
    expect(places(search.found(other.views, 3000, 'row 9 ').hits)).toEqual([9]);
    search.look(one.views, 3000, 'row 9 ');
    vi.runAllTimers();
    expect(one.read()).toBe(3000);
  });

  it('looks at the clock after every 16 rows and stops after 8 milliseconds', () => {
    const { views, read } = numbered(3000);
    const search = new TextSearch();
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 2));
    search.look(views, 3000, 'row');
    vi.advanceTimersToNextTimer();
    // Begun at 2, it ends at the first look from 10 on: 4, 6, 8, 10.
    expect(read()).toBe(4 * 16);
    vi.advanceTimersToNextTimer();
    expect(read()).toBe(8 * 16);
    vi.restoreAllMocks();
  });

  it('finds what a plain scan finds, whatever the rows and the words', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é'), maxLength: 6 });
    const many = fc.array(letters, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(many, letters, fc.constantFrom(1, 150), (texts, words, times) => {
        const rows = texts.length * times;
        const { views } = numbered(rows);
        const said = { ...views, textOf: (place: number) => texts[place % texts.length] ?? '' };
        const search = new TextSearch();
        search.look(said, rows, words);
        vi.runAllTimers();
        const wanted = Array.from({ length: rows }, (_, place) => place).filter((place) => {
          return words !== '' && (texts[place % texts.length] ?? '').split(words).length > 1;
        });
        expect(places(search.found(said, rows, words).hits)).toEqual(wanted);
      }),
      { numRuns: 50 },
    );
  });
});
