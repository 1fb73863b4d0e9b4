import { expect, it } from 'vitest';
import { PACES, paceOf } from './pace';

it('finds every pace by its id', () => {
  expect(PACES.map(({ id }) => paceOf(id).updatesPerMinute)).toEqual([2, 10, 30, 120, null]);
});
