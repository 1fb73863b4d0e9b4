/** What each training step of an opened file came to; a press lists its trajectories. */
import './rollouts.css';
import { chooseRolloutStep } from '../../../store/files/open/open-rollouts';
import { count, fixed, percent } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { Term } from '../../terms/term';
import { StepCharts } from './step-charts';

/** Rows that the table shows: every step of a run is more than anyone reads. */
const MOST_STEPS = 500;

export function RolloutStatistics(): React.JSX.Element {
  const studio = useStudio();
  const file = useStudioState((state) => state.rollouts.file);
  const steps = studio.rollouts.shelf?.statistics() ?? [];
  const reviewed = steps.some(({ cut }) => cut !== null);
  return (
    <section className="panel" aria-label="Training steps">
      <div className="panel-head">
        <h2>Training steps</h2>
        <span className="small quiet">
          {steps.length > MOST_STEPS
            ? `the first ${count(MOST_STEPS)} of ${count(steps.length)}`
            : 'means over the trajectories of each'}
        </span>
      </div>
      {file && <StepCharts file={file} />}
      <div className="rollout-table" tabIndex={0} role="group" aria-label="Table of training steps">
        <table className="small">
          <thead>
            <tr>
              <th scope="col">step</th>
              <th scope="col">trajectories</th>
              <th scope="col">groups</th>
              <th scope="col">
                <Term id="equal-rewards">equal</Term>
              </th>
              {reviewed && (
                <th scope="col">
                  <Term id="exact-match">EM</Term> draft
                </th>
              )}
              <th scope="col">
                <Term id="exact-match">EM</Term>
                {reviewed && ' final'}
              </th>
              <th scope="col">
                <Term id="reward">reward</Term>
              </th>
              <th scope="col">
                mean <Term id="u_i">u_i</Term>
              </th>
              {reviewed && (
                <>
                  {(['cut', 'saved', 'harmed'] as const).map((id) => (
                    <th key={id} scope="col">
                      <Term id={id}>{id}</Term>
                    </th>
                  ))}
                </>
              )}
            </tr>
          </thead>
          <tbody>
            {steps.slice(0, MOST_STEPS).map((row) => (
              <tr key={row.step} aria-current={file?.step === row.step ? 'true' : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    className="button plain"
                    aria-pressed={file?.step === row.step}
                    onClick={() => chooseRolloutStep(studio, file?.step === row.step ? null : row.step)}
                  >
                    {row.step < 0 ? 'none' : count(row.step)}
                  </button>
                </th>
                <td>{count(row.rows)}</td>
                <td>{count(row.groups)}</td>
                <td>{count(row.equalGroups)}</td>
                {reviewed && <td>{fixed(row.emDraft, 3)}</td>}
                <td>{fixed(row.emFinal, 3)}</td>
                <td>{fixed(row.reward, 3)}</td>
                <td>{fixed(row.density, 3)}</td>
                {reviewed && (
                  <>
                    <td>{percent(row.cut)}</td>
                    <td>{percent(row.saved)}</td>
                    <td>{percent(row.harmed)}</td>
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
