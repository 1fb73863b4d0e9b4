import type { TokenView } from '../../../recordings/decode-trajectory';
import type { StudioState } from '../../../store/state/studio-state';
import { fixed } from '../../format';
import { Term } from '../../terms/term';

interface TokenTableProps {
  /** Of the step on screen. */
  tokens: readonly TokenView[];
  inspection: StudioState['inspection'];
}

/** The numbers behind the heat, of the tokens that the policy wrote; retrieved ones are nobody's action. */
export function TokenTable({ tokens, inspection }: TokenTableProps): React.JSX.Element {
  const inserted = tokens.filter((token) => !token.written);
  return (
    <>
      <table className="tokens small">
        <thead>
          <tr>
            <th scope="col">
              <Term id="token">token</Term>
            </th>
            <th scope="col">
              <Term id="log-probability">log p</Term>
            </th>
            <th scope="col">
              <Term id="entropy">entropy</Term>
            </th>
            <th scope="col">
              <Term id="ratio">ratio</Term>
            </th>
            <th scope="col">
              log p, <Term id="base">base</Term>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens
            .filter((token) => token.written)
            .map((token) => {
              const current = inspection?.current[token.position];
              return (
                <tr key={token.position}>
                  <td className="token">{token.text}</td>
                  <td>{fixed(token.logProb)}</td>
                  <td>{fixed(token.entropy)}</td>
                  <td>{fixed(current === undefined ? null : Math.exp(current - token.logProb))}</td>
                  <td>{fixed(inspection?.reference[token.position])}</td>
                </tr>
              );
            })}
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
