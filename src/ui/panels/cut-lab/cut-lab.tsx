/** Cut Lab: one draft, every cut of it, and the branch of the cut that a person makes. */
import './cut-lab.css';
import { useEffect } from 'react';
import { setView } from '../../../store/run/actions';
import { enterLab, labRefusal, neighbourRow } from '../../../store/lab/cut-lab';
import type { CurrentView } from '../../../store/view/current-view';
import { shelvesOf } from '../../../store/lab/shelves';
import type { Studio } from '../../../store/state/studio-state';
import { select } from '../../../store/view/view-actions';
import { count } from '../../format';
import { EVIDENCE_CLASSES } from '../../../recordings/decode-trajectory';
import { EvidenceLegend, LLM_CLASSES } from '../../primitives/evidence';
import { useStudio, useStudioState } from '../../studio-context';
import { useCurrentView } from '../../use-current-view';
import { Beside } from './beside';
import { Branches } from './branches';
import { OwnCases } from './cases';
import { Compare } from './compare';
import { RibbonHistory } from './history';
import { RecordedBench } from './recorded-bench';
import { RolloutBench } from './rollout-bench';
import { Progress } from './progress';
import { Ribbon, SweepLine } from './ribbon';
import { TokenLab } from './token-lab';
import { UpdateChange } from './update-change';
import { useBench } from './use-bench';
import { LessonLink } from '../../primitives/lesson-link';

export function CutLab(): React.JSX.Element {
  const studio = useStudio();
  const { own: shelf } = shelvesOf(studio);
  const view = useCurrentView();
  const bench = useBench(view);
  const refusal = useStudioState((state) => (view?.engine ? labRefusal(state, view) : null));
  const at = useStudioState((state) => state.lab.at);
  const recorded = useStudioState((state) => state.recording !== null);
  // Only our own worlds know what is false.
  const ofLlm = useStudioState(({ rollouts: { file } }) => file !== null && !file.rules.world);
  useEffect(() => {
    if (view) enterLab(studio, view);
  }, [studio, view, refusal]);
  return (
    <section className="panel lab" aria-label="Cut Lab">
      <div className="panel-head">
        <h2>Cut Lab</h2>
        {view && <Picker view={view} />}
        <EvidenceLegend classes={ofLlm ? LLM_CLASSES : EVIDENCE_CLASSES} />
      </div>
      {view && <Question view={view} />}
      {!view && (
        <p className="empty">
          Here you will cut a trajectory yourself. None is there yet: press Play, or Step for one update.{' '}
          <LessonLink to="cut" />
        </p>
      )}
      {refusal !== null && !recorded && <Refused reason={refusal} />}
      {view?.engine && recorded && <RecordedBench view={view} />}
      {view?.engine === null && <RolloutBench view={view} />}
      {view?.engine && bench && refusal === null && (
        <div className="lab-body">
          <Ribbon view={bench} />
          <SweepLine view={bench} />
          <Progress />
          <Compare view={bench} isDraft={at === null} />
          <RibbonHistory view={view} />
          <Branches shelf={shelf} />
          <TokenLab key={`${bench.batch.update} ${bench.trajectory.row} ${at ?? ''}`} view={bench} />
          <UpdateChange key={`${view.batch.update} ${view.trajectory.row}`} view={view} engine={view.engine} />
          <Beside view={view} />
          <OwnCases shelf={shelf} />
        </div>
      )}
      {view?.engine && refusal !== null && !recorded && (
        <div className="lab-body">
          <Beside view={view} />
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
        {view.engine ? `update ${count(stored.batch.update)}` : 'recorded'}, trajectory {trajectory.place + 1} of{' '}
        {stored.rows.length}
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

/** What is compared here as one file that opens anywhere and prints. */
async function saveHtml(studio: Studio, view: CurrentView): Promise<void> {
  const { comparisonPage, savePage } = await import('../../../store/files/save/save-page');
  await savePage(studio, comparisonPage(studio, view));
}

function Question({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  return (
    <div className="lab-question">
      <h3 className="question-text">{view.batch.questions[view.group] ?? ''}</h3>
      <span className="small quiet">right answer: {view.views.answerOf(view.trajectory)}</span>
      <button type="button" className="button plain" onClick={() => void saveHtml(studio, view)}>
        Save as HTML
      </button>
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
        </button>{' '}
        <LessonLink to="cut" />
      </p>
    </div>
  );
}
