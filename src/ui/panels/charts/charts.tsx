/** Small multiples of the run's metrics. They share the horizontal axis and the cursor. */
import './charts.css';
import { useEffect, useRef, useState } from 'react';
import { MAX_CHART_POINTS } from '../../../recordings/metric-history';
import { settingOf } from '../../../config/schema';
import { ghostChanges, showGhost } from '../../../store/run/ghost';
import { count, settingText } from '../../format';
import { usePacedState } from '../../paced';
import { useStudio, useStudioState } from '../../studio-context';
import { Chart } from './chart';
import { ChartCursor } from './chart-cursor';
import { CHARTS } from './chart-specs';
import type { ChartSpec } from './chart-specs';
import { RedrawScheduler } from './redraw-scheduler';

/** Writes its text into the DOM itself, like everything that follows the mouse. */
function CursorUpdate({ cursor }: { cursor: ChartCursor }): React.JSX.Element {
  const element = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      cursor.subscribe((update) => {
        if (element.current) element.current.textContent = update === null ? '' : `values at update ${count(update)}`;
      }),
    [cursor],
  );
  return <span className="small cursor-update" ref={element} />;
}

/** @param children figures beside the charts, which fill their last line */
export function Charts({ children }: { children?: React.ReactNode }): React.JSX.Element {
  const [cursor] = useState(() => new ChartCursor());
  const [scheduler] = useState(() => new RedrawScheduler());
  const [diagnostics, setDiagnostics] = useState(false);
  const chart = (spec: ChartSpec): React.JSX.Element => (
    <Chart key={spec.id} spec={spec} cursor={cursor} scheduler={scheduler} />
  );
  return (
    <section className="panel charts" aria-label="Charts">
      <div className="panel-head">
        <h2>Charts</h2>
        <Resolution />
        <Ghost />
        <CursorUpdate cursor={cursor} />
      </div>
      <div className="chart-grid chart-grid-main">
        {CHARTS.filter(({ place }) => place !== 'diagnostics').map(chart)}
        {children}
      </div>
      <details
        className="chart-diagnostics-list"
        open={diagnostics}
        onToggle={(event) => setDiagnostics(event.currentTarget.open)}
      >
        <summary>
          Diagnostics <span className="small quiet">KL, entropy, clipping, equal groups, speed</span>
        </summary>
        {/* What nobody looks at is not drawn. */}
        {diagnostics && (
          <div className="chart-grid">{CHARTS.filter(({ place }) => place === 'diagnostics').map(chart)}</div>
        )}
      </details>
    </section>
  );
}

/** Says what a point is, so that nobody takes a thinned line for the whole series. */
function Resolution(): React.JSX.Element {
  const { history } = useStudio();
  usePacedState((state) => state.metricsVersion);
  const stride = history.stride(MAX_CHART_POINTS);
  return (
    <span className="small quiet">
      {history.length === 0
        ? 'one point per update'
        : stride === 1
          ? 'one point per update, over the update number'
          : `every ${stride}th update and the newest, over the update number`}
    </span>
  );
}

/** The run before this one as dotted curves behind it, with the settings in which the two differ. */
function Ghost(): React.JSX.Element | null {
  const studio = useStudio();
  const lastRun = useStudioState((state) => state.lastRun);
  const ghost = useStudioState((state) => state.ghost);
  const config = useStudioState((state) => state.config);
  if (ghost === null) {
    if (lastRun === null) return null;
    return (
      <button type="button" className="button plain" onClick={() => showGhost(studio, lastRun)}>
        Show the {lastRun.title} behind
      </button>
    );
  }
  const changes = ghostChanges(ghost, config);
  const texts = changes.map(({ key, from, to }) => `${settingOf(key).label} ${settingText(from)} → ${settingText(to)}`);
  return (
    <span className="small ghost">
      dotted, and grey in the strip: {ghost.title},{' '}
      {texts.length === 0 ? 'with the same settings' : `there → here: ${texts.join(', ')}`}{' '}
      <button type="button" className="button plain" onClick={() => showGhost(studio, null)}>
        Hide
      </button>
    </span>
  );
}
