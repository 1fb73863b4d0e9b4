/** Cut Lab: one draft, every cut of it, and the branch of the cut that a person makes. */
import './cut-lab.css';
import { useEffect } from 'react';
import { setView } from '../../../store/actions';
import { enterLab, labRefusal, neighbourRow } from '../../../store/cut-lab';
import type { CurrentView } from '../../../store/current-view';
import { tokenWord } from '../../../store/decode';
import type { StudioState } from '../../../store/studio-state';
import { select } from '../../../store/view-actions';
import { count } from '../../format';
import { EvidenceLegend } from '../../primitives/evidence';
import { useStudio, useStudioState } from '../../studio-context';
import { useCurrentView } from '../../use-current-view';
import { Compare } from './compare';
import { Ribbon, SweepLine } from './ribbon';

export function CutLab(): React.JSX.Element {
  const studio = useStudio();
  const view = useCurrentView();
  const refusal = useStudioState((state) => (view ? labRefusal(state, view) : null));
  const draft = useStudioState((state) => state.lab.draft);
  useEffect(() => {
    if (view) enterLab(studio, view);
  }, [studio, view, refusal]);
  const ready = draft?.rows[0] === view?.trajectory.row && draft?.batch.update === view?.batch.update;
  return (
    <section className="panel lab" aria-label="Cut Lab">
      <div className="panel-head">
        <h2>Cut Lab</h2>
        {view && <Picker view={view} />}
        <EvidenceLegend />
      </div>
      {view && <Question view={view} />}
      {!view && (
        <p className="empty">
          Here you will cut a trajectory yourself. None is there yet: press Play, or Step for one update.
        </p>
      )}
      {refusal !== null && <Refused reason={refusal} />}
      {view && refusal === null && ready && (
        <div className="lab-body">
          <Ribbon view={view} />
          <SweepLine view={view} />
          <Progress />
          <Compare view={view} />
        </div>
      )}
    </section>
  );
}

function Picker({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const { stored, trajectory } = view;
  const go = (direction: -1 | 1): void => {
    const row = neighbourRow(view, direction);
    if (row !== null) select(studio, { row, side: 'final', step: 1 });
  };
  return (
    <div className="lab-picker" role="group" aria-label="Trajectory">
      <span className="small quiet">
        update {count(stored.batch.update)}, trajectory {trajectory.place + 1} of {stored.rows.length}
      </span>
      <button type="button" className="button plain" disabled={trajectory.place === 0} onClick={() => go(-1)}>
        Previous
      </button>
      <button
        type="button"
        className="button plain"
        disabled={trajectory.place + 1 >= stored.rows.length}
        onClick={() => go(1)}
      >
        Next
      </button>
      <button type="button" className="button plain" onClick={() => setView(studio, 'studio')}>
        Choose in Studio
      </button>
    </div>
  );
}

function Question({ view }: { view: CurrentView }): React.JSX.Element {
  const world = useStudioState((state) => state.world);
  return (
    <div className="lab-question">
      <h3 className="question-text">{view.batch.questions[view.group] ?? ''}</h3>
      <span className="small quiet">
        right answer: {world ? tokenWord(world, view.batch.answers[view.group] ?? 0) : ''}
      </span>
    </div>
  );
}

function Refused({ reason }: { reason: string }): React.JSX.Element {
  const studio = useStudio();
  return (
    <div className="empty">
      <p>{reason}</p>
      <p>
        <button type="button" className="button" onClick={() => setView(studio, 'studio')}>
          Go to Studio
        </button>
      </p>
    </div>
  );
}

/** What is being computed, or why it was not, in one line that is always there. */
function Progress(): React.JSX.Element {
  const text = useStudioState(progressText);
  return (
    <p className="lab-progress small quiet" role="status">
      {text}
    </p>
  );
}

function progressText({ lab, runState, update }: StudioState): string {
  if (lab.refusal) return `${lab.refusal.message} ${lab.refusal.hint}`.trim();
  const after = runState === 'running' ? ', once the update under way is done' : '';
  if (lab.cutAsked !== null) return `Regenerating from your cut with the weights of update ${update}${after} …`;
  if (lab.sweepAsked !== null) return `Regenerating every cut with the weights of update ${update}${after} …`;
  if (!lab.branch) return '';
  const { step, view } = lab.branch;
  return `Your cut at ${step}: ${view.final.answer ?? 'no answer'}, ${view.final.em ? 'right' : 'wrong'}.`;
}
