import { Suspense, lazy } from 'react';
import { secondsLeft } from '../../store/run/run-target';
import { activity, adapterName, isStaged, runLabel, seedText, shownConfig } from '../../store/run/status';
import { count, duration, fixed } from '../format';
import { usePacedState } from '../paced';
import type { RunLabel } from '../../store/run/status';
import { useStudio, useStudioState } from '../studio-context';
import { Term } from '../terms/term';

const FileName = lazy(async () => ({ default: (await import('../panels/rollouts/file-name')).FileName }));

export function StatusLine(): React.JSX.Element {
  const label = useStudioState(runLabel);
  // Slow motion has the pace of a reader.
  const staged = useStudioState(isStaged);
  const update = usePacedState((state) => state.update);
  const adapter = useStudioState((state) => state.adapter);
  const seed = useStudioState(seedText);
  const preset = useStudioState((state) => shownConfig(state).preset);
  const size = useStudioState((state) => shownConfig(state).size);
  const worldTitle = useStudioState((state) => state.world?.title ?? shownConfig(state).world);
  const recordedOn = useStudioState((state) => state.recording?.recording.adapter ?? null);
  const recorded = useStudioState((state) => state.rollouts.file !== null);
  return (
    <div className="status small" role="group" aria-label="Status">
      <div className="status-row">
        <RunBadge label={label} />
        <span className="status-item">
          <Term id="update">update</Term> <b className="status-update">{count(update)}</b>
        </span>
        {!staged && <Speed />}
        <TimeLeft />
        <Activity />
      </div>
      <div className="status-row quiet">
        <HeldBadge />
        {recordedOn === null && adapter?.software && (
          <Term id="software-gpu" className="badge">
            SOFTWARE GPU
          </Term>
        )}
        {recorded ? (
          <span className="status-item status-run">
            <Suspense>
              <FileName />
            </Suspense>
          </span>
        ) : (
          <span className="status-item status-run">
            <Term id="preset">{preset}</Term> · <Term id="world">{worldTitle}</Term> · <Term id="size">{size}</Term> ·{' '}
            <Term id="seed">{seed}</Term>
          </span>
        )}
        <span className="status-item status-adapter">
          {recordedOn !== null
            ? `recorded on ${recordedOn || 'an adapter unknown'}`
            : adapter
              ? adapterName(adapter)
              : label === 'NO WEBGPU'
                ? 'no adapter'
                : 'no adapter yet'}
        </span>
      </div>
    </div>
  );
}

/** The states that are no plain words say what they mean. */
function RunBadge({ label }: { label: RunLabel }): React.JSX.Element {
  if (label === 'LIVE' || label === 'RECORDED') {
    return (
      <Term
        id={label === 'LIVE' ? 'live' : 'recorded'}
        className={label === 'LIVE' ? 'badge strong' : 'badge recorded-badge'}
      >
        {label}
      </Term>
    );
  }
  return <span className="badge">{label}</span>;
}

/** Beside the state of the run: it may be LIVE while the screen holds an older update. */
function HeldBadge(): React.JSX.Element | null {
  const { batches } = useStudio();
  const held = useStudioState((state) => state.heldUpdate);
  useStudioState((state) => state.batchVersion);
  if (held === null || held === batches.newest?.batch.update) return null;
  return (
    <Term id="held" className="badge">
      HELD {count(held)}
    </Term>
  );
}

function Speed(): React.JSX.Element {
  const { history } = useStudio();
  usePacedState((state) => state.metricsVersion);
  const rate = history.updatesPerMinute();
  return (
    <span className="status-item status-speed">
      <b>{fixed(rate, rate !== null && rate >= 100 ? 0 : 1)}</b>
      <Term id="update">/min</Term>
    </span>
  );
}

/** How far it runs by itself, and how long that takes. */
function TimeLeft(): React.JSX.Element | null {
  const studio = useStudio();
  const target = useStudioState((state) => state.target);
  usePacedState((state) => state.metricsVersion);
  if (target === null) return null;
  const seconds = secondsLeft(studio);
  return (
    <span className="status-item status-target">
      to update <b>{count(target)}</b>
      {seconds !== null && `, ${duration(seconds)} to go`}
    </span>
  );
}

function Activity(): React.JSX.Element {
  const text = usePacedState(activity);
  // The stage is drawn at once, and both say the same.
  const onStage = useStudioState((state) => (state.replay === null ? null : activity(state)));
  return <span className="status-item status-activity">{onStage ?? text}</span>;
}
