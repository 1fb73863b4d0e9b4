import { cutHere, runSweep, setLabWeights } from '../../../store/lab/cut-lab';
import { wantedWeights } from '../../../store/lab/lab-events';
import { cancelLive } from '../../../store/lab/live/under-way';
import { cutValues } from '../../../recordings/cut-values';
import type { CutValue, CutValues } from '../../../recordings/cut-values';
import type { CurrentView } from '../../../store/view/current-view';
import { count, fixed } from '../../format';
import { CutChance, StepLine } from '../../primitives/step-line';
import { Term } from '../../terms/term';
import { useStudio, useStudioState } from '../../studio-context';
import { LiveSeed } from './live-seed';
import { ScissorsHandle } from './scissors-handle';

/** Highest reward on the scale: exact match and every search useful. */
const MOST = 2;

interface RibbonProps {
  view: CurrentView;
  /** A sweep that was computed before: nothing can be cut then. */
  stored?: Parameters<typeof cutValues>[0];
}

/** One column a choice, accept first: what the refiner thought of it, and what it is worth. */
export function Ribbon({ view, stored: given }: RibbonProps): React.JSX.Element {
  const asked = useStudioState((state) => state.lab.sweep);
  const sweep = given ?? asked;
  const scissors = useStudioState((state) => state.lab.step);
  const { trajectory, stored } = view;
  const { draft, review, cut } = trajectory;
  // Where nobody can cut, the line is the refiner's.
  const hand = given === undefined ? scissors : cut;
  const values = sweep && cutValues(sweep, draft.reward ?? 0, stored.hasRefiner ? cut : null);
  const columns = [0, ...draft.steps.map((step) => step.number)];
  return (
    <div
      className={hand > 0 ? 'ribbon' : 'ribbon ribbon-uncut'}
      style={{ '--columns': columns.length, '--hand': hand }}
    >
      {given === undefined && (
        <>
          <ScissorsHandle steps={draft.steps} />
          <span className="ribbon-label small">Your cut</span>
          <span className="ribbon-space" />
        </>
      )}
      <span className="ribbon-label small">
        <Term id="draft">Draft</Term>
      </span>
      {columns.map((step) => (
        <Head key={step} view={view} step={step} />
      ))}
      <span className="ribbon-label small">
        <Term id="refiner" then=",">
          Refiner
        </Term>{' '}
        probability when it read the draft
        {trajectory.thoughts && ` and believed ${trajectory.thoughts.join(' → ')}`}
      </span>
      {columns.map((step) => {
        const chance = review?.[step];
        return (
          <div key={step} className="ribbon-cell">
            {chance === undefined ? (
              <span className="small quiet">–</span>
            ) : (
              <CutChance chance={chance} step={step} chosen={cut === step} />
            )}
          </div>
        );
      })}
      <span className="ribbon-label small">
        <Term id="sweep" then=",">
          Reward after the cut
        </Term>{' '}
        mean{sweep ? ` of ${sweep.replicates}` : ''} and 95% <Term id="interval">interval</Term>
      </span>
      {columns.map((step) => (
        <Worth key={step} values={values} value={values?.choices[step]} />
      ))}
      <span className="ribbon-label small">Mean reward</span>
      {columns.map((step) => (
        <div key={step} className="ribbon-cell small">
          <b>{fixed(values?.choices[step]?.mean)}</b> <IntervalText value={values?.choices[step]} />
          <span className="ribbon-marks">
            {values?.best === step && <span className="badge">best</span>}
            {stored.hasRefiner && cut === step && (
              <Term id="refiner" className="badge model-badge">
                refiner
              </Term>
            )}
          </span>
        </div>
      ))}
    </div>
  );
}

function Head({ view, step }: { view: CurrentView; step: number }): React.JSX.Element {
  const { draft } = view.trajectory;
  const shown = draft.steps[step - 1];
  if (!shown) {
    return (
      <div className="ribbon-cell">
        <b className="small">
          <Term id="accept">accept</Term>
        </b>
        <span className="ribbon-text small quiet">keep the draft</span>
      </div>
    );
  }
  return (
    <div className="ribbon-cell">
      <b className="small">
        <span className="ribbon-word">cut at </span>
        {step}
      </b>
      <StepLine step={shown} em={draft.em} />
      <span className="ribbon-text small">{shown.label}</span>
    </div>
  );
}

