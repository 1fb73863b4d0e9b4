/** Runs saved in this browser, and the one on screen as a file. */
import './saved-runs.css';
import { useState } from 'react';
import { SAVE_EVERY_CHOICES } from '../../../store/files/saved/autosave';
import {
  deleteSaved,
  openSaved,
  packSaved,
  renameSaved,
  setSaveEvery,
  showSavedBehind,
  toggleRuns,
} from '../../../store/files/saved/runs-actions';
import { showExample } from '../../../store/files/open/load-recording';
import { titleOf } from '../../../store/files/saved/saved-recording';
import type { SavedRun } from '../../../recordings/saved-run';
import { download } from '../../../store/files/save/download';
import { CAPSULE, saveFile } from '../../../store/files/save/save-file';
import { count } from '../../format';
import { Drawer } from '../../primitives/drawer';
import { useStudio, useStudioState } from '../../studio-context';

export function RunsDrawer(): React.JSX.Element {
  const studio = useStudio();
  return (
    <Drawer title="Runs" onClose={() => toggleRuns(studio)}>
      <div className="runs-body">
        <OnScreen />
        <Example />
        <SavedList />
      </div>
    </Drawer>
  );
}

/** The run on screen: how often it is saved, and a way to take it along. */
function OnScreen(): React.JSX.Element {
  const studio = useStudio();
  const saveEvery = useStudioState((state) => state.saveEvery);
  const saved = useStudioState((state) => state.savedUpdate);
  const enabled = useStudioState(CAPSULE.enabled);
  return (
    <div className="runs-now">
      <h3>On screen</h3>
      <p className="small quiet">
        A capsule is one file with settings, numbers, trajectories and weights: it plays back anywhere, and goes on
        exactly where there is WebGPU.
      </p>
      <button type="button" className="button" disabled={!enabled} onClick={() => void saveFile(studio, CAPSULE)}>
        Save as a capsule
      </button>
      <label className="small runs-every">
        <span>Save here every</span>
        <select
          className="field"
          value={saveEvery}
          onChange={(event) => setSaveEvery(studio, Number(event.target.value), window)}
        >
          {SAVE_EVERY_CHOICES.map((choice) => (
            <option key={choice} value={choice}>
              {choice === 0 ? 'never' : choice === 1 ? 'update' : `${choice} updates`}
            </option>
          ))}
        </select>
      </label>
      <p className="small quiet">
        {saved === null ? 'Not saved yet.' : `Saved at update ${count(saved)}.`} It is saved at rest and when you leave,
        too; while it trains, not more than once in five seconds.
      </p>
    </div>
  );
}

/** It gave way to the first run of one's own: here it is again. */
function Example(): React.JSX.Element {
  const studio = useStudio();
  const shown = useStudioState((state) => state.recording?.source === 'example');
  return (
    <div className="runs-example">
      <h3>Ships with the page</h3>
      <p className="small quiet">A recorded run of 40 updates. The run on this page waits while it is shown.</p>
      <button type="button" className="button" disabled={shown} onClick={() => void showExample(studio)}>
        {shown ? 'The example is on screen' : 'Show the example'}
      </button>
    </div>
  );
}

function SavedList(): React.JSX.Element {
  const runs = useStudioState((state) => state.savedRuns);
  const total = runs?.reduce((sum, run) => sum + run.bytes, 0) ?? 0;
  return (
    <div>
      <h3>Saved in this browser{total > 0 && ` · ${megabytes(total)}`}</h3>
      {runs?.length === 0 && <p className="small quiet">None yet.</p>}
      <ul className="runs-list">
        {runs?.map((run) => (
          <SavedItem key={run.id} run={run} />
        ))}
      </ul>
      <p className="small quiet">Of runs without a name the oldest beyond 30 are removed.</p>
    </div>
  );
}

function SavedItem({ run }: { run: SavedRun }): React.JSX.Element {
  const studio = useStudio();
  const usable = useStudioState((state) => state.support.status === 'ok');
  const current = useStudioState((state) => state.savedId === run.id);
  const [name, setName] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const title = titleOf(run);
  const save = async (): Promise<void> => {
    const file = await packSaved(studio, run.id);
    if (file) download(`${title.replaceAll(/[^\w-]+/g, '-')}.capsule`, file);
  };
  const rename = (): void => {
    if (name !== null && name !== run.name) void renameSaved(studio, run.id, name);
    setName(null);
  };
  return (
    <li className="runs-item">
      {name === null ? (
        <p className="runs-title">
          <b>{title}</b> {current && <span className="badge">on screen</span>}
        </p>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            rename();
          }}
        >
          <input
            className="field"
            aria-label={`Name of ${title}`}
            autoFocus
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onBlur={rename}
          />
        </form>
      )}
      <p className="small quiet">
        update {count(run.update)} · {run.config.size} · seed {run.config.runSeed} · {run.savedAt.toLocaleString()} ·{' '}
        {megabytes(run.bytes)}
      </p>
      <div className="runs-buttons">
        <button
          type="button"
          className="button plain"
          disabled={current}
          onClick={() => void openSaved(studio, run.id, navigator.locks)}
        >
          {usable ? 'Continue' : 'Open'}
        </button>
        <button type="button" className="button plain" onClick={() => setName(run.name ?? title)}>
          Rename
        </button>
        <button type="button" className="button plain" onClick={() => void save()}>
          Download
        </button>
        <button
          type="button"
          className="button plain"
          disabled={current}
          onClick={() => void showSavedBehind(studio, run.id)}
        >
          Compare
        </button>
        <button
          type="button"
          className="button plain"
          onBlur={() => setAsking(false)}
          onClick={() => (asking ? void deleteSaved(studio, run.id, navigator.locks) : setAsking(true))}
        >
          {asking ? 'Delete for good' : 'Delete'}
        </button>
      </div>
    </li>
  );
}

function megabytes(bytes: number): string {
  return bytes < 1e5 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
