import { useId, useState } from 'react';
import { isValueOf, settingOf } from '../../../config/schema';
import type { EnumSetting, NumberSetting, SettingKey } from '../../../config/schema';
import { SETTING_HELP } from '../../../config/setting-help';
import { editSetting } from '../../../store/run/actions';
import { isSettingLocked } from '../../../store/state/page-options';
import { settingText } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';

export function SettingField({ settingKey }: { settingKey: SettingKey }): React.JSX.Element {
  const setting = settingOf(settingKey);
  const changed = useStudioState((state) => state.draft[settingKey] !== state.config[settingKey]);
  const locked = useStudioState((state) => isSettingLocked(state.page, settingKey));
  const id = useId();
  return (
    <div className={['setting', `setting-${setting.kind}`, changed ? 'setting-changed' : ''].join(' ')}>
      <label htmlFor={id}>{setting.label}</label>
      {setting.kind === 'enum' ? (
        <EnumControl id={id} settingKey={settingKey} setting={setting} locked={locked} />
      ) : (
        <NumberControl id={id} settingKey={settingKey} setting={setting} locked={locked} />
      )}
      <p className="small quiet" id={`${id}-help`}>
        {SETTING_HELP[settingKey]}
        <br />
        <span className="setting-range">
          {[...factsOf(setting), ...(locked ? ['locked by the link'] : [])].join(' · ')}
        </span>
      </p>
    </div>
  );
}

/** Range, default and the paper's value, where there is one. */
function factsOf(setting: NumberSetting | EnumSetting<string>): string[] {
  const shown = (value: string | number): string => {
    if (setting.kind !== 'enum') return settingText(value);
    return setting.options.find((option) => option.value === value)?.label ?? String(value);
  };
  const facts = [`Default: ${shown(setting.default)}`, setting.restart ? 'needs a restart' : 'applies live'];
  if (setting.kind !== 'enum') facts.unshift(`${settingText(setting.min)} to ${settingText(setting.max)}`);
  if (setting.paper !== null) facts.splice(-1, 0, `Paper: ${shown(setting.paper)}`);
  return facts;
}

interface ControlProps<S> {
  id: string;
  settingKey: SettingKey;
  setting: S;
  locked: boolean;
}

function EnumControl({ id, settingKey, setting, locked }: ControlProps<EnumSetting<string>>): React.JSX.Element {
  const studio = useStudio();
  const value = useStudioState((state) => state.draft[settingKey]);
  return (
    <select
      id={id}
      aria-describedby={`${id}-help`}
      value={value}
      disabled={locked}
      onChange={(event) => editSetting(studio, settingKey, event.target.value)}
    >
      {setting.options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

function NumberControl({ id, settingKey, setting, locked }: ControlProps<NumberSetting>): React.JSX.Element {
  const studio = useStudio();
  const value = useStudioState((state) => state.draft[settingKey]);
  // Half-typed text ("1e-", "") is kept here until it is a number in range; only then it becomes the setting.
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? settingText(value).replace('\u2212', '-');
  const invalid = typed !== null && !isValueOf(settingKey, Number(typed === '' ? NaN : typed));
  return (
    <span className="number-control">
      <input
        id={id}
        aria-describedby={`${id}-help`}
        aria-invalid={invalid}
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        disabled={locked}
        value={text}
        onChange={(event) => {
          setTyped(event.target.value);
          if (event.target.value.trim() !== '') editSetting(studio, settingKey, Number(event.target.value));
        }}
        onBlur={() => setTyped(null)}
      />
      <span className="small quiet">{setting.unit}</span>
      {invalid && (
        <span className="small setting-error" role="status">
          {setting.kind === 'int' ? 'an integer' : 'a number'} from {settingText(setting.min)} to{' '}
          {settingText(setting.max)}
        </span>
      )}
    </span>
  );
}
