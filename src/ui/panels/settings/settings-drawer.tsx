/** All knobs, from the one table of settings: plain help, range, default, the paper's value, and what differs from the preset. */
import './settings.css';
import { SETTING_GROUPS, SETTING_KEYS, settingOf } from '../../../config/schema';
import type { SettingGroup } from '../../../config/schema';
import {
  appliesLive,
  applyDraft,
  discardDraft,
  editInitial,
  openDoctor,
  toggleSettings,
} from '../../../store/run/actions';
import { Drawer } from '../../primitives/drawer';
import { useStudio, useStudioState } from '../../studio-context';
import { useAccess } from '../../use-access';
import { ChangeList } from './change-list';
import { Models } from './models';
import { Presets } from './presets';
import { SettingField } from './setting-field';
import { WorldField } from './world-field';
import { Term } from '../../terms/term';

const GROUP_LABEL: Readonly<Record<SettingGroup, string>> = {
  Run: 'Run',
  World: 'World',
  Model: 'Model',
  Rollout: 'Rollout',
  Refiner: 'Refiner',
  Reward: 'Reward',
  Objective: 'Objective',
  WarmStart: 'Warm start',
  Evaluation: 'Evaluation',
};

export function SettingsDrawer(): React.JSX.Element {
  const studio = useStudio();
  return (
    <Drawer title="Settings" onClose={() => toggleSettings(studio)} foot={<ApplyBar />}>
      <Presets />
      <ChangeList />
      {SETTING_GROUPS.map((group) => (
        <details key={group} className="setting-group" open={group === 'Run' || group === 'Refiner'}>
          <summary>{GROUP_LABEL[group]}</summary>
          {group === 'WarmStart' && <InitialWeights />}
          {SETTING_KEYS.filter((key) => key !== 'preset' && settingOf(key).group === group).map((key) =>
            key === 'world' ? <WorldField key={key} /> : <SettingField key={key} settingKey={key} />,
          )}
        </details>
      ))}
      <Models />
      <DoctorButton />
    </Drawer>
  );
}

function DoctorButton(): React.JSX.Element {
  const studio = useStudio();
  return (
    <div className="doctor-offer">
      <h3>Slow, or not working?</h3>
      <p className="small quiet">
        The doctor writes down what this browser gives the engine, tests every kernel and times a small run: text for a
        bug report.
      </p>
      <button type="button" className="button" onClick={() => openDoctor(studio)}>
        Doctor
      </button>
    </div>
  );
}

function InitialWeights(): React.JSX.Element {
  const studio = useStudio();
  const initial = useStudioState((state) => state.draftInitial);
  const { opened } = studio;
  const locked = useAccess('settings') !== 'free';
  return (
    <fieldset className="presets" disabled={locked}>
      <legend>
        First <Term id="weights">weights</Term>
      </legend>
      <label className="preset">
        <input
          type="radio"
          name="initial"
          checked={initial === 'shipped'}
          onChange={() => editInitial(studio, 'shipped')}
        />
        <span>
          <b>Shipped</b>
          <span className="small quiet">Load weights that were warm-started before. Starts at once.</span>
        </span>
      </label>
      <label className="preset">
        <input
          type="radio"
          name="initial"
          checked={initial === 'warmStart'}
          onChange={() => editInitial(studio, 'warmStart')}
        />
        <span>
          <b>Warm start in this page</b>
          <span className="small quiet">
            Imitate demonstrations from random weights first, with the settings below. Takes minutes.
          </span>
        </span>
      </label>
      {opened && (
        <label className="preset">
          <input
            type="radio"
            name="initial"
            checked={initial === 'opened'}
            onChange={() => editInitial(studio, 'opened')}
          />
          <span>
            <b>Opened</b>
            <span className="small quiet">
              {opened.name}, for a model of size {opened.config.size} on {opened.config.world}.
            </span>
          </span>
        </label>
      )}
    </fieldset>
  );
}

function ApplyBar(): React.JSX.Element {
  const studio = useStudio();
  const changed = useStudioState(
    (state) =>
      state.draftInitial !== state.initial ||
      state.draftOwnWorld !== state.ownWorld ||
      SETTING_KEYS.some((key) => state.draft[key] !== state.config[key]),
  );
  const usable = useStudioState((state) => state.support.status === 'ok');
  const live = useStudioState(appliesLive);
  return (
    <div className="apply-bar">
      <p className="small quiet">
        {!changed
          ? 'The run uses these settings.'
          : live
            ? 'All of this applies from the next update on; weights and optimiser stay.'
            : 'This needs a restart: the run on screen ends, a new one begins.'}
      </p>
      <button type="button" className="button" disabled={!changed} onClick={() => discardDraft(studio)}>
        Discard
      </button>
      <button
        type="button"
        className="button primary"
        disabled={!changed || !usable}
        onClick={() => applyDraft(studio)}
      >
        {changed && live ? 'Apply' : 'Apply and restart'}
      </button>
    </div>
  );
}
