/** Says that what is on screen comes from a file, what was read of it, and leads back to the run. */
import './rollouts.css';
import { modelLabel } from '../../../lib/model-label';
import { cancelReading, chooseRolloutStep, closeRollouts } from '../../../store/files/open/open-rollouts';
import { compareSets, stopPicking } from '../../../store/view/compare-actions';
import type { OpenedRollouts, RolloutsState } from '../../../store/state/rollouts-state';
import { count, percent } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { evidenceWords } from './evidence-rule';
import { AwaitedRows, FollowButtons, FollowedFolder } from './followed-folder';
import { Another, Wanted } from './wanted';

export function RolloutBar(): React.JSX.Element {
  const { reading, file, following, wanted } = useStudioState((state) => state.rollouts);
  return (
    <>
      {reading && <Reading reading={reading} />}
      {following && !file && !reading && <AwaitedRows following={following} />}
      {file && <Opened file={file} />}
      {wanted && !following && !file && !reading && <Wanted wanted={wanted} />}
    </>
  );
}

function Reading({ reading }: { reading: NonNullable<RolloutsState['reading']> }): React.JSX.Element {
  const studio = useStudio();
  const { name, size, read, rows, skipped } = reading;
  return (
    <section className="message rollout-bar" aria-label="Reading a file">
      <div className="rollout-reading">
        <p>
          Reading {name}: {count(rows)} trajectories{skipped > 0 && `, ${count(skipped)} lines skipped`}
        </p>
        <progress aria-label={`Reading ${name}`} value={read} max={Math.max(1, size)} />
        <span className="small quiet">{percent(read / Math.max(1, size), 0)}</span>
      </div>
      <button type="button" className="button plain" onClick={() => cancelReading(studio)}>
        Cancel
      </button>
    </section>
  );
}

function Opened({ file }: { file: OpenedRollouts }): React.JSX.Element {
  const studio = useStudio();
  const paused = useStudioState((state) => state.runState !== 'running');
  const model = useStudioState((state) => state.live?.abilities?.model);
  return (
    <section className="message rollout-bar" aria-label="Recorded trajectories">
      <div>
        <p>
          <span className="badge strong">RECORDED</span> <b>{file.name}</b>: {count(file.rows)}{' '}
          {file.rows === 1 ? 'trajectory' : 'trajectories'} of {count(file.groups)}{' '}
          {file.groups === 1 ? 'group' : 'groups'}.{' '}
          <span className="quiet">
            {model === undefined
              ? 'Nothing can be regenerated: the model that wrote them is not here.'
              : `Cut Lab regenerates them by ${modelLabel(model)}.`}{' '}
            Your run {paused ? 'waits' : 'goes on'} behind them.
          </span>
        </p>
        <FollowedFolder file={file} />
        <Another file={file} />
        <Picking />
        <Remarks file={file} />
        <Skipped file={file} />
      </div>
      <div className="rollout-buttons">
        <FollowButtons file={file} />
        <StepChoice file={file} />
        <button type="button" className="button" onClick={() => compareSets(studio)}>
          Compare steps or files
        </button>
        <button type="button" className="button" onClick={() => closeRollouts(studio)}>
          Back to the run
        </button>
      </div>
    </section>
  );
}

/** What the next press in the list does. */
function Picking(): React.JSX.Element | null {
  const studio = useStudio();
  const picking = useStudioState((state) => state.picking);
  if (picking === null) return null;
  return (
    <p role="status">
      <b>Press a step of the trajectory to compare with.</b>{' '}
      <button type="button" className="button plain" onClick={() => stopPicking(studio)}>
        Cancel
      </button>
    </p>
  );
}

function StepChoice({ file }: { file: OpenedRollouts }): React.JSX.Element | null {
  const studio = useStudio();
  if (file.steps.length < 2) return null;
  return (
    <select
      className="field"
      aria-label="Training step"
      value={file.step ?? 'all'}
      onChange={({ target }) => chooseRolloutStep(studio, target.value === 'all' ? null : Number(target.value))}
    >
      <option value="all">all {count(file.steps.length)} steps</option>
      {file.steps.map(({ step }) => (
        <option key={step} value={step}>
          {step < 0 ? 'without a step' : `step ${count(step)}`}
        </option>
      ))}
    </select>
  );
}

/** What the numbers rest on where the file does not give them. */
function Remarks({ file }: { file: OpenedRollouts }): React.JSX.Element | null {
  const { unknownEm, unknownRewards, computedRewards, rows, cutOff, unknownNumbers } = file;
  const remarks = [
    cutOff,
    unknownNumbers > 0 &&
      `${unknownNumbers === 1 ? '1 number is' : `${count(unknownNumbers)} numbers are`} NaN or infinite in the file: read as unknown.`,
    unknownEm > 0 && `${shareOf(unknownEm, rows)} no right answer to compare with: exact match is unknown.`,
    unknownRewards > 0 && `${shareOf(unknownRewards, rows)} no reward.`,
    computedRewards > 0 && `${shareOf(computedRewards, rows)} no reward: it is EM × (1 + share of useful searches).`,
    ...evidenceWords(file),
  ].filter((remark) => typeof remark === 'string');
  if (remarks.length === 0) return null;
  return <p className="small quiet">{remarks.join(' ')}</p>;
}

function shareOf(some: number, all: number): string {
  if (some === all) return all === 1 ? 'The trajectory has' : 'The trajectories have';
  return some === 1 ? '1 trajectory has' : `${count(some)} trajectories have`;
}

function Skipped({ file }: { file: OpenedRollouts }): React.JSX.Element | null {
  const { skipped, skips } = file;
  if (skipped === 0) return null;
  const several = new Set(skips.map((skip) => skip.file)).size > 1;
  return (
    <details className="small rollout-skips">
      <summary>{wordsOf(skipped, skips)}</summary>
      <ul tabIndex={0} aria-label="Skipped lines">
        {skips.map(({ file: from, line, unit, reason }) => (
          <li key={`${from} ${line}`}>
            {line === 0 ? from : `${several ? `${from}, ` : ''}${unit} ${line}`}: {reason}
          </li>
        ))}
        {skipped > skips.length && <li>and {count(skipped - skips.length)} more</li>}
      </ul>
    </details>
  );
}

function wordsOf(skipped: number, skips: OpenedRollouts['skips']): string {
  const units = new Set(skips.map(({ line, unit }) => (line === 0 ? 'file' : unit)));
  const unit = units.size === 1 ? ([...units][0] ?? 'line') : 'place';
  const plural = unit === 'entry' ? 'entries' : `${unit}s`;
  return skipped === 1 ? `1 ${unit} was skipped` : `${count(skipped)} ${plural} were skipped`;
}
