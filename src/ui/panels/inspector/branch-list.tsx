/** The branches that a file has of a trajectory, one line each; Cut Lab has them in full. */
import type { HandBranch } from '../../../recordings/decode-trajectory';
import { rightness } from '../../format';
import { Term } from '../../terms/term';

export function BranchList({ branches }: { branches: readonly HandBranch[] }): React.JSX.Element {
  return (
    <>
      <h3>
        <Term id="branch">Branches</Term> in the file
      </h3>
      <ul className="branch-list small">
        {branches.map(({ branch, parent, cut, side }) => (
          <li key={branch}>
            {branch}, {parent === null ? 'a beginning of its own' : `from step ${cut}`}
            {parent !== null && parent > 0 && ` of branch ${parent}`}: {side.answer ?? 'no answer'}{' '}
            <span className="quiet">({rightness(side.em)})</span>
          </li>
        ))}
      </ul>
    </>
  );
}
