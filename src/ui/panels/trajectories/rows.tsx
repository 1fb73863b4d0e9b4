import { useEffect, useRef } from 'react';
import type { CurrentView } from '../../../store/current-view';
import { TrajectoryRow } from './trajectory-row';

/** The rows of the group. The list scrolls by itself until the selected row is in sight; the page never moves. */
export function Rows({ view }: { view: CurrentView }): React.JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const rank = view.rows.indexOf(view.trajectory);
  useEffect(() => {
    const { current } = list;
    const row = current?.children[rank];
    if (!current || !(row instanceof HTMLElement)) return;
    const above = row.offsetTop - current.scrollTop;
    const below = above + row.offsetHeight - current.clientHeight;
    if (above < 0) current.scrollTop += above;
    else if (below > 0) current.scrollTop += Math.min(below, above);
  }, [rank, view.batch, view.group]);
  return (
    <ol className="rows" ref={list}>
      {view.rows.map((trajectory, index) => (
        <TrajectoryRow
          key={trajectory.row}
          trajectory={trajectory}
          rank={index + 1}
          selected={index === rank ? { side: view.side, step: view.step.number } : null}
        />
      ))}
    </ol>
  );
}
