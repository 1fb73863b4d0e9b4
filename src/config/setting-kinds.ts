/** The kinds of settings that the table (settings.ts) is made of. */
export type SettingGroup =
  'Run' | 'World' | 'Model' | 'Rollout' | 'Refiner' | 'Reward' | 'Objective' | 'WarmStart' | 'Evaluation';

interface SettingText {
  /** Short name on a control. */
  label: string;
  unit?: string;
  /** The paper's value (arXiv 2602.03647), where it names one. */
  paper?: string;
  /** Whether a change needs a new run. Settings without it may change between two updates. */
  restart?: true;
}

interface SettingBase {
  readonly group: SettingGroup;
  readonly label: string;
  readonly unit: string | null;
  readonly paper: string | null;
  readonly restart: boolean;
}

export interface NumberSetting extends SettingBase {
  readonly kind: 'int' | 'float';
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

export interface EnumOption<V extends string> {
  readonly value: V;
  readonly label: string;
}

export interface EnumSetting<V extends string> extends SettingBase {
  readonly kind: 'enum';
  readonly default: V;
  readonly options: readonly EnumOption<V>[];
}

/** What every entry of the table looks like to a caller that walks over it. */
export type Setting = NumberSetting | EnumSetting<string>;

function base(group: SettingGroup, { label, unit, paper, restart }: SettingText): SettingBase {
  return { group, label, unit: unit ?? null, paper: paper ?? null, restart: restart ?? false };
}

export function int(group: SettingGroup, initial: number, min: number, max: number, text: SettingText): NumberSetting {
  return { kind: 'int', default: initial, min, max, ...base(group, text) };
}

export function float(
  group: SettingGroup,
  initial: number,
  min: number,
  max: number,
  text: SettingText,
): NumberSetting {
  return { kind: 'float', default: initial, min, max, ...base(group, text) };
}

/** `options` are [value, label] pairs. */
export function oneOf<const V extends string>(
  group: SettingGroup,
  initial: NoInfer<V>,
  options: readonly (readonly [V, string])[],
  text: SettingText,
): EnumSetting<V> {
  return {
    kind: 'enum',
    default: initial,
    options: options.map(([value, label]) => ({ value, label })),
    ...base(group, text),
  };
}
