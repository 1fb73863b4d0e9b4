import './hand-branches.css';
import type { HandBranch } from '../../../recordings/decode-trajectory';
import { count, emText, fixed } from '../../format';

/** Branches of a recorded trajectory, as its file has them: cuts that a person made, or other ends of the same conversation. */
export function HandBranches({ branches }: { branches: readonly HandBranch[] }): React.JSX.Element | null {
  if (branches.length === 0) return null;
  const byHand = branches.some(({ weights }) => weights !== null);
  const title = byHand ? 'Cut by hand' : 'Branches in the file';
  return (
    // On a narrow screen it scrolls sideways, which the keyboard has to reach.
    <section className="hand-branches" aria-label={title} tabIndex={0}>
      <h3>{title}</h3>
      {!byHand && <p className="small quiet">Other ends of the same conversation. The file gives them no reward.</p>}
      <table>
        <thead>
          <tr>
            <th scope="col">Branch</th>
            <th scope="col">{byHand ? 'Cut' : 'Parts from'}</th>
            {byHand && <th scope="col">Weights</th>}
            <th scope="col">Steps after it</th>
            <th scope="col">Answer</th>
            <th scope="col">EM</th>
            {byHand && <th scope="col">Reward</th>}
          </tr>
        </thead>
        <tbody>
          {branches.map(({ branch, parent, cut, weights, side }) => (
            <tr key={branch}>
              <td>{branch}</td>
              <td>{partedAt(parent, cut, byHand ? 'draft' : 'the trajectory')}</td>
              {byHand && <td>{weights === null ? 'unknown' : `update ${count(weights)}`}</td>}
              <td>
                {side.steps
                  .slice(cut - 1)
                  .map(({ label }) => label)
                  .join(' → ') || 'none'}
              </td>
              <td>{side.answer ?? 'none'}</td>
              <td>{emText(side.em)}</td>
              {byHand && <td>{fixed(side.reward)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function partedAt(parent: number | null, cut: number, root: string): string {
  if (parent === null) return 'a beginning of its own';
  return `${parent === 0 ? root : `branch ${parent}`}, step ${cut}`;
}
