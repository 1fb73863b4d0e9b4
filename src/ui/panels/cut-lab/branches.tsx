import { useState } from 'react';
import { branchLines } from '../../../store/lab/branch-jsonl';
import { liveLines } from '../../../store/lab/live/live-jsonl';
import { dropBranch, putOnBench, showBranch } from '../../../store/lab/cut-lab';
import type { LabBranch } from '../../../store/state/lab-state';
import { treeOrder } from '../../../store/lab/branch-tree';
import { tokenWord } from '../../../recordings/decode-trajectory';
import { download } from '../../../store/files/save/download';
import { count, fixed, rightness } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { Term } from '../../terms/term';

interface ShelfProps {
  /** Where test cases are kept. */
  shelf: { keep: (branch: LabBranch, name: string) => void };
}

/** Every branch that was made of this trajectory, as a tree: to show, to cut again, to keep. */
export function Branches({ shelf }: ShelfProps): React.JSX.Element {
  const studio = useStudio();
  const branches = useStudioState((state) => state.lab.branches);
  const at = useStudioState((state) => state.lab.at);
  const shown = useStudioState((state) => state.lab.branch);
  const key = useStudioState((state) => state.lab.key);
  const live = useStudioState((state) => state.lab.live !== null);
  const save = (): void => {
    const name = `cutpoint-branches-${(key ?? '').replaceAll(' ', '-')}.jsonl`;
    download(name, new Blob([live ? liveLines(studio) : branchLines(studio)], { type: 'application/x-ndjson' }));
  };
  return (
    <section className="lab-part" aria-label="Branches">
      <div className="lab-part-head">
        <h3>
          <Term id="branch">Branches</Term>
        </h3>
        <button type="button" className="button plain" disabled={branches.length === 0} onClick={save}>
          JSONL
        </button>
      </div>
      <p className="small quiet">
        Each cut adds a branch here. Press one to see it beside what it was cut from; Cut again puts it on the{' '}
        <Term id="bench" then=".">
          bench
        </Term>
      </p>
      {branches.length > 0 && (
        <ul className="tree">
          <li>
            <button
              type="button"
              className="button plain"
              aria-pressed={at === null}
              onClick={() => putOnBench(studio, null)}
            >
              Draft
            </button>
          </li>
          {treeOrder(branches).map(({ branch, depth }) => (
            <li key={branch.id} style={{ '--depth': depth }}>
              <Row branch={branch} isShown={shown?.id === branch.id} isOnBench={at === branch.id} />
            </li>
          ))}
        </ul>
      )}
      {shown && <Keep key={shown.id} branch={shown} shelf={shelf} />}
    </section>
  );
}

interface RowProps {
  branch: LabBranch;
  isShown: boolean;
  isOnBench: boolean;
}

function Row({ branch, isShown, isOnBench }: RowProps): React.JSX.Element {
  const studio = useStudio();
  const world = useStudioState((state) => state.world);
  const { final } = branch.view;
  const words = branch.forced?.tokens.map((token) => (world ? tokenWord(world, token) : token)).join(' ');
  const what =
    branch.live?.note || (words === undefined ? `cut at ${branch.step}` : `“${words}” in step ${branch.step}`);
  return (
    <>
      <button
        type="button"
        className="button plain tree-branch"
        aria-pressed={isShown}
        onClick={() => showBranch(studio, branch)}
      >
        {what}
      </button>
      <span className="tree-answer">
        {final.answer ?? 'no answer'} <span className="quiet">{rightness(final.em)}</span>
      </span>
      <span className="small quiet">
        R {fixed(final.reward)}, {branch.live ? `by ${branch.live.model}` : `weights of update ${count(branch.update)}`}
        {branch.replicate > 0 && `, numbers ${branch.replicate + 1}`}
      </span>
      <span className="tree-tools">
        <button
          type="button"
          className="button plain"
          aria-pressed={isOnBench}
          disabled={final.steps.length === 0}
          onClick={() => putOnBench(studio, branch.id)}
        >
          Cut again
        </button>
        <button
          type="button"
          className="button plain"
          aria-label={`Remove branch ${what}`}
          onClick={() => dropBranch(studio, branch.id)}
        >
          Remove
        </button>
      </span>
    </>
  );
}

/** A branch on screen becomes a test case under a name. */
function Keep({ branch, shelf }: ShelfProps & { branch: LabBranch }): React.JSX.Element {
  const [name, setName] = useState('');
  const [kept, setKept] = useState(false);
  return (
    <form
      className="keep-form"
      onSubmit={(event) => {
        event.preventDefault();
        shelf.keep(branch, name);
        setKept(true);
      }}
    >
      <label className="small">
        <span className="quiet">Name of the test case</span>{' '}
        <input
          className="field"
          value={name}
          maxLength={80}
          placeholder="the question and the cut"
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <button type="submit" className="button" disabled={kept}>
        {kept ? 'Kept' : 'Keep as test case'}
      </button>
    </form>
  );
}
