import { useEffect, useMemo, useRef } from 'react';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { clearList, select } from '../../../store/view/view-actions';
import { sideOf } from '../../../store/view/current-view';
import type { CurrentView } from '../../../store/view/current-view';
import { useStudio, useStudioState } from '../../studio-context';
import { useRowList } from '../../use-row-list';
import { InTurn } from './in-turn';
import { listItems } from './list-items';
import { QuestionHeading } from './question-heading';
import { TrajectoryRow } from './trajectory-row';
import { useArrival } from './use-arrival';
import { useTurns } from './use-turns';
import type { Sight } from './use-turns';
import { LessonLink } from '../../primitives/lesson-link';

const HEADING_HEIGHT = 40;
/** A heading so near the top takes its place there, so that it is not behind that of the question before. */
const NEARLY_AT_TOP = HEADING_HEIGHT / 2;
const ROW_HEIGHT = 80;
/** A cut row has its branch below. */
const CUT_ROW_HEIGHT = 130;

/** All rows that pass the filter; only those in sight are in the document. The list scrolls by itself, never the page. */
export function RowList({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const query = useStudioState((state) => state.list);
  const labels = useStudioState((state) => state.labels);
  const scroller = useRef<HTMLDivElement>(null);
  const { stored, views, trajectory } = view;
  useArrival(scroller, stored.batch.update);
  const { places, searching } = useRowList(view);
  const items = useMemo(() => listItems(places, stored, query.sort), [places, stored, query.sort]);
  const selectedItem = items.findIndex((item) => item.place === trajectory.place);
  const heightOf = (index: number): number => {
    const place = items[index]?.place ?? null;
    if (place === null) return HEADING_HEIGHT;
    return (stored.batch.cuts[place] ?? 0) > 0 ? CUT_ROW_HEIGHT : ROW_HEIGHT;
  };
  const stickyOf = (first: number): number => {
    let at = Math.min(first, items.length - 1);
    while (at > 0 && items[at]?.place !== null) at -= 1;
    return items[at]?.place === null ? at : -1;
  };
  const sticky = useRef(-1);
  const drawn = useRef<CurrentView['stored'] | null>(null);
  const order = useRef(query.sort);
  const turns = useTurns(
    stored,
    () => sight(),
    () => scroll(),
  );
  // The library's functions change with every scroll; nothing memoised is built on them here.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: heightOf,
    overscan: 1,
    // To scroll is a task of its own, not within one that draws.
    useFlushSync: false,
    rangeExtractor: (range) => {
      const top = virtualizer.getVirtualItemForOffset((virtualizer.scrollOffset ?? 0) + NEARLY_AT_TOP);
      sticky.current = stickyOf(top?.index ?? range.startIndex);
      const shown = new Set(defaultRangeExtractor(range));
      if (sticky.current >= 0) shown.add(sticky.current);
      for (let at = turns.ahead?.first ?? Infinity; at <= (turns.ahead?.last ?? -1); at += 1) shown.add(at);
      return [...shown].filter((at) => at < items.length).sort((a, b) => a - b);
    },
  });
  /** Where the list has to scroll for the selected row, or null where it is in sight. */
  const wayToSelected = (): { index: number; align: 'start' | 'center' } | null => {
    const item = virtualizer.measurementsCache[selectedItem];
    if (!item) return null;
    // As the virtualizer knows it: asking the element would lay out the page in the middle of a task.
    const from = virtualizer.scrollOffset ?? 0;
    const top = from + (query.sort === 'question' ? HEADING_HEIGHT : 0);
    if (item.start >= top && item.end <= from + (virtualizer.scrollRect?.height ?? 0)) return null;
    // The first rows of a question are shown under their heading, others in the middle.
    const heading = stickyOf(selectedItem);
    if (heading >= 0 && selectedItem - heading <= 2) return { index: heading, align: 'start' };
    return { index: selectedItem, align: 'center' };
  };
  const scroll = (): void => {
    const way = wayToSelected();
    if (way) virtualizer.scrollToIndex(way.index, { align: way.align });
  };
  const sight = (): Sight => {
    const way = wayToSelected();
    const height = virtualizer.scrollRect?.height ?? 0;
    const to = way && virtualizer.measurementsCache[way.index];
    // The virtualizer would ask the element how far it can scroll.
    const wanted = to
      ? to.start - (way.align === 'center' ? (height - to.size) / 2 : 0)
      : (virtualizer.scrollOffset ?? 0);
    const from = Math.max(0, Math.min(wanted, virtualizer.getTotalSize() - height));
    return {
      first: virtualizer.getVirtualItemForOffset(from)?.index ?? 0,
      last: virtualizer.getVirtualItemForOffset(from + height)?.index ?? items.length - 1,
      scrolls: way !== null,
    };
  };
  useEffect(() => {
    const before = drawn.current;
    drawn.current = stored;
    const reordered = order.current !== query.sort;
    order.current = query.sort;
    // Whoever orders the rows wants to see which come first, unless one of them was chosen.
    if (before === stored && reordered && !view.chosen) virtualizer.scrollToOffset(0);
    else if (before === stored) scroll();
    // The first rows are drawn before it scrolls; to a row of a later update it scrolls once that is drawn (useTurns).
    if (before !== null) return;
    const frame = requestAnimationFrame(scroll);
    return () => cancelAnimationFrame(frame);
    // Only a new selection moves the list.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [trajectory.place, stored, query.sort, selectedItem < 0]);

  const onKeyDown = (event: React.KeyboardEvent<HTMLDivElement>): void => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const along = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (move === undefined && along === undefined) return;
    event.preventDefault();
    if (along !== undefined) {
      const steps = sideOf(trajectory, view.side).steps.length;
      const step = Math.min(steps, Math.max(1, view.step.number + along));
      select(studio, { row: trajectory.row, side: view.side, step });
    } else {
      const rows = items.filter((item) => item.place !== null);
      const at = rows.findIndex((item) => item.place === trajectory.place);
      const next = rows[Math.min(rows.length - 1, Math.max(0, at + (move ?? 0)))];
      if (next === undefined || next.place === null) return;
      select(studio, { row: stored.rows[next.place] ?? 0, side: 'final', step: 1 });
    }
    // The step is in the document once the list has scrolled to it.
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>('[data-current="true"]')?.focus({ preventScroll: true });
    });
  };

  if (items.length === 0) {
    return (
      <div className="rows-empty">
        <p>
          {searching
            ? `Looking for “${query.find}” …`
            : `No trajectory of this update passes the filter${query.find ? ` and contains “${query.find}”` : ''}.`}{' '}
          {!searching && <LessonLink to="one-question" />}
        </p>
        <button type="button" className="button" onClick={() => clearList(studio)}>
          Show all
        </button>
      </div>
    );
  }
  return (
    // A list that scrolls needs focus for the keyboard; its arrow keys walk over rows and steps.
    <div
      className="rows"
      ref={scroller}
      tabIndex={0}
      role="group"
      aria-label="List of trajectories"
      onKeyDown={onKeyDown}
    >
      <ol className="rows-inner" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start, key }) => {
          const item = items[index];
          if (!item) return null;
          const stuck = index === sticky.current;
          return (
            <li
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              className={stuck ? 'item item-stuck' : 'item'}
              style={stuck ? undefined : { transform: `translateY(${start}px)` }}
              aria-setsize={items.length}
              aria-posinset={index + 1}
            >
              <InTurn due={turns.due(index)} height={heightOf(index)}>
                {item.place === null ? (
                  <QuestionHeading view={view} group={item.group} />
                ) : (
                  <TrajectoryRow
                    trajectory={views.at(item.place)}
                    said={labels?.rows === stored ? labels.said.get(item.place) : undefined}
                    rank={item.rank}
                    question={query.sort === 'question' ? null : (stored.batch.questions[item.group] ?? '')}
                    selectedSide={item.place === trajectory.place ? view.side : null}
                    selectedStep={item.place === trajectory.place ? view.step.number : null}
                  />
                )}
              </InTurn>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
