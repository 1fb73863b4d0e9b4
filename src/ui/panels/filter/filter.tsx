/** What is listed of the batch on screen: search, filter, order, rewards, and the questions that are followed. */
import './filter.css';
import { lazy, Suspense, useState } from 'react';
import { editList } from '../../../store/view/view-actions';
import type { ShownRows } from '../../../recordings/shown-rows';
import { applies, filterWords, ROW_FILTERS, ROW_SORTS } from '../../../store/state/row-list';
import type { RowList } from '../../../store/state/row-list';
import { count } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { useCurrentView } from '../../use-current-view';
import { useMachineKnown } from '../../use-machine-known';
import { useRowList } from '../../use-row-list';
import { filterNumber } from './filter-number';

const RewardHistogram = lazy(async () => ({ default: (await import('./reward-histogram')).RewardHistogram }));
const PinnedList = lazy(async () => ({ default: (await import('./pinned-list')).PinnedList }));
const Facets = lazy(async () => ({ default: (await import('./facets')).Facets }));

/** Narrow screens start with the list itself; one press opens this. */
const WIDE = '(width > 760px)';

export function Filter(): React.JSX.Element {
  const view = useCurrentView();
  const recorded = useStudioState((state) => state.rollouts.file !== null);
  const [open, setOpen] = useState(() => window.matchMedia(WIDE).matches);
  const list = useRowList(view);
  const known = useMachineKnown();
  return (
    <section className="panel filter" aria-label="Questions and filter">
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="panel-head">
          <h2>Filter</h2>
          <span className="small quiet filter-count">
            {list && (list.searching ? 'searching …' : `${list.places.length} listed`)}
          </span>
        </summary>
        <div className="panel-body filter-body">
          <FindAndSort shown={view?.stored ?? null} />
          <Filters list={list} shown={view?.stored ?? null} />
          {known && view && list && (
            <Suspense>
              <Facets shown={view.stored} list={list} />
            </Suspense>
          )}
          {known && (
            <Suspense>
              <RewardHistogram list={list} />
              {!recorded && <PinnedList />}
            </Suspense>
          )}
        </div>
      </details>
    </section>
  );
}

function FindAndSort({ shown }: { shown: ShownRows | null }): React.JSX.Element {
  const studio = useStudio();
  const { find, sort } = useStudioState((state) => state.list);
  return (
    <div className="filter-fields">
      <input
        type="search"
        className="field"
        aria-label="Find in questions, queries, passages and answers"
        placeholder="Find in text"
        value={find}
        onChange={(event) => editList(studio, { find: event.target.value })}
      />
      <label className="small filter-sort">
        <span className="quiet">Sort by</span>
        <select
          className="field"
          value={sort}
          onChange={(event) => {
            const chosen = ROW_SORTS.find(({ id }) => id === event.target.value);
            if (chosen) editList(studio, { sort: chosen.id });
          }}
        >
          {ROW_SORTS.filter(({ id }) => shown === null || applies(id, shown)).map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function Filters({ list, shown }: { list: RowList | null; shown: ShownRows | null }): React.JSX.Element {
  const studio = useStudio();
  const filter = useStudioState((state) => state.list.filter);
  return (
    <fieldset className="filter-choices">
      <legend className="visually-hidden">Which trajectories</legend>
      {shown?.whole === false && (
        <p className="small quiet">
          Of this update {count(shown.rows.length)} rows are kept: the counts say how many of how many.
        </p>
      )}
      {ROW_FILTERS.filter(({ id }) => shown === null || applies(id, shown)).map(({ id }) => (
        <div key={id}>
          <label className="filter-choice">
            <input
              type="radio"
              name="filter"
              checked={id === filter}
              onChange={() => editList(studio, { filter: id })}
            />
            <span>{filterWords(id, shown).label}</span>
            <span className="filter-number">{filterNumber(id, list, shown)}</span>
          </label>
          {id === filter && id !== 'all' && <p className="small quiet filter-help">{filterWords(id, shown).help}</p>}
        </div>
      ))}
    </fieldset>
  );
}
