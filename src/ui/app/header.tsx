import { lazy, Suspense, useState } from 'react';
import { PAUSE, PLAY, RESET, STEP, setPace, setStepTrains, setView, toggleSettings } from '../../store/run/actions';
import { PACES } from '../../store/state/pace';
import type { Action } from '../../store/run/actions';
import type { ViewName } from '../../store/state/studio-state';
import { copyLink, LINK_KINDS } from '../../store/view/copy-link';
import { encodeLink } from '../../store/view/link';
import { accessTo, lockedNames } from '../../store/state/page-options';
import type { ControlId } from '../../store/state/page-options';
import { Mark } from '../primitives/mark';
import { Menu } from '../primitives/menu';
import { useStudio, useStudioState } from '../studio-context';
import { LOCKED_HELP, useAccess } from '../use-access';
import { FileMenu } from './files';
import { StatusLine } from './status-line';
import { ThemeToggle } from './theme-toggle';

const RunForm = lazy(async () => ({ default: (await import('./run-form')).RunForm }));

const VIEWS: readonly { view: ViewName; label: string }[] = [
  { view: 'studio', label: 'Studio' },
  { view: 'cutLab', label: 'Cut Lab' },
  { view: 'ask', label: 'Ask it' },
  { view: 'lessons', label: 'Lessons' },
];

/**
 * The one bar: what runs the engine, where it stands, the views, and what is done with files and links.
 *
 * @param reading a lesson is open: the run waits
 */
export function Header({ reading }: { reading: boolean }): React.JSX.Element {
  const moving = useStudioState((state) => state.runState === 'loading' || state.runState === 'warmStart');
  return (
    <header className="bar">
      <h1 className="brand">
        <Mark moving={moving} />
        <span>Cutpoint</span>
      </h1>
      {!reading && (
        <>
          <Transport />
          <StatusLine />
        </>
      )}
      <Views />
      <div className="bar-tools">
        <Locked />
        <FileMenu />
        <CopyLink />
        <WholePage />
        <SettingsButton />
        <ThemeToggle />
      </div>
    </header>
  );
}

function Transport(): React.JSX.Element {
  return (
    <div className="transport" role="group" aria-label="Transport">
      <span className="split">
        <ActionButton action={PLAY} primary />
        <RunFor />
      </span>
      <ActionButton action={PAUSE} />
      <ActionButton action={STEP} control="step" />
      <StepTrains />
      <ActionButton action={RESET} control="reset" />
      <Speed />
    </div>
  );
}

/** A set number of updates; its form is fetched when it is opened. */
function RunFor(): React.JSX.Element | null {
  const [opened, setOpened] = useState(false);
  if (useAccess('speed') !== 'free') return null;
  return (
    <Menu text="▾" label="Run a set number of updates" onOpen={() => setOpened(true)} stays>
      {opened && (
        <Suspense>
          <RunForm />
        </Suspense>
      )}
    </Menu>
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
  const locked = useAccess('speed') === 'locked';
  return (
    <select
      className="field transport-select"
      aria-label="Speed"
      title={locked ? LOCKED_HELP : undefined}
      value={pace}
      disabled={locked}
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

interface ActionButtonProps {
  action: Action;
  primary?: boolean;
  /** What may lock it. */
  control?: ControlId;
}

function ActionButton({ action, primary = false, control }: ActionButtonProps): React.JSX.Element {
  const studio = useStudio();
  const enabled = useStudioState(action.enabled);
  const locked = useStudioState((state) => control !== undefined && accessTo(state.page, control) === 'locked');
  return (
    <button
      type="button"
      className={primary ? 'button primary' : 'button'}
      title={locked ? LOCKED_HELP : action.help}
      disabled={!enabled || locked}
      onClick={() => action.perform(studio)}
    >
      {action.name}
    </button>
  );
}

function Views(): React.JSX.Element | null {
  const studio = useStudio();
  const current = useStudioState((state) => state.view);
  const access = useAccess('views');
  if (access === 'hidden') return null;
  return (
    <nav className="views" aria-label="Views">
      {VIEWS.map(({ view, label }) => (
        <button
          key={view}
          type="button"
          className="view-tab"
          aria-current={view === current ? 'page' : undefined}
          disabled={access === 'locked' && view !== current}
          onClick={() => setView(studio, view)}
        >
          {label}
        </button>
      ))}
    </nav>
  );
}

function CopyLink(): React.JSX.Element | null {
  const studio = useStudio();
  const access = useAccess('link');
  const [usual] = LINK_KINDS;
  if (access === 'hidden' || usual === undefined) return null;
  return (
    <button
      type="button"
      className="button icon-button"
      aria-label="Copy link"
      title={access === 'locked' ? LOCKED_HELP : 'Copy link'}
      disabled={access === 'locked'}
      onClick={() => void copyLink(studio, usual)}
    >
      <LinkSign />
    </button>
  );
}

/** Two links of a chain. */
function LinkSign(): React.JSX.Element {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden>
      <path d="M6.5 9.5a3 3 0 0 0 4.3 0l2.3-2.3a3 3 0 0 0-4.3-4.3l-.9.9M9.5 6.5a3 3 0 0 0-4.3 0L2.9 8.8a3 3 0 0 0 4.3 4.3l.9-.9" />
    </svg>
  );
}

function SettingsButton(): React.JSX.Element | null {
  const studio = useStudio();
  const open = useStudioState((state) => state.settingsOpen);
  // Locked settings can still be read.
  if (useAccess('settings') === 'hidden') return null;
  return (
    <button type="button" className="button" aria-expanded={open} onClick={() => toggleSettings(studio)}>
      Settings
    </button>
  );
}

/** What the link of the page has locked, said where somebody looks for it. */
function Locked(): React.JSX.Element | null {
  const options = useStudioState((state) => state.page);
  const names = lockedNames(options);
  if (names.length === 0) return null;
  return (
    <Menu text="Locked" label={`Locked by the link of this page: ${names.join(', ')}`} stays>
      <div className="locked">
        <p>The link of this page locks</p>
        <ul>
          {names.map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      </div>
    </Menu>
  );
}

/** A page inside another is small: this leads to the whole one. */
function WholePage(): React.JSX.Element | null {
  const embedded = useStudioState((state) => state.page.embed);
  const href = useStudioState((state) => encodeLink({ ...state, page: { ...state.page, embed: false } }));
  if (!embedded) return null;
  return (
    <a className="button" href={href} target="_blank" rel="noopener">
      Open Cutpoint
    </a>
  );
}
