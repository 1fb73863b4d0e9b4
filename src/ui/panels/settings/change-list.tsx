import { configForPreset, presets, settingOf } from '../../../config/schema';
import { editSetting } from '../../../store/run/actions';
import { changesAgainstPreset } from '../../../store/run/config-draft';
import { isSettingLocked } from '../../../store/state/page-options';
import { settingText } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';

/** What the edited settings change against their preset, each with a way back. */
export function ChangeList(): React.JSX.Element {
  const studio = useStudio();
  const draft = useStudioState((state) => state.draft);
  const page = useStudioState((state) => state.page);
  const changes = changesAgainstPreset(draft);
  const label = presets[draft.preset].label;
  return (
    <div className="changes">
      <h3>Changed against {label}</h3>
      {changes.length === 0 ? (
        <p className="small quiet">Nothing: every setting is the preset’s own.</p>
      ) : (
        <ul>
          {changes.map(({ key, from, to }) => (
            <li key={key} className="small">
              <span>
                {settingOf(key).label}: <s>{settingText(from)}</s> → <b>{settingText(to)}</b>
              </span>
              <button
                type="button"
                className="button plain"
                disabled={isSettingLocked(page, key)}
                aria-label={`Undo the change of ${settingOf(key).label}`}
                onClick={() => editSetting(studio, key, configForPreset(draft.preset)[key])}
              >
                Undo
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
