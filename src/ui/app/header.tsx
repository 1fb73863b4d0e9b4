import { PAUSE, PLAY, RESET, STEP, announce, setView, toggleSettings } from '../../store/actions';
import type { Action } from '../../store/actions';
import type { ViewName } from '../../store/studio-state';
import { Mark } from '../primitives/mark';
import { useStudio, useStudioState } from '../studio-context';
import { ThemeToggle } from './theme-toggle';

const VIEWS: readonly { view: ViewName; label: string }[] = [
  { view: 'studio', label: 'Studio' },
  { view: 'cutLab', label: 'Cut Lab' },
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
        <CopyLink />
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
      <ActionButton action={RESET} />
    </div>
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

function SettingsButton(): React.JSX.Element {
  const studio = useStudio();
  const open = useStudioState((state) => state.settingsOpen);
  return (
    <button type="button" className="button" aria-expanded={open} onClick={() => toggleSettings(studio)}>
      Settings
    </button>
  );
}
