/** The run so far on one line: what of it is kept, what happened, and which update is on screen. */
import './timeline.css';
import { lazy, Suspense, useState } from 'react';
import { goLive, goToNeighbour, goToUpdate } from '../../../store/view/view-actions';
import type { TimelineMark } from '../../../recordings/timeline-mark';
import { count } from '../../format';
import { usePacedState } from '../../paced';
import { Menu } from '../../primitives/menu';
import { Term } from '../../terms/term';
import { useStudio, useStudioState } from '../../studio-context';
import { Kept } from './kept';

const BreakpointFields = lazy(async () => ({ default: (await import('./breakpoint-fields')).BreakpointFields }));

/** More than that nobody reads; the line has them all. */
const MARKS_LISTED = 12;

const MARK_LABEL: Readonly<Record<TimelineMark['kind'], string>> = {
  start: 'start',
  warmStart: 'warm start',
  evaluation: 'evaluation',
  checkpoint: 'checkpoint',
  reset: 'reset',
  breakpoint: 'breakpoint',
  settings: 'settings changed',
};

/** How a mark is drawn; kinds that share a sign are told apart under Marks. */
const MARK_SIGN: Readonly<Record<TimelineMark['kind'], string>> = {
  start: 'start',
  warmStart: 'start',
  reset: 'start',
  settings: 'start',
  evaluation: 'evaluation',
  checkpoint: 'checkpoint',
  breakpoint: 'breakpoint',
};

export function Timeline(): React.JSX.Element {
  const [open, setOpen] = useState(false);
  const set = useStudioState(
    ({ breakpoints }) =>
      [breakpoints.zeroVarianceGroups, breakpoints.revisionRate, breakpoints.entropyBelow].filter((on) => on !== null)
        .length + (breakpoints.pinnedAnswer ? 1 : 0),
  );
  return (
    <section className="panel timeline" aria-label="Timeline">
      <div className="panel-head">
        <h2>Timeline</h2>
        <Steps />
        <ul className="legend small">
          <li>
            <span className="timeline-key timeline-mark-evaluation" aria-hidden="true" />{' '}
            <Term id="evaluation">evaluation</Term>
          </li>
          <li>
            <span className="timeline-key timeline-mark-checkpoint" aria-hidden="true" />{' '}
            <Term id="checkpoint">checkpoint</Term>
          </li>
          <li>
            <span className="timeline-key timeline-mark-breakpoint" aria-hidden="true" />{' '}
            <Term id="breakpoint">breakpoint</Term>
          </li>
          <li>
            <span className="timeline-key timeline-mark-start" aria-hidden="true" /> start, reset, settings
          </li>
        </ul>
        <Kept />
        <Marks />
        <button type="button" className="button plain" aria-expanded={open} onClick={() => setOpen(!open)}>
          Breakpoints{set > 0 ? `: ${set}` : ''}
        </button>
      </div>
      {open && (
        <Suspense>
          <BreakpointFields />
        </Suspense>
      )}
      <Track />
    </section>
  );
}

/** The newest marks in words, a press from the line. */
function Marks(): React.JSX.Element {
  const marks = useStudioState((state) => state.marks);
  return (
    <Menu text="Marks" className="plain">
      <ul className="timeline-marks small">
        {marks.slice(-MARKS_LISTED).map(({ kind, update, note }, k) => (
          <li key={k}>
            {MARK_LABEL[kind]} at update {count(update)}
            {note ? `: ${note}` : ''}
          </li>
        ))}
      </ul>
    </Menu>
  );
}

/** Buttons for one kept update back and forth, and for the newest. */
function Steps(): React.JSX.Element {
  const studio = useStudio();
  const { batches } = studio;
  useStudioState((state) => state.batchVersion);
  const held = useStudioState((state) => state.heldUpdate);
  const recorded = useStudioState((state) => state.recording !== null);
  return (
    <div className="timeline-steps" role="group" aria-label="Update on screen">
      <button
        type="button"
        className="button plain"
        aria-label="Earlier update"
        disabled={batches.neighbour(-1) === null}
        onClick={() => goToNeighbour(studio, -1)}
      >
        ‹
      </button>
      <button
        type="button"
        className="button plain"
        aria-label="Later update"
        disabled={batches.neighbour(1) === null}
        onClick={() => goToNeighbour(studio, 1)}
      >
        ›
      </button>
      <button type="button" className="button plain" disabled={held === null} onClick={() => goLive(studio)}>
        {recorded ? 'Newest' : 'Live'}
      </button>
    </div>
  );
}

function Track(): React.JSX.Element {
  const studio = useStudio();
  const { batches } = studio;
  const update = usePacedState((state) => state.update);
  const marks = useStudioState((state) => state.marks);
  const held = useStudioState((state) => state.heldUpdate);
  useStudioState((state) => state.batchVersion);
  // The scale grows in whole steps, so that the line does not creep with every update.
  const scale = 40 * 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, update) / 40)));
  const at = (value: number): string => `${(100 * value) / scale}%`;
  const { first, wholeFrom } = batches.counts();
  const shown = held ?? batches.newest?.batch.update ?? update;
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>): void => {
    const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (direction === undefined) return;
    // To the next kept update, however far it is.
    event.preventDefault();
    goToNeighbour(studio, direction < 0 ? -1 : 1);
  };
  return (
    <div className="timeline-track">
      <span className="timeline-line" />
      <span className="timeline-done" style={{ width: at(update) }} />
      {first !== null && wholeFrom !== null && first < wholeFrom && (
        <span className="timeline-sampled" style={{ left: at(first), width: at(wholeFrom - first) }} />
      )}
      {wholeFrom !== null && (
        <span className="timeline-whole" style={{ left: at(wholeFrom), width: at(update - wholeFrom) }} />
      )}
      {spaced(marks, scale / 80).map((mark) => (
        <span
          key={`${mark.kind}-${mark.update}`}
          className={`timeline-mark timeline-mark-${MARK_SIGN[mark.kind]}`}
          style={{ left: at(mark.update) }}
        />
      ))}
      <input
        type="range"
        className={held === null ? 'timeline-range' : 'timeline-range timeline-range-held'}
        aria-label="Update on screen"
        aria-valuetext={`update ${shown}${held === null ? ', the newest' : ''}; ${describe(marks)}`}
        min={0}
        max={scale}
        step={1}
        value={shown}
        disabled={batches.newest === null}
        onKeyDown={onKeyDown}
        onChange={(event) => goToUpdate(studio, Number(event.target.value))}
      />
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <span key={share} className="timeline-tick small quiet" style={{ left: `${100 * share}%` }}>
          {count(share * scale)}
        </span>
      ))}
    </div>
  );
}

/** Evaluations of a long run would grow into one bar: of those that crowd, the first is drawn. */
function spaced(marks: readonly TimelineMark[], distance: number): TimelineMark[] {
  let last = -Infinity;
  return marks.filter((mark) => {
    if (mark.kind !== 'evaluation') return true;
    if (mark.update - last < distance) return false;
    last = mark.update;
    return true;
  });
}

function describe(marks: readonly TimelineMark[]): string {
  const of = (kind: TimelineMark['kind']): string => {
    const number = marks.filter((mark) => mark.kind === kind).length;
    return `${number} ${MARK_LABEL[kind]}${number === 1 ? '' : 's'}`;
  };
  return `${of('evaluation')}, ${of('breakpoint')}, ${of('checkpoint')} so far`;
}
