import { describe, expect, it } from 'vitest';
import { accessTo, CONTROLS, isControlId, isLockable, isSettingLocked, lockedNames, WHOLE_PAGE } from './page-options';
import type { ControlId, PageOptions } from './page-options';

const access = (options: Partial<PageOptions>) =>
  Object.fromEntries(
    Object.keys(CONTROLS)
      .filter(isControlId)
      .map((id): [ControlId, string] => [id, accessTo({ ...WHOLE_PAGE, ...options }, id)]),
  );
const FREE = access({});

describe('what a link hides or locks', () => {
  it('is nothing on the whole page', () => {
    expect(new Set(Object.values(FREE))).toEqual(new Set(['free']));
    expect(isSettingLocked(WHOLE_PAGE, 'groupSize')).toBe(false);
  });

  it('is settings, Reset and files for a class', () => {
    expect(access({ teacher: true })).toEqual({ ...FREE, settings: 'locked', reset: 'locked', open: 'locked' });
    expect(isSettingLocked({ ...WHOLE_PAGE, teacher: true }, 'groupSize')).toBe(true);
  });

  it('is all but the run itself inside another page, hidden even where it is locked', () => {
    const rest = { ...FREE, reset: 'free', step: 'free', speed: 'free' };
    const hidden = ['settings', 'views', 'open', 'save', 'link', 'theme', 'present'].map((id) => [id, 'hidden']);
    expect(access({ embed: true })).toEqual({ ...rest, ...Object.fromEntries(hidden) });
    expect(access({ embed: true, teacher: true, lock: ['settings', 'step'] })).toEqual({
      ...rest,
      ...Object.fromEntries(hidden),
      reset: 'locked',
      step: 'locked',
    });
    expect(isSettingLocked({ ...WHOLE_PAGE, embed: true }, 'groupSize')).toBe(true);
  });

  it('is besides what is named', () => {
    expect(access({ lock: ['speed', 'runs'] })).toEqual({ ...FREE, speed: 'locked', runs: 'locked' });
    expect(isSettingLocked({ ...WHOLE_PAGE, lock: ['settings'] }, 'groupSize')).toBe(true);
    expect(isSettingLocked({ ...WHOLE_PAGE, lock: ['groupSize'] }, 'groupSize')).toBe(true);
    expect(isSettingLocked({ ...WHOLE_PAGE, lock: ['groupSize'] }, 'prompts')).toBe(false);
  });

  it('is said by name, where it is not hidden anyway', () => {
    const names = (options: Partial<PageOptions>) => lockedNames({ ...WHOLE_PAGE, ...options });
    expect(names({})).toEqual([]);
    expect(names({ teacher: true, lock: ['speed'] })).toEqual(['all settings', 'Reset', 'the speed', 'opening files']);
    expect(names({ lock: ['groupSize', 'step'] })).toEqual(['Step', 'Group size']);
    expect(names({ lock: ['groupSize', 'settings'] })).toEqual(['all settings']);
    expect(names({ embed: true, teacher: true })).toEqual(['Reset']);
  });

  it('can name controls and settings, and nothing else', () => {
    expect(['speed', 'groupSize', 'sofa', 'toString', ''].map(isLockable)).toEqual([true, true, false, false, false]);
    expect(['speed', 'groupSize', 'toString'].map(isControlId)).toEqual([true, false, false]);
  });
});
