/** One step of one trajectory in full: query, passages, tokens, and how the reward came about. */
import './inspector.css';
import { lazy, Suspense, useDeferredValue, useRef } from 'react';
import { setView } from '../../../store/run/actions';
import { select } from '../../../store/view/view-actions';
import { sideOf } from '../../../store/view/current-view';
import type { CurrentView } from '../../../store/view/current-view';
import type { SideName } from '../../../recordings/decode-trajectory';
import { fixed, rightness } from '../../format';
import { Passages } from '../../primitives/passages';
import { useStudio } from '../../studio-context';
import { useCurrentView } from '../../use-current-view';
import { useMachineKnown } from '../../use-machine-known';
import { Term } from '../../terms/term';
import { CompareButtons } from './compare-buttons';
import { Reward } from './reward';
import { Tokens } from './tokens';
import { useAfterTheList } from './use-after-the-list';
import { useSheet } from './use-sheet';
import { LessonLink } from '../../primitives/lesson-link';

const Labels = lazy(async () => ({ default: (await import('../labels/labels')).Labels }));
const BranchList = lazy(async () => ({ default: (await import('./branch-list')).BranchList }));

export function Inspector(): React.JSX.Element {
  const view = useDeferredValue(useAfterTheList(useCurrentView()));
  const panel = useRef<HTMLElement>(null);
  const { open, grip } = useSheet(panel);
  return (
    <section
      className={open ? 'panel inspector sheet' : 'panel inspector'}
      aria-label="Inspector"
      tabIndex={-1}
      ref={panel}
    >
      {open && <button type="button" className="sheet-grip" aria-label="Close" {...grip} />}
      <div className="panel-head">
        <h2>Inspector</h2>
        {view && <SidePicker view={view} />}
      </div>
      {view ? (
        <Details view={view} />
      ) : (
        <p className="empty">
          Select a step of a trajectory: its query, passages, tokens and reward are shown here.{' '}
          <LessonLink to="worth" />
        </p>
      )}
    </section>
  );
}

function SidePicker({ view }: { view: CurrentView }): React.JSX.Element | null {
  const studio = useStudio();
  const { trajectory } = view;
  if (trajectory.cut === 0) return null;
  const sides: readonly SideName[] = ['draft', 'final'];
  return (
    <div className="side-picker" role="group" aria-label="Trajectory before or after the cut">
      {sides.map((side) => (
        <button
          key={side}
          type="button"
          className="button plain"
          aria-pressed={view.side === side}
          onClick={() => select(studio, { row: trajectory.row, side, step: view.step.number })}
        >
          {side}
        </button>
      ))}
    </div>
  );
}

function Details({ view }: { view: CurrentView }): React.JSX.Element {
  const known = useMachineKnown();
  const { trajectory, side } = view;
  const data = sideOf(trajectory, side);
  const { handBranches = [] } = trajectory;
  return (
    <div className="inspector-body">
      <StepPicker view={view} />
      <div className="inspector-buttons">
        <LabButton view={view} />
        <CompareButtons view={view} />
      </div>
      <div className="labels-place">
        <Suspense>{known && <Labels view={view} />}</Suspense>
      </div>
      <dl className="facts">
        <dt>Right answer</dt>
        <dd>{view.views.answerOf(trajectory)}</dd>
        <dt>Its answer</dt>
        <dd>
          {data.answer ?? 'none'} {data.answer !== null && <span className="quiet">({rightness(data.em)})</span>}
          {data.answerNote !== undefined && <span className="small quiet"> {data.answerNote}</span>}
        </dd>
        <dt>{view.engine ? <Term id="hop-supported">Hops supported</Term> : 'Evidence found'}</dt>
        <dd>
          {!view.engine && data.steps.some((one) => one.kind === 'search' && one.useful === null)
            ? 'unknown'
            : `${Math.round(100 * data.coverage)} %`}
        </dd>
        {trajectory.thoughts && trajectory.review && (trajectory.cut === 0 || side === 'draft') && (
          <>
            <dt>Refiner believed</dt>
            <dd>{trajectory.thoughts.join(' → ')}</dd>
          </>
        )}
        {data.endReason && (
          <>
            <dt>Ended by</dt>
            <dd>{data.endReason}</dd>
          </>
        )}
      </dl>
      <StepDetails view={view} />
      <h3>
        <Term id="reward">Reward</Term> of the{' '}
        <Term id={trajectory.cut === 0 ? 'trajectory' : side === 'final' ? 'final-trajectory' : 'draft'}>
          {trajectory.cut > 0 ? side : 'trajectory'}
        </Term>
      </h3>
      <Reward view={view} />
      {handBranches.length > 0 && (
        <Suspense>
          <BranchList branches={handBranches} />
        </Suspense>
      )}
      <Tokens view={view} />
    </div>
  );
}

function LabButton({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const open = (): void => {
    select(studio, { row: view.trajectory.row, side: view.side, step: view.step.number });
    setView(studio, 'cutLab');
  };
  return (
    <button type="button" className="button" onClick={open}>
      Open in Cut Lab
    </button>
  );
}

function StepPicker({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const { trajectory, side } = view;
  return (
    <div className="step-picker" role="group" aria-label="Step">
      <span className="small quiet">
        <Term id="step" label="Step of this trajectory">
          Step
        </Term>
      </span>
      {sideOf(trajectory, side).steps.map((step) => (
        <button
          key={step.number}
          type="button"
          className={
            side === 'final' && trajectory.cut > 0 && step.number >= trajectory.cut
              ? 'button plain regrown'
              : 'button plain'
          }
          aria-pressed={step.number === view.step.number}
          data-factor-step={step.number}
          onClick={() => select(studio, { row: trajectory.row, side, step: step.number })}
        >
          {step.number}
          {step.kind === 'answer' ? ' answer' : ''}
        </button>
      ))}
    </div>
  );
}

/** What an LLM thought in words; our own networks' thoughts are among the tokens. */
function Thought({ view }: { view: CurrentView }): React.JSX.Element | null {
  const { thought, text } = view.step;
  if (view.engine || thought === '' || thought === text) return null;
  return (
    <>
      <h3>Thought</h3>
      <p className="step-words quiet">{thought}</p>
    </>
  );
}

function StepDetails({ view }: { view: CurrentView }): React.JSX.Element {
  const { step } = view;
  if (step.kind !== 'search') {
    return (
      <>
        <Thought view={view} />
        <h3>{step.kind === 'answer' ? 'Answer' : 'Broken off'}</h3>
        <p className="step-words">{step.text}</p>
      </>
    );
  }
  return (
    <>
      <Thought view={view} />
      <h3>
        <Term id="query">Query</Term>
      </h3>
      <p>“{step.text}”</p>
      <h3>
        <Term id="passage">Passages</Term> found
      </h3>
      <Passages passages={step.passages} />
      <dl className="facts">
        <dt>
          <Term id="u_i" then=",">
            u<sub>i</sub>
          </Term>{' '}
          {view.engine ? 'new hop supported' : 'new evidence'}
        </dt>
        <dd>{step.useful ?? 'unknown'}</dd>
        <dt>
          <Term id="density" then=",">
            Density
          </Term>{' '}
          share new and supporting
        </dt>
        <dd>{fixed(step.share)}</dd>
      </dl>
    </>
  );
}
