/** The groups of the newest batch: one question, its rows sorted by reward, each with draft, review and what was regrown. */
import './trajectories.css';
import { useState } from 'react';
import { select } from '../../../store/actions';
import type { CurrentView } from '../../../store/current-view';
import { count } from '../../format';
import { EvidenceLegend } from '../../primitives/evidence';
import { useStudio } from '../../studio-context';
import { useCurrentView } from '../../use-current-view';
import { GroupPicker } from './group-picker';
import { RowKey } from './row-key';
import { Rows } from './rows';
import { Waiting } from './waiting';

export function Trajectories(): React.JSX.Element {
  const view = useCurrentView();
  const [keyOpen, setKeyOpen] = useState(false);
  return (
    <section className="panel trajectories" aria-label="Trajectories">
      <div className="panel-head">
        <h2>Trajectories</h2>
        <span className="small quiet">
          {view && `update ${count(view.batch.update)}`}
          {view?.behind && (
            <span className="badge held" title="Training goes on; this batch stays until you press Follow">
              HELD
            </span>
          )}
        </span>
        <EvidenceLegend />
        {view && (
          <button type="button" className="button plain" aria-pressed={keyOpen} onClick={() => setKeyOpen(!keyOpen)}>
            Key
          </button>
        )}
        {view && <PinState view={view} />}
      </div>
      {keyOpen && view && <RowKey />}
      {view ? <Group view={view} /> : <Waiting />}
    </section>
  );
}

function PinState({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  return (
    <button
      type="button"
      className="button plain"
      aria-pressed={!view.pinned}
      title="Show every new batch and its most telling row. Selecting a step holds its batch."
      onClick={() =>
        select(studio, view.pinned ? null : { row: view.trajectory.row, side: view.side, step: view.step.number })
      }
    >
      Follow
    </button>
  );
}

function Group({ view }: { view: CurrentView }): React.JSX.Element {
  return (
    <>
      <div className="question">
        <GroupPicker group={view.group} />
        <p className="question-text">{view.batch.questions[view.group] ?? ''}</p>
      </div>
      <Rows view={view} />
    </>
  );
}
