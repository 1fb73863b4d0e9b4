/** A recorded draft: what its cuts are worth where that was computed before, and what to press to compute it here. */
import { useEffect, useState } from 'react';
import { cutValues } from '../../../recordings/cut-values';
import { storedSweeps } from '../../../store/lab/stored-sweeps';
import type { CurrentView } from '../../../store/view/current-view';
import { goToUpdate } from '../../../store/view/view-actions';
import type { StoredSweeps } from '../../../recordings/stored-sweeps';
import { count } from '../../format';
import { ItsWeights } from '../../primitives/its-weights';
import { useStudio } from '../../studio-context';
import { Term } from '../../terms/term';
import { Beside } from './beside';
import { Compare } from './compare';
import { Ribbon, Verdict } from './ribbon';

export function RecordedBench({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const [sweeps, setSweeps] = useState<StoredSweeps | null>(null);
  useEffect(() => {
    let wanted = true;
    void storedSweeps(studio).then((known) => wanted && setSweeps(known));
    return () => {
      wanted = false;
    };
  }, [studio, view]);
  const { trajectory, stored, batch } = view;
  const sweep = sweeps?.update === batch.update ? sweeps.drafts.get(trajectory.row) : undefined;
  const values = sweep && cutValues(sweep, trajectory.draft.reward ?? 0, stored.hasRefiner ? trajectory.cut : null);
  return (
    <div className="lab-body">
      <div className="recorded-line">
        <p>
          <b>
            <Term id="recorded" then=".">
              Recorded
            </Term>
          </b>{' '}
          To cut it yourself, the engine needs WebGPU and the weights of its run.
        </p>
        <ItsWeights />
      </div>
      {sweep && <Ribbon view={view} stored={sweep} />}
      {values && (
        <p className="small">
          <Verdict values={values} />. Stored: computed before by {sweeps?.adapter}.
        </p>
      )}
      {sweeps && !sweep && (
        <p className="small">
          What each cut is worth is stored for the drafts of update {count(sweeps.update)}.{' '}
          {batch.update !== sweeps.update && (
            <button type="button" className="button" onClick={() => goToUpdate(studio, sweeps.update)}>
              Show update {count(sweeps.update)}
            </button>
          )}
        </p>
      )}
      <Compare view={view} isDraft byHand={false} />
      <Beside view={view} />
    </div>
  );
}
