import '../tokens.css';
import '../base.css';
import './app.css';
import { Suspense, lazy, useEffect } from 'react';
import type { Studio } from '../../store/state/studio-state';
import { StudioProvider, useStudioState } from '../studio-context';
import { DropZone } from './drop-zone';
import { Header } from './header';
import { Messages } from './messages';
import { StudioView } from './studio-view';
import { TermPopover } from '../terms/term-popover';
import { Toast } from './toast';
import { useMachineKnown } from '../use-machine-known';
import { useShortcuts } from './use-shortcuts';

// Who only looks at Studio need not wait for it.
const CutLab = lazy(async () => ({ default: (await import('../panels/cut-lab/cut-lab')).CutLab }));
const RunsDrawer = lazy(async () => ({ default: (await import('../panels/saved-runs/runs-drawer')).RunsDrawer }));
const SettingsDrawer = lazy(async () => ({
  default: (await import('../panels/settings/settings-drawer')).SettingsDrawer,
}));
const Lessons = lazy(async () => ({ default: (await import('../panels/lessons/lessons')).Lessons }));
const OwnWorld = lazy(async () => ({ default: (await import('../panels/own-world/own-world')).OwnWorld }));
const Doctor = lazy(async () => ({ default: (await import('../panels/doctor/doctor')).Doctor }));
const ComparedDrawer = lazy(async () => ({
  default: (await import('../panels/compare/compared-drawer')).ComparedDrawer,
}));
const Present = lazy(async () => ({ default: (await import('../panels/stage/present')).Present }));
const AskIt = lazy(async () => ({ default: (await import('../panels/ask/ask-it')).AskIt }));

export function App({ studio }: { studio: Studio }): React.JSX.Element {
  return (
    <StudioProvider value={studio}>
      <Page />
    </StudioProvider>
  );
}

function Page(): React.JSX.Element {
  useShortcuts();
  const known = useMachineKnown();
  useEffect(() => {
    if (!known) return undefined;
    const ending = import('./keep-focus').then(({ keepFocus }) => keepFocus());
    return () => void ending.then((end) => end());
  }, [known]);
  const present = useStudioState((state) => state.page.present);
  return (
    <>
      {present ? (
        <Suspense>
          <Present />
        </Suspense>
      ) : (
        <Views />
      )}
      <Toast />
      <TermPopover />
      <DropZone />
    </>
  );
}

function Views(): React.JSX.Element {
  const view = useStudioState((state) => state.view);
  const embed = useStudioState((state) => state.page.embed);
  const settingsOpen = useStudioState((state) => state.settingsOpen);
  const runsOpen = useStudioState((state) => state.runsOpen);
  const ownWorldOpen = useStudioState((state) => state.ownWorldDialog !== null);
  // Nothing on the page acts but what the lesson asks for.
  const reading = useStudioState((state) => state.view === 'lessons' && state.lessons.at !== null);
  const isComparing = useStudioState((state) => state.compared.length > 0);
  const doctorOpen = useStudioState((state) => state.doctor !== null);
  return (
    <div className="app" data-embed={embed}>
      <Header reading={reading} />
      <main className="app-main">
        {!reading && <Messages />}
        {view === 'studio' && <StudioView />}
        {view === 'cutLab' && (
          <Suspense fallback={<section className="panel lab-waiting" aria-label="Cut Lab" />}>
            <CutLab />
          </Suspense>
        )}
        {view === 'ask' && (
          <Suspense fallback={<section className="panel lab-waiting" aria-label="Ask it" />}>
            <AskIt />
          </Suspense>
        )}
        {view === 'lessons' && (
          <Suspense>
            <Lessons />
          </Suspense>
        )}
      </main>
      {settingsOpen && (
        <Suspense>
          <SettingsDrawer />
        </Suspense>
      )}
      {runsOpen && (
        <Suspense>
          <RunsDrawer />
        </Suspense>
      )}
      {isComparing && (
        <Suspense>
          <ComparedDrawer />
        </Suspense>
      )}
      {ownWorldOpen && (
        <Suspense>
          <OwnWorld />
        </Suspense>
      )}
      {doctorOpen && (
        <Suspense>
          <Doctor />
        </Suspense>
      )}
    </div>
  );
}
