/** What a person changed in the settings drawer and has not applied yet, and how a configuration differs from its preset. */
import { SETTING_KEYS, configForPreset, isRunConfig, isValueOf, settingOf } from '../../config/schema';
import type { PresetId, RunConfig, SettingKey, SettingValue } from '../../config/schema';

export interface SettingChange {
  key: SettingKey;
  from: SettingValue;
  to: SettingValue;
}

/** Settings of `config` that differ from those of `base`, in the order of the table; the preset's own name aside. */
export function changesBetween(base: RunConfig, config: RunConfig): SettingChange[] {
  return SETTING_KEYS.filter((key) => key !== 'preset' && base[key] !== config[key]).map((key) => ({
    key,
    from: base[key],
    to: config[key],
  }));
}

/** Whether going from one configuration to another takes a new run; other changes apply between two updates. */
export function needsRestart(from: RunConfig, to: RunConfig): boolean {
  return SETTING_KEYS.some((key) => settingOf(key).restart && from[key] !== to[key]);
}

export function changesAgainstPreset(config: RunConfig): SettingChange[] {
  return changesBetween(configForPreset(config.preset), config);
}

/** `config` with one setting replaced; unchanged when the value is not one the setting can take. */
export function withSetting(config: RunConfig, key: SettingKey, value: unknown): RunConfig {
  if (!isValueOf(key, value)) return config;
  const next = { ...config, [key]: value };
  return isRunConfig(next) ? next : config;
}

/** Another preset with the changes a person has made kept on top. */
export function withPreset(config: RunConfig, preset: PresetId): RunConfig {
  let next = configForPreset(preset);
  for (const { key, to } of changesAgainstPreset(config)) next = withSetting(next, key, to);
  return next;
}
