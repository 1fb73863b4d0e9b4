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
});
