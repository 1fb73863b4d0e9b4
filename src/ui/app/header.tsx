import {
  PAUSE,
  PLAY,
  RESET,
  STEP,
  announce,
  setPace,
  setStepTrains,
  setView,
  toggleSettings,
} from '../../store/actions';
import { PACES } from '../../store/pace';
import type { Action } from '../../store/actions';
import type { ViewName } from '../../store/studio-state';
import { toggleRuns } from '../../store/runs-actions';
import { Mark } from '../primitives/mark';
import { useStudio, useStudioState } from '../studio-context';
import { OpenButton, SaveMenu } from './files';
import { ThemeToggle } from './theme-toggle';

const VIEWS: readonly { view: ViewName; label: string }[] = [
  { view: 'studio', label: 'Studio' },
  { view: 'cutLab', label: 'Cut Lab' },
  { view: 'ask', label: 'Ask it' },
  { view: 'lessons', label: 'Lessons' },
];

export function Header(): React.JSX.Element {
  const moving = useStudioState((state) => state.runState === 'loading' || state.runState === 'warmStart');
  return (
    <div className="header">
      <h1 className="brand">
        <Mark moving={moving} />
        <span>Cutpoint</span>
      </h1>
      <Transport />
      <Views />
      <div className="header-tools">
        <OpenButton />
        <SaveMenu />
        <CopyLink />
        <RunsButton />
        <SettingsButton />
        <ThemeToggle />
      </div>
    </div>
  );
}

function Transport(): React.JSX.Element {
  return (
    <div className="transport" role="group" aria-label="Transport">
      <ActionButton action={PLAY} primary />
      <ActionButton action={PAUSE} />
      <ActionButton action={STEP} />
      <StepTrains />
      <ActionButton action={RESET} />
      <Speed />
    </div>
  );
}

const STEP_PARTS = [
  { id: 'both', label: 'both' },
  { id: 'actor', label: 'actor' },
  { id: 'refiner', label: 'refiner' },
] as const;

/** Whose loss a step takes. Actor and refiner are one network, so its weights change for both. */
function StepTrains(): React.JSX.Element {
  const studio = useStudio();
  const trains = useStudioState((state) => state.stepTrains);
  const reviews = useStudioState((state) => state.config.refiner === 'model');
  return (
    <select
      className="field transport-select"
      aria-label="Step trains"
      title="What a step trains: the losses of actor and refiner, or one of them alone"
      value={reviews ? trains : 'actor'}
      disabled={!reviews}
      onChange={(event) => {
        const part = STEP_PARTS.find(({ id }) => id === event.target.value);
        if (part) setStepTrains(studio, part.id);
      }}
    >
      {STEP_PARTS.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </select>
  );
}

function Speed(): React.JSX.Element {
  const studio = useStudio();
  const pace = useStudioState((state) => state.pace);
  return (
    <select
      className="field transport-select"
      aria-label="Speed"
      title="Updates a minute at most; slow motion shows each phase by phase"
      value={pace}
      onChange={(event) => {
        const chosen = PACES.find(({ id }) => id === event.target.value);
        if (chosen) setPace(studio, chosen.id);
      }}
    >
      {PACES.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </select>
  );
}

function ActionButton({ action, primary = false }: { action: Action; primary?: boolean }): React.JSX.Element {
  const studio = useStudio();
  const enabled = useStudioState(action.enabled);
  return (
    <button
      type="button"
      className={primary ? 'button primary' : 'button'}
      title={action.help}
      disabled={!enabled}
      onClick={() => action.perform(studio)}
    >
      {action.name}
    </button>
  );
}

function Views(): React.JSX.Element {
  const studio = useStudio();
  const current = useStudioState((state) => state.view);
  return (
    <nav className="views" aria-label="Views">
      {VIEWS.map(({ view, label }) => (
        <button
          key={view}
          type="button"
          className="view-tab"
          aria-current={view === current ? 'page' : undefined}
          onClick={() => setView(studio, view)}
        >
          {label}
        </button>
      ))}
    </nav>
  );
}

function CopyLink(): React.JSX.Element {
  const studio = useStudio();
  const copy = (): void => {
    navigator.clipboard
      .writeText(window.location.href)
      .then(() => announce(studio, 'Link copied'))
      .catch(() => announce(studio, 'Copying is blocked here: copy the address bar instead'));
  };
  return (
    <button type="button" className="button copy-link" title="Settings and seeds of this run as a link" onClick={copy}>
      Copy link
    </button>
  );
}

function RunsButton(): React.JSX.Element {
  const studio = useStudio();
  const open = useStudioState((state) => state.runsOpen);
  return (
    <button
      type="button"
      className="button runs-button"
      aria-expanded={open}
      title="Saved runs, and this one as a file"
      onClick={() => toggleRuns(studio)}
    >
      Runs
    </button>
  );
}

function SettingsButton(): React.JSX.Element {
  const studio = useStudio();
  const open = useStudioState((state) => state.settingsOpen);
  return (
    <button type="button" className="button" aria-expanded={open} onClick={() => toggleSettings(studio)}>
      Settings
    </button>
  );
}
