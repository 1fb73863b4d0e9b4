/** The branches that a file has of a trajectory, one line each; Cut Lab has them in full. */
import type { HandBranch } from '../../../recordings/decode-trajectory';
import { rightness } from '../../format';
import { Term } from '../../terms/term';

export function BranchList({ branches }: { branches: readonly HandBranch[] }): React.JSX.Element {
  return (
    <section aria-label="Branches in the file">
      <h3>
        <Term id="branch">Branches</Term> in the file
      </h3>
      <ol className="branch-list small">
        {branches.map(({ branch, parent, cut, side }) => (
          <li key={branch}>
            {parent === null ? 'its own beginning' : `from step ${cut}${parent === 0 ? '' : ` of branch ${parent}`}`}:{' '}
            {side.answer ?? 'no answer'} <span className="quiet">({rightness(side.em)})</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
