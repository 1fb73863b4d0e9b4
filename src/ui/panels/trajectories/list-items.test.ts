import { expect, it } from 'vitest';
import { listItems } from './list-items';

/** Places 0 to 4 of a batch, and the question of each. */
const groups = [1, 1, 0, 0, 1];

it('puts a heading before the rows of each question and counts within it', () => {
  expect(listItems([1, 0, 4, 3], { groups }, 'question')).toEqual([
    { group: 1, place: null, rank: 0 },
    { group: 1, place: 1, rank: 1 },
    { group: 1, place: 0, rank: 2 },
    { group: 1, place: 4, rank: 3 },
    { group: 0, place: null, rank: 0 },
    { group: 0, place: 3, rank: 1 },
  ]);
});

it('counts through the whole list, without headings, where it is sorted by anything else', () => {
  expect(listItems([2, 4, 3], { groups }, 'best')).toEqual([
    { group: 0, place: 2, rank: 1 },
    { group: 1, place: 4, rank: 2 },
    { group: 0, place: 3, rank: 3 },
  ]);
});

it('has nothing to say of an empty list', () => {
  expect(listItems([], { groups }, 'question')).toEqual([]);
});
