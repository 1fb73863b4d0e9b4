import { decodeTokens } from '../../../store/decode';
import type { CurrentView } from '../../../store/current-view';
import { fixed } from '../../format';
import { useStudioState } from '../../studio-context';

/** Tokens of the step with log-probability and entropy; retrieved ones are listed, but they are nobody's action. */
export function TokenTable({ view }: { view: CurrentView }): React.JSX.Element | null {
  const world = useStudioState((state) => state.world);
  if (!world) return null;
  const tokens = decodeTokens(view.batch, world, view.side, view.trajectory.place, view.step);
  const inserted = tokens.filter((token) => !token.written);
  return (
    <>
      <table className="tokens small">
        <thead>
          <tr>
            <th scope="col">token</th>
            <th scope="col">probability</th>
            <th scope="col" title="log-probability, nats">
              log p
            </th>
            <th scope="col" title="entropy of the policy here, nats">
              entropy
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens
            .filter((token) => token.written)
            .map((token) => (
              <tr key={token.position}>
                <td className="token">{token.text}</td>
                <td>
                  <span className="heat" aria-hidden="true">
                    <span style={{ width: `${100 * Math.exp(token.logProb)}%` }} />
                  </span>
                  <span className="visually-hidden">{fixed(Math.exp(token.logProb))}</span>
                </td>
                <td>{fixed(token.logProb)}</td>
                <td>{fixed(token.entropy)}</td>
              </tr>
            ))}
        </tbody>
      </table>
      {inserted.length > 0 && (
        <p className="small quiet">
          {inserted.length} retrieved tokens are not listed: the environment wrote them, and they are never trained on.
        </p>
      )}
    </>
  );
}
