/** What a link may hide or lock on the page: one table that the link's codec and the controls share. A courtesy, no protection. */
import { isSettingKey, settingOf } from '../../config/schema';
import type { SettingKey } from '../../config/schema';

/** Controls by their id in `lock=`, and what `embed=1` (a page inside another) and `teacher=1` (handed to a class) do to them. */
export const CONTROLS = {
  settings: { what: 'all settings', embed: 'hide', teacher: 'lock' },
  reset: { what: 'Reset', embed: null, teacher: 'lock' },
  step: { what: 'Step', embed: null, teacher: null },
  speed: { what: 'the speed', embed: null, teacher: null },
  views: { what: 'the other views', embed: 'hide', teacher: null },
  open: { what: 'opening files', embed: 'hide', teacher: 'lock' },
  save: { what: 'saving files', embed: 'hide', teacher: null },
  runs: { what: 'saved runs', embed: null, teacher: null },
  link: { what: 'copying links', embed: 'hide', teacher: null },
  theme: { what: 'light and dark', embed: 'hide', teacher: null },
  present: { what: 'present mode', embed: 'hide', teacher: null },
} as const satisfies Record<string, { what: string; embed: 'hide' | null; teacher: 'lock' | null }>;
export type ControlId = keyof typeof CONTROLS;
const CONTROL_IDS = Object.keys(CONTROLS).filter(isControlId);

export interface PageOptions {
  embed: boolean;
  teacher: boolean;
  /** One trajectory, large, for a projector. */
  present: boolean;
  /** Controls and single settings that are locked besides. */
  lock: readonly (ControlId | SettingKey)[];
}

export const WHOLE_PAGE: PageOptions = { embed: false, teacher: false, present: false, lock: [] };

export type Access = 'free' | 'locked' | 'hidden';

export function isControlId(id: string): id is ControlId {
  return Object.hasOwn(CONTROLS, id);
}

/** What can be named in `lock=`. */
export function isLockable(id: string): id is ControlId | SettingKey {
  return isControlId(id) || isSettingKey(id);
}

export function accessTo({ embed, teacher, lock }: PageOptions, id: ControlId): Access {
  if (embed && CONTROLS[id].embed === 'hide') return 'hidden';
  return (teacher && CONTROLS[id].teacher === 'lock') || lock.includes(id) ? 'locked' : 'free';
}

/** Everything that the link locks and does not hide, in words. */
export function lockedNames(options: PageOptions): string[] {
  const locked = CONTROL_IDS.filter((id) => accessTo(options, id) === 'locked');
  const settings = options.lock.filter(isSettingKey).filter(() => !locked.includes('settings'));
  return [...locked.map((id) => CONTROLS[id].what), ...settings.map((key) => settingOf(key).label)];
}

/** A single setting: it goes with all of them. */
export function isSettingLocked(options: PageOptions, key: SettingKey): boolean {
  return accessTo(options, 'settings') !== 'free' || options.lock.includes(key);
}
