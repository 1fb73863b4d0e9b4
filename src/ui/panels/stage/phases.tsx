import { PHASES, phaseName } from '../../../store/run/status';
import type { StageMoment } from '../../../recordings/stage/stage-moments';

/** The numbered phases of an update; those that this trajectory does not have are pale. */
export function Phases({ moments, at }: { moments: readonly StageMoment[]; at: number }): React.JSX.Element {
  const current = moments[at]?.phase;
  return (
    <ol className="phases" aria-label="Phases of an update">
      {PHASES.map(({ phase }) => (
        <li
          key={phase}
          className="phase"
          aria-current={phase === current ? 'step' : undefined}
          data-absent={moments.every((moment) => moment.phase !== phase)}
        >
          {phaseName(phase)}
        </li>
      ))}
    </ol>
  );
}
