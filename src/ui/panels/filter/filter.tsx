/** What is listed of the batch on screen: search, filter, order, rewards, and the questions that are followed. */
import './filter.css';
import { useState } from 'react';
import { editList } from '../../../store/view/view-actions';
import { ROW_FILTERS, ROW_SORTS } from '../../../store/state/row-list';
import type { RowList } from '../../../store/state/row-list';
import { useStudio, useStudioState } from '../../studio-context';
import { useCurrentView } from '../../use-current-view';
import { useRowList } from '../../use-row-list';
import { PinnedList } from './pinned-list';
import { RewardHistogram } from './reward-histogram';

/** Narrow screens start with the list itself; one press opens this. */
const WIDE = '(width > 760px)';

export function Filter(): React.JSX.Element {
  const view = useCurrentView();
  const recorded = useStudioState((state) => state.rollouts.file !== null);
  const [open, setOpen] = useState(() => window.matchMedia(WIDE).matches);
  const list = useRowList(view);
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
          <FindAndSort />
          <Filters list={list} />
          <RewardHistogram list={list} />
          {!recorded && <PinnedList />}
        </div>
      </details>
    </section>
  );
}

function FindAndSort(): React.JSX.Element {
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
          {ROW_SORTS.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function Filters({ list }: { list: RowList | null }): React.JSX.Element {
  const studio = useStudio();
  const filter = useStudioState((state) => state.list.filter);
  return (
    <fieldset className="filter-choices">
      <legend className="visually-hidden">Which trajectories</legend>
      {ROW_FILTERS.map(({ id, label, help }) => (
        <label key={id} className="filter-choice" title={help}>
          <input
            type="radio"
            name="filter"
            checked={id === filter}
            onChange={() => editList(studio, { filter: id, bin: null })}
          />
          <span>{label}</span>
          <span className="filter-number">{list ? list.counts[id] : '–'}</span>
        </label>
      ))}
    </fieldset>
  );
}
