import { describe, expect, it } from 'vitest';
import { UserError } from '../../lib/assert';
import { idleStudio } from '../../testing/page/open-studio';
import { reportProblem, reportRefusal } from './problems';

describe('problems', () => {
  it('are numbered, and of six the newest five are shown', () => {
    const { studio, state } = idleStudio();
    for (const message of ['a', 'b', 'c', 'd', 'e', 'f']) reportProblem(studio, { message, hint: '', fatal: false });
    expect(state().problems.map(({ id, message }) => [id, message])).toEqual([
      [2, 'b'],
      [3, 'c'],
      [4, 'd'],
      [5, 'e'],
      [6, 'f'],
    ]);
  });

  it.each([
    ['a refusal with its own hint', new UserError('no', 'do this'), 'no', 'do this'],
    ['a refusal without one', new UserError('no'), 'no', 'Nothing was changed.'],
    ['a fault', new TypeError('x is undefined'), 'x is undefined', 'Nothing was changed.'],
    ['something else that was thrown', 'text', 'text', 'Nothing was changed.'],
  ])('say of %s what it is and what to do', (_, error, message, hint) => {
    const { studio, state } = idleStudio();
    reportRefusal(studio, error);
    expect(state().problems).toEqual([{ id: 1, message, hint, fatal: false }]);
  });
});
