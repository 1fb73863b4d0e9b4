/** What else the rows of a file can be filtered by: values with the number of rows that each would list. */
import { editList } from '../../../store/view/view-actions';
import type { Facet, ShownRows } from '../../../recordings/shown-rows';
import type { RowList } from '../../../store/state/row-list';
import { count } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { EvidenceNote } from '../rollouts/evidence-note';

/** Shown as bars where they have room; here only while one is chosen. */
export const FAULT_FACETS = ['useless', 'flawed', 'grounded'];

export function Facets({ shown, list }: { shown: ShownRows; list: RowList }): React.JSX.Element {
  const chosen = useStudioState((state) => state.list.facets);
  const labels = useStudioState((state) => (state.labels?.rows === shown ? state.labels.facet : null));
  const { facets = [] } = shown.facets ?? {};
  return (
    <div className="facets">
      <EvidenceNote />
      {labels && <FacetChoice facet={labels} numbers={list.facets[facets.length] ?? []} />}
      {facets.map(
        (facet, k) =>
          (!FAULT_FACETS.includes(facet.id) || facet.id in chosen) && (
            <FacetChoice key={facet.id} facet={facet} numbers={list.facets[k] ?? []} />
          ),
      )}
    </div>
  );
}

function FacetChoice({ facet, numbers }: { facet: Facet; numbers: readonly number[] }): React.JSX.Element {
  const { id, label, values } = facet;
  const chosen = useStudioState((state) => state.list.facets[id]);
  const choose = useFacet(id);
  return (
    <div className="facet" role="group" aria-label={label}>
      <h3 className="small">{label}</h3>
      <div className="facet-values">
        {values.map(({ key, label: value }, k) => {
          const number = numbers[k] ?? 0;
          return (
            <button
              key={key}
              type="button"
              className="facet-value small"
              aria-pressed={chosen === key}
              disabled={number === 0 && chosen !== key}
              onClick={() => choose(key)}
            >
              {value} <span className="facet-number">{count(number)}</span>
            </button>
          );
        })}
      </div>
    </div>
  );
}

/** Chooses a value of a facet; the chosen one once more chooses none. */
export function useFacet(id: string): (key: string) => void {
  const studio = useStudio();
  return (key) => {
    const { [id]: before, ...others } = studio.store.getState().list.facets;
    editList(studio, { facets: before === key ? others : { ...others, [id]: key } });
  };
}
