import './hand-branches.css';
import type { HandBranch } from '../../../recordings/decode-trajectory';
import { emText, fixed } from '../../format';

/** The cuts that a person made of a recorded trajectory, as its file has them. */
export function HandBranches({ branches }: { branches: readonly HandBranch[] }): React.JSX.Element | null {
  if (branches.length === 0) return null;
  return (
    // On a narrow screen it scrolls sideways, which the keyboard has to reach.
    <section className="hand-branches" aria-label="Cut by hand" tabIndex={0}>
      <h3>Cut by hand</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Branch</th>
            <th scope="col">Cut</th>
            <th scope="col">Weights</th>
            <th scope="col">Steps after it</th>
            <th scope="col">Answer</th>
            <th scope="col">EM</th>
            <th scope="col">Reward</th>
          </tr>
        </thead>
        <tbody>
          {branches.map(({ branch, parent, cut, weights, side }) => (
            <tr key={branch}>
              <td>{branch}</td>
              <td>
                {parent === 0 ? 'draft' : `branch ${parent}`}, step {cut}
              </td>
              <td>update {weights}</td>
              <td>
                {side.steps
                  .slice(cut - 1)
                  .map(({ label }) => label)
                  .join(' → ') || 'none'}
              </td>
              <td>{side.answer ?? 'none'}</td>
              <td>{emText(side.em)}</td>
              <td>{fixed(side.reward)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