/** A mean with its interval on a scale from 0 to the highest reward; the line is a cut drawn at random. */
function Worth({ values, value }: { values: CutValues | null; value: CutValue | undefined }): React.JSX.Element {
  const at = (reward: number): string => `${(100 * Math.min(MOST, reward)) / MOST}%`;
  if (!values || !value) return <div className="ribbon-cell worth" />;
  const { mean, interval, step } = value;
  const text = interval
    ? `Cut at ${step}: ${fixed(mean)}, 95% interval ${fixed(interval.low)} to ${fixed(interval.high)}`
    : `Accept: ${fixed(mean)}, the draft’s own reward`;
  return (
    <div className="ribbon-cell worth" role="img" aria-label={text}>
      {step === 0 && (
        <>
          <span className="worth-scale worth-top">{MOST}</span>
          <span className="worth-scale">0</span>
        </>
      )}
      {step > 0 && <span className="worth-uniform" style={{ bottom: at(values.uniform) }} />}
      {interval && (
        <span
          className="worth-interval"
          style={{ bottom: at(interval.low), height: at(Math.min(MOST, interval.high) - interval.low) }}
        />
      )}
      <span className={step === 0 ? 'worth-mean worth-accept' : 'worth-mean'} style={{ bottom: at(mean) }} />
    </div>
  );
}

/** What the refiner's choice is worth beside the others. */
export function Verdict({ values }: { values: CutValues }): React.JSX.Element {
  return (
    <>
      {values.regret !== null && (
        <>
          Refiner: <Term id="regret">regret</Term> <b>{fixed(values.regret)}</b>, <Term id="rank">rank</Term>{' '}
          <b>{values.rank}</b> of {values.choices.length} choices.{' '}
        </>
      )}
      A cut at random <b>{fixed(values.uniform)}</b> (the dashed line). <Term id="replicate">n = {values.n}</Term> a
      cut, <Whose update={values.update} />
    </>
  );
}

/** Who regenerated, and with which random numbers. */
function Whose({ update }: { update: number }): React.JSX.Element {
  const model = useStudioState((state) => state.lab.live?.model);
  const seeded = useStudioState((state) => state.live?.abilities?.seeded === true);
  if (model === undefined) return <>the same random numbers for all; weights of update {count(update)}</>;
  return (
    <>
      {seeded ? 'the same seeds for all' : 'without seeds, which the server does not keep'}; by {model}
    </>
  );
}

function IntervalText({ value }: { value: CutValue | undefined }): React.JSX.Element | null {
  if (!value?.interval) return null;
  const { low, high } = value.interval;
  return (
    <span className="quiet">
      {fixed(low)} to {fixed(high)}
    </span>
  );
}

/** What the sweep comes to, and whose weights made it. */
export function SweepLine({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const sweep = useStudioState((state) => state.lab.sweep);
  const sweepAsked = useStudioState((state) => state.lab.sweepAsked !== null);
  const hand = useStudioState((state) => state.lab.step);
  const again = useStudioState((state) => state.lab.branch?.step === state.lab.step);
  const cutAsked = useStudioState((state) => state.lab.cutAsked !== null);
  const wanted = useStudioState((state) => wantedWeights(state.lab));
  const live = useStudioState((state) => state.lab.live !== null);
  const { trajectory, stored } = view;
  const values = sweep && cutValues(sweep, trajectory.draft.reward ?? 0, stored.hasRefiner ? trajectory.cut : null);
  return (
    <div className="sweep-line small">
      <p>
        {values ? (
          <>
            <Verdict values={values} />
            {!live && values.update !== view.batch.update && `, the draft is of update ${count(view.batch.update)}`}.
            {wanted !== null && wanted !== values.update && ` Those of update ${count(wanted)} are no longer kept.`}
          </>
        ) : (
          <span className="quiet">
            {live
              ? 'Every cut can be regenerated 16 times: what each is worth is then seen here.'
              : 'Every cut is regenerated 16 times, with the same random numbers for all.'}
          </span>
        )}
      </p>
      <div className="sweep-buttons">
        {live ? <LiveSeed /> : <WeightsPicker />}
        {live && (sweepAsked || cutAsked) && (
          <button type="button" className="button" onClick={() => cancelLive(studio)}>
            Cancel
          </button>
        )}
        <button type="button" className="button" disabled={sweepAsked} onClick={() => runSweep(studio)}>
          {sweepAsked ? 'Sweeping …' : live && !sweep ? 'Regenerate every cut' : 'Run more'}
        </button>
        <button type="button" className="button cut-button" disabled={cutAsked} onClick={() => cutHere(studio, again)}>
          {again ? `Cut at ${hand} again` : `Cut at ${hand}`}
        </button>
      </div>
    </div>
  );
}

/** Whose weights regenerate. Those of an update on screen are kept for a while only; the answer says whose were used. */
function WeightsPicker(): React.JSX.Element {
  const studio = useStudio();
  const weights = useStudioState((state) => state.lab.weights);
  const update = useStudioState((state) => state.lab.root?.batch.update ?? 0);
  return (
    <select
      className="field"
      aria-label="Weights"
      value={weights}
      onChange={(event) => setLabWeights(studio, event.target.value === 'present' ? 'present' : 'shown')}
    >
      <option value="shown">weights of update {count(update)}</option>
      <option value="present">present weights</option>
    </select>
  );
}
