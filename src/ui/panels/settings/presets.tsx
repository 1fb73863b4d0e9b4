import { PRESET_HELP } from '../../../config/preset-help';
import { presets } from '../../../config/schema';
import type { PresetId } from '../../../config/schema';
import { editPreset } from '../../../store/run/actions';
import { isSettingLocked } from '../../../store/state/page-options';
import { useStudio, useStudioState } from '../../studio-context';
import { Term } from '../../terms/term';

/** Arms for comparison fold away under what they are compared for; the main ones are always in sight. */
const FOLDED = {
  actor: 'Without a refiner',
  training: 'What of the refiner is trained, and how',
  cuts: 'Who decides what is cut, and where',
  bounds: 'Upper bounds',
} as const;
type Group = 'main' | keyof typeof FOLDED;

const GROUP_OF: Readonly<Record<PresetId, Group>> = {
  'search-r2': 'main',
  'search-r2-paper': 'main',
  'search-r1': 'main',
  'search-r1-matched': 'actor',
  'process-only': 'actor',
  'refiner-only': 'training',
  'refiner-process': 'training',
  'group-advantage': 'training',
  'discarded-in': 'training',
  'separate-refiner': 'training',
  'supervised-refiner': 'training',
  'second-reading': 'training',
  'reading-refiner': 'training',
  hard: 'main',
  'random-cut': 'cuts',
  resample: 'cuts',
  'always-revise': 'cuts',
  'never-revise': 'cuts',
  'oracle-label': 'bounds',
  'oracle-wrong-only': 'bounds',
  'oracle-value': 'bounds',
  'oracle-reader': 'bounds',
};

function isPresetId(id: string): id is PresetId {
  return Object.hasOwn(presets, id);
}

const IDS = Object.keys(presets).filter(isPresetId);

export function Presets(): React.JSX.Element {
  const current = useStudioState((state) => state.draft.preset);
  const locked = useStudioState((state) => isSettingLocked(state.page, 'preset'));
  const folded = Object.entries(FOLDED).map(([group, label]) => ({
    label,
    ids: IDS.filter((id) => GROUP_OF[id] === group),
  }));
  return (
    <fieldset className="presets" disabled={locked}>
      <legend>
        <Term id="preset">Preset</Term>
      </legend>
      {IDS.filter((id) => GROUP_OF[id] === 'main').map((id) => (
        <Choice key={id} id={id} checked={id === current} />
      ))}
      {folded.map(({ label, ids }) => (
        // Where the chosen one is, it is in sight when the drawer opens; a person may close it all the same.
        <details key={label} className="preset-group" open={ids.includes(current)}>
          <summary>
            {label} <span className="small quiet">{ids.includes(current) ? presets[current].label : ids.length}</span>
          </summary>
          {ids.map((id) => (
            <Choice key={id} id={id} checked={id === current} />
          ))}
        </details>
      ))}
    </fieldset>
  );
}

function Choice({ id, checked }: { id: PresetId; checked: boolean }): React.JSX.Element {
  const studio = useStudio();
  return (
    <label className="preset">
      <input type="radio" name="preset" checked={checked} onChange={() => editPreset(studio, id)} />
      <span>
        <b>{presets[id].label}</b>
        <span className="small quiet">{PRESET_HELP[id]}</span>
      </span>
    </label>
  );
}
