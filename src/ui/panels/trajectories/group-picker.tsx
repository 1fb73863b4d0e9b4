import { useEffect, useRef } from 'react';
import { select } from '../../../store/view/view-actions';
import { rightOf } from '../../../recordings/batch-summary';
import type { GroupSummary } from '../../../recordings/batch-summary';
import { fixed } from '../../format';
import { useStudio } from '../../studio-context';
import type { ShownRows } from '../../../recordings/shown-rows';

/** One small column per question: filled as far as its group is right. Also reachable with the arrow keys. */
export function GroupPicker({ shown, group }: { shown: ShownRows; group: number }): React.JSX.Element {
  const studio = useStudio();
  const picker = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On narrow screens the picker is one scrolling line. In a frame, when the page is laid out anyway.
    const frame = requestAnimationFrame(() => {
      const { current } = picker;
      const button = current?.children[group];
      if (current && button instanceof HTMLElement && current.scrollWidth > current.clientWidth) {
        current.scrollLeft = button.offsetLeft - current.offsetLeft - current.clientWidth / 2;
      }
    });
    return () => cancelAnimationFrame(frame);
  }, [group]);
  const { batch, summary } = shown;
  const { prompts } = batch;
  const choose = (next: number): void => {
    const wrapped = (next + prompts) % prompts;
    select(studio, { row: bestRow(wrapped, shown), side: 'final', step: 1 });
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLDivElement>): void => {
    const move = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (move === 0) return;
    event.preventDefault();
    choose(group + move);
    const next = event.currentTarget.children[(group + move + prompts) % prompts];
    if (next instanceof HTMLElement) next.focus();
  };
  return (
    <div ref={picker} className="group-picker" role="radiogroup" aria-label="Question" onKeyDown={onKeyDown}>
      {summary.groups.map((entry) => (
        <GroupButton
          key={entry.group}
          entry={entry}
          chosen={entry.group === group}
          onChoose={() => choose(entry.group)}
        />
      ))}
    </div>
  );
}

function bestRow(group: number, { batch, groups, rows }: ShownRows): number {
  const { rewards } = batch.final;
  const own = rows.filter((_, place) => groups[place] === group);
  return own.reduce((best, row) => ((rewards[row] ?? 0) > (rewards[best] ?? 0) ? row : best), own[0] ?? 0);
}

interface GroupButtonProps {
  entry: GroupSummary;
  chosen: boolean;
  onChoose: () => void;
}

function GroupButton({ entry, chosen, onChoose }: GroupButtonProps): React.JSX.Element {
  const label = [
    `Question ${entry.group + 1}: ${rightOf(entry)}, ${entry.revised} cut`,
    `mean reward ${fixed(entry.meanReward)}${entry.zeroVariance ? ', all rewards equal: nothing to learn' : ''}`,
  ].join(', ');
  return (
    <button
      type="button"
      role="radio"
      aria-checked={chosen}
      aria-label={label}
      title={label}
      tabIndex={chosen ? 0 : -1}
      className={`group-button ${entry.zeroVariance ? 'group-equal' : ''}`}
      onClick={onChoose}
    >
      <span className="group-bar">
        <span style={{ height: `${(100 * entry.right) / Math.max(1, entry.size - (entry.unknown ?? 0))}%` }} />
      </span>
      <span className="group-number">{entry.group + 1}</span>
    </button>
  );
}
