import type { TokenView } from '../../../recordings/decode-trajectory';
import type { StudioState } from '../../../store/state/studio-state';
import { fixed, signed } from '../../format';
import { Term } from '../../terms/term';
import { othersOf, ratioOf } from './token-heat';

interface TokenTableProps {
  /** Of the step on screen. */
  tokens: readonly TokenView[];
  inspection: StudioState['inspection'];
  /** Of a trainer's file: whether it says what each token's advantage is. */
  file?: { advantages: boolean };
}

/** The numbers behind the heat, of the tokens that the policy wrote; retrieved ones are nobody's action. */
export function TokenTable({ tokens, inspection, file }: TokenTableProps): React.JSX.Element {
  const inserted = tokens.filter((token) => !token.written);
  const advantages = file?.advantages === true;
  return (
    <>
      <table className={file ? 'tokens tokens-of-file small' : 'tokens small'}>
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
            {advantages && (
              <th scope="col">
                <Term id="advantage">advantage</Term>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {tokens
            .filter((token) => token.written)
            .map((token) => (
              <tr key={token.position}>
                <td className="token">{token.text}</td>
                <td>{fixed(token.logProb)}</td>
                <td>{fixed(token.entropy)}</td>
                <td>{fixed(ratioOf(token, inspection))}</td>
                <td>{fixed(othersOf(token, inspection).reference)}</td>
                {advantages && <td>{signed(token.advantage ?? null)}</td>}
              </tr>
            ))}
        </tbody>
      </table>
      {inserted.length > 0 && (
        <p className="small quiet">
          {file
            ? `${inserted.length} tokens that are not trained on are not listed.`
            : `${inserted.length} retrieved tokens are not listed: the environment wrote them, and they are never trained on.`}
        </p>
      )}
    </>
  );
}
