import { describe, expect, it } from 'vitest';
import { assert, UserError } from './assert';

describe('assert', () => {
  it('passes what holds and names what does not', () => {
    expect(() => assert(1, 'never shown')).not.toThrow();
    expect(() => assert(undefined, 'the table is empty')).toThrow('Internal error: the table is empty');
  });
});

describe('UserError', () => {
  it('carries a hint and is told apart from other errors', () => {
    const error = new UserError('No such preset.', 'Did you mean search-r2?');
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(UserError);
    expect([error.name, error.message, error.hint]).toEqual([
      'UserError',
      'No such preset.',
      'Did you mean search-r2?',
    ]);
    expect(new UserError('x').hint).toBeUndefined();
  });
});
