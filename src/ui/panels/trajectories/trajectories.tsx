/** The trajectories of one update, or of a pinned question: each with draft, review, cut and what was regrown. */
import './trajectories.css';
import { Suspense, lazy, useState } from 'react';
import { openPresent } from '../../../store/view/stage';
import { goLive } from '../../../store/view/view-actions';
import { EVIDENCE_CLASSES } from '../../../recordings/decode-trajectory';
import type { CurrentView } from '../../../store/view/current-view';
import { count } from '../../format';
import { EvidenceLegend, LLM_CLASSES } from '../../primitives/evidence';
import { useStudio, useStudioState } from '../../studio-context';
import { LOCKED_HELP, useAccess } from '../../use-access';
import { useCurrentView } from '../../use-current-view';
import { GroupPicker } from './group-picker';
import { RowList } from './row-list';
import { Term } from '../../terms/term';

// Nobody needs them who sees a batch at once, as nearly everybody does.
const RowKey = lazy(async () => ({ default: (await import('./row-key')).RowKey }));
const Waiting = lazy(async () => ({ default: (await import('./waiting')).Waiting }));
const Stage = lazy(async () => ({ default: (await import('../stage/stage')).Stage }));

/** Groups that have a button each; of more, the headings in the list are enough. */
const MOST_GROUPS = 256;

export function Trajectories(): React.JSX.Element {
  const view = useCurrentView();
  const [keyOpen, setKeyOpen] = useState(false);
  const slow = useStudioState((state) => state.pace === 'slow');
  const file = useStudioState((state) => state.rollouts.file);
  // Only our own worlds know what is false.
  const ofLlm = file !== null && !file.rules.world;
  return (
    <section className="panel trajectories" aria-label="Trajectories">
      <div className="panel-head">
        <h2>Trajectories</h2>
        {view && <Shown view={view} />}
        <EvidenceLegend classes={ofLlm ? LLM_CLASSES : EVIDENCE_CLASSES} />
        {view && (
          <button type="button" className="button plain" aria-pressed={keyOpen} onClick={() => setKeyOpen(!keyOpen)}>
            Key
          </button>
        )}
        {view && <PresentButton />}
      </div>
      {keyOpen && view && (
        <Suspense>
          <RowKey reviewed={file === null || view.stored.hasRefiner} ofLlm={ofLlm} />
        </Suspense>
      )}
      {view ? (
        <>
          {view.stored.batch.prompts > 1 && view.stored.batch.prompts <= MOST_GROUPS && view.stored.whole && (
            <GroupPicker shown={view.stored} group={view.group} />
          )}
          {slow ? (
            <Suspense>
              <Stage view={view} />
            </Suspense>
          ) : (
            <RowList view={view} />
          )}
        </>
      ) : (
        <Suspense>
          <Waiting />
        </Suspense>
      )}
    </section>
  );
}

function PresentButton(): React.JSX.Element | null {
  const studio = useStudio();
  const access = useAccess('present');
  if (access === 'hidden') return null;
  return (
    <button
      type="button"
      className="button plain present-button"
      title={access === 'locked' ? LOCKED_HELP : undefined}
      disabled={access === 'locked'}
      onClick={() => openPresent(studio)}
    >
      Present
    </button>
  );
}

/** Which update is on screen, and whether it is held there. */
function Shown({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const held = useStudioState((state) => state.heldUpdate !== null);
  const pinned = useStudioState((state) => state.shownPin !== null);
  const newest = useStudioState((state) => (state.recording === null ? 'live' : 'the newest'));
  const file = useStudioState((state) => state.rollouts.file);
  const { stored } = view;
  if (file) {
    return <span className="small quiet shown-update">{count(stored.rows.length)} recorded</span>;
  }
  return (
    <span className="small quiet shown-update">
      <Term id="update">update</Term> {count(stored.batch.update)}
      {pinned && ', pinned question'}
      {!stored.whole && ` (${stored.rows.length} of ${stored.summary.rows} kept)`}
      {held && (
        <button type="button" className="button plain" onClick={() => goLive(studio)}>
          {view.behind ? `HELD · back to ${newest}` : 'Follow'}
        </button>
      )}
    </span>
  );
}
