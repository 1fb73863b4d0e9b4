/** Where the trajectories of a file go wrong, over all that the other filters leave; a press on a bar lists its rows. */
import './faults.css';
import type { Facet } from '../../../recordings/shown-rows';
import { count } from '../../format';
import { useStudioState } from '../../studio-context';
import { useCurrentView } from '../../use-current-view';
import { useRowList } from '../../use-row-list';
import { FAULT_FACETS, useFacet } from '../filter/facets';

/** Values that are no fault. */
const SOUND = ['none', 'unknown', 'yes', 'yes-or-no'];

export function Faults(): React.JSX.Element {
  const view = useCurrentView();
  const list = useRowList(view);
  const facets = view?.stored.facets?.facets ?? [];
  return (
    <section className="panel" aria-label="Where they go wrong">
      <div className="panel-head">
        <h2>Where they go wrong</h2>
        <span className="small quiet">trajectories of the list; a bar lists its own</span>
      </div>
      <div className="panel-body faults">
        {facets.map(
          (facet, k) =>
            FAULT_FACETS.includes(facet.id) && <Fault key={facet.id} facet={facet} numbers={list?.facets[k] ?? []} />,
        )}
      </div>
    </section>
  );
}

function Fault({ facet, numbers }: { facet: Facet; numbers: readonly number[] }): React.JSX.Element {
  const { id, label, values } = facet;
  const chosen = useStudioState((state) => state.list.facets[id]);
  const choose = useFacet(id);
  const most = Math.max(1, ...numbers);
  return (
    <div role="group" aria-label={label}>
      <h3 className="small">{label}</h3>
      {values.map(({ key, label: value }, k) => {
        const number = numbers[k] ?? 0;
        return (
          <button
            key={key}
            type="button"
            className={SOUND.includes(key) ? 'fault small fault-none' : 'fault small'}
            aria-pressed={chosen === key}
            disabled={number === 0 && chosen !== key}
            onClick={() => choose(key)}
          >
            <span className="fault-label">{value}</span>
            <span className="fault-track">
              <span style={{ width: `${(100 * number) / most}%` }} />
            </span>
            <span className="fault-number">{count(number)}</span>
          </button>
        );
      })}
    </div>
  );
}
