/** The model server that is connected: what it was seen to do, and what Cut Lab offers for it. */
import { abilityRows, probeAgain } from '../../../store/lab/live/connection';
import type { LiveState } from '../../../store/state/live-state';
import { useStudio, useStudioState } from '../../studio-context';

type Abilities = NonNullable<LiveState['abilities']>;

export function Models(): React.JSX.Element {
  const live = useStudioState((state) => state.live);
  return (
    <details className="setting-group models" open={live !== undefined}>
      <summary>Models</summary>
      {live ? <Connected live={live} /> : <NotConnected />}
    </details>
  );
}

function NotConnected(): React.JSX.Element {
  return (
    <p className="small">
      Rollouts of a real LLM can be cut here once its server is connected. Start the page on your machine with{' '}
      <code>npm start -- --model http://localhost:8000/v1 --retriever http://localhost:8001/retrieve</code>
    </p>
  );
}

function Connected({ live }: { live: LiveState }): React.JSX.Element {
  const studio = useStudio();
  const { servers, abilities, problem, probing } = live;
  return (
    <>
      <dl className="models-servers small">
        <dt>Model</dt>
        <dd>
          {servers.model}
          {abilities && (
            <>
              : <b>{abilities.model}</b>
            </>
          )}
        </dd>
        <dt>Retriever</dt>
        <dd>{servers.retriever ?? 'none: what goes on ends at its first search'}</dd>
        <dt>Judge</dt>
        <dd>{servers.judge ?? 'none'}</dd>
      </dl>
      {problem !== null && <p role="alert">{problem}</p>}
      {probing && (
        <p className="small quiet" role="status">
          Finding out what it does …
        </p>
      )}
      {abilities && <Seen abilities={abilities} />}
      <button type="button" className="button" disabled={probing} onClick={() => void probeAgain(studio)}>
        Probe again
      </button>
    </>
  );
}

function Seen({ abilities }: { abilities: Abilities }): React.JSX.Element {
  return (
    <table className="models-seen small">
      <caption className="visually-hidden">What the model server does</caption>
      <tbody>
        {abilityRows(abilities).map(({ what, seen, so }) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            <td>{seen}</td>
            <td className="quiet">{so}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
