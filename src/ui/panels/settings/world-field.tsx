import { useId } from 'react';
import { settingOf } from '../../../config/schema';
import { SETTING_HELP } from '../../../config/setting-help';
import { editOwnWorldChoice, editSetting } from '../../../store/run/actions';
import { openOwnWorldDialog } from '../../../store/files/world/own-world';
import { isSettingLocked } from '../../../store/state/page-options';
import { useStudio, useStudioState } from '../../studio-context';

const OWN = 'own';
const MAKE = 'make';

/** The world of the run: one that ships, or a file of the person's own. */
export function WorldField(): React.JSX.Element {
  const studio = useStudio();
  const id = useId();
  const setting = settingOf('world');
  const own = useStudioState((state) => state.draftOwnWorld ?? state.ownWorld);
  const chosen = useStudioState((state) => (state.draftOwnWorld === null ? state.draft.world : OWN));
  const changed = useStudioState(
    (state) => state.draft.world !== state.config.world || state.draftOwnWorld !== state.ownWorld,
  );
  const locked = useStudioState((state) => isSettingLocked(state.page, 'world'));
  const choose = (value: string): void => {
    if (value === MAKE) openOwnWorldDialog(studio);
    else if (value === OWN) editOwnWorldChoice(studio, own);
    else {
      editOwnWorldChoice(studio, null);
      editSetting(studio, 'world', value);
    }
  };
  return (
    <div className={`setting setting-enum ${changed ? 'setting-changed' : ''}`}>
      <label htmlFor={id}>{setting.label}</label>
      <select
        id={id}
        aria-describedby={`${id}-help`}
        value={chosen}
        disabled={locked}
        onChange={(event) => choose(event.target.value)}
      >
        {setting.kind === 'enum' &&
          setting.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        {own && <option value={OWN}>{own.name} (your own)</option>}
        <option value={MAKE}>Your own facts ...</option>
      </select>
      <p className="small quiet" id={`${id}-help`}>
        {SETTING_HELP.world}
        <br />
        <span className="setting-range">needs a restart</span>
      </p>
    </div>
  );
}
