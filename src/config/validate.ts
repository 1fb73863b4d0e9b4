/** Checks values that come from outside: a link, flags, a file, a control. */
import { assert, UserError } from '../lib/assert';
import { nearest } from '../lib/nearest';
import { settleRules } from './rules';
import {
  configForPreset,
  defaultConfig,
  isRunConfig,
  isSettingKey,
  isValueOf,
  SETTING_KEYS,
  settingOf,
  type RunConfig,
  type SettingKey,
} from './schema';

/** A value outside its range, and the nearest one inside. */
interface Problem<K extends SettingKey> {
  message: string;
  nearest: RunConfig[K];
}

type Checked<K extends SettingKey> = { value: RunConfig[K]; problem: null } | { value: null; problem: Problem<K> };

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Text of a person in a message: quoted, shortened, control characters removed. */
export function quote(text: string): string {
  const printable = text.replace(/\p{C}/gu, '?');
  return printable.length > 40 ? `"${printable.slice(0, 40)}..."` : `"${printable}"`;
}

/** What a setting accepts, in words: "an integer from 1 to 64", "one of none, model". */
export function describeRange(key: SettingKey): string {
  const setting = settingOf(key);
  if (setting.kind === 'enum') return `one of ${setting.options.map((option) => option.value).join(', ')}`;
  return `${setting.kind === 'int' ? 'an integer' : 'a number'} from ${setting.min} to ${setting.max}`;
}

function nearestValue(key: SettingKey, value: unknown): string | number {
  const setting = settingOf(key);
  if (setting.kind === 'enum') {
    const options = setting.options.map((option) => option.value);
    return (typeof value === 'string' ? nearest(value, options) : undefined) ?? setting.default;
  }
  if (typeof value !== 'number' || Number.isNaN(value)) return setting.default;
  const clamped = Math.min(setting.max, Math.max(setting.min, value));
  return setting.kind === 'int' ? Math.round(clamped) : clamped;
}

/**
 * One value of `key`: a value of its type, or text that reads as one ("0.5", "1e-3"). Otherwise says what is wrong and
 * which valid value is nearest (the default where the value cannot be read at all).
 */
export function checkSetting<K extends SettingKey>(key: K, raw: unknown): Checked<K> {
  const setting = settingOf(key);
  const isNumberText = setting.kind !== 'enum' && typeof raw === 'string' && NUMBER.test(raw.trim());
  const value: unknown = isNumberText ? Number(raw) : raw;
  if (isValueOf(key, value)) return { value, problem: null };
  const near = nearestValue(key, value);
  assert(isValueOf(key, near), `the nearest value of ${key} is invalid`);
  const shown = typeof raw === 'number' ? String(raw) : quote(typeof raw === 'string' ? raw : typeof raw);
  return { value: null, problem: { message: `${key} must be ${describeRange(key)}, not ${shown}`, nearest: near } };
}

function unknownKeyMessage(key: string): { message: string; hint: string | undefined } {
  const near = nearest(key, SETTING_KEYS);
  return {
    message: `there is no setting ${quote(key)}`,
    hint: near === undefined ? undefined : `Did you mean ${near}?`,
  };
}

/** `raw` on top of the preset it names, or of `base` where it names none. */
function start(raw: Readonly<Record<string, unknown>>, base: RunConfig): RunConfig {
  if (!Object.hasOwn(raw, 'preset')) return base;
  const { value, problem } = checkSetting('preset', raw.preset);
  return configForPreset(problem === null ? value : problem.nearest);
}

/** `raw` read value by value, rules between settings left aside; what could not be used is noted. */
function merge(raw: Readonly<Record<string, unknown>>, base: RunConfig): { config: RunConfig; notes: string[] } {
  const notes: string[] = [];
  const merged: Record<string, unknown> = { ...start(raw, base) };
  for (const [key, given] of Object.entries(raw)) {
    if (!isSettingKey(key)) {
      const { message, hint } = unknownKeyMessage(key);
      notes.push(`Ignored: ${message}.${hint === undefined ? '' : ` ${hint}`}`);
      continue;
    }
    const { value, problem } = checkSetting(key, given);
    if (problem !== null) notes.push(`Used ${problem.nearest}: ${problem.message}.`);
    merged[key] = problem === null ? value : problem.nearest;
  }
  assert(isRunConfig(merged), 'a checked configuration is invalid');
  return { config: merged, notes };
}

/**
 * The lenient check, for links: every problem becomes a note in a plain sentence and the nearest valid value is used.
 * A preset in `raw` replaces `base`; the other entries lie on top. Never throws.
 */
export function validateConfig(
  raw: Readonly<Record<string, unknown>>,
  base: RunConfig = defaultConfig,
): { config: RunConfig; notes: string[] } {
  const { config, notes } = merge(raw, base);
  const settled = settleRules(config);
  for (const { repaired, message } of settled.broken) notes.push(`${repaired}: ${message}.`);
  return { config: settled.config, notes };
}

/**
 * The strict check, for flags and files: as validateConfig, but the first problem throws a UserError that names the
 * nearest key or valid value, or what else to do.
 */
export function requireValidConfig(raw: Readonly<Record<string, unknown>>, base: RunConfig = defaultConfig): RunConfig {
  for (const [key, given] of Object.entries(raw)) {
    if (!isSettingKey(key)) {
      const { message, hint } = unknownKeyMessage(key);
      throw new UserError(`${message.charAt(0).toUpperCase()}${message.slice(1)}.`, hint ?? 'See --help for the list.');
    }
    const { problem } = checkSetting(key, given);
    if (problem !== null) throw new UserError(`${problem.message}.`, `The nearest valid value is ${problem.nearest}.`);
  }
  const { config } = merge(raw, base);
  const [broken] = settleRules(config).broken;
  if (broken !== undefined) throw new UserError(`${broken.message}.`, broken.hint);
  return config;
}
