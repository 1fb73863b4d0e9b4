import { ribbonHistory } from '../../../store/lab/ribbon-history';
import type { CurrentView } from '../../../store/view/current-view';
import { goToUpdate } from '../../../store/view/view-actions';
import { count, probability } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';

/** How the refiner's probabilities moved for a pinned question: a column an update, a row for accept and each step. */
export function RibbonHistory({ view }: { view: CurrentView }): React.JSX.Element | null {
  const studio = useStudio();
  useStudioState((state) => state.pinsVersion);
  const shownPin = useStudioState((state) => state.shownPin);
  const { batch, group } = view;
  const pin = shownPin === null ? studio.pins.find(batch.update, group) : studio.pins.get(shownPin);
  const history = ribbonHistory(pin);
  if (!view.stored.hasRefiner) return null;
  if (history.length === 0) {
    return (
      <p className="small quiet">
        Pin this question in Studio: how the refiner’s probabilities move over the updates is then drawn here.
      </p>
    );
  }
  const rows = Array.from({ length: Math.max(...history.map(({ means }) => means.length)) }, (_, k) => k);
  return (
    <figure className="ribbon-history">
      <figcaption className="small quiet">
        Refiner over updates: mean probability over the {history[0]?.drafts} answers to the pinned question, update{' '}
        {count(history[0]?.update ?? 0)} to {count(history.at(-1)?.update ?? 0)}
      </figcaption>
      <table className="history-strip" style={{ '--updates': history.length }}>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row" className="small">
                {row === 0 ? 'accept' : `cut ${row}`}
              </th>
              {history.map(({ update, means }) => {
                const mean = means[row];
                const text = `update ${update}: ${mean === undefined ? 'no such step' : probability(mean)}`;
                return (
                  <td
                    key={update}
                    title={text}
                    style={{ '--share': mean ?? 0 }}
                    className={row === 0 ? 'history-accept' : ''}
                    data-current={update === batch.update}
                    onClick={() => goToUpdate(studio, update)}
                  >
                    <span className="visually-hidden">{text}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
