import { useStore } from 'zustand';
import { caseLines } from '../../../store/lab/branch-jsonl';
import type { CaseShelf } from '../../../store/lab/case-shelf';
import { caseRefusal, compareResults } from '../../../store/lab/test-case';
import type { TestCase } from '../../../store/lab/test-case';
import { download } from '../../../store/files/save/download';
import { count, fixed } from '../../format';
import { useStudioState } from '../../studio-context';
import { Term } from '../../terms/term';

/** What a person keeps, and what became of it with later weights. */
export function Cases({ shelf }: { shelf: CaseShelf }): React.JSX.Element | null {
  const { cases, problem, running } = useStore(shelf.store);
  const update = useStudioState((state) => state.update);
  const config = useStudioState((state) => state.config);
  if (cases.length === 0 && problem === null) return null;
  const able = cases.filter((one) => caseRefusal(one, config) === null);
  const runAll = async (): Promise<void> => {
    for (const { id } of able) await shelf.run(id);
  };
  const save = (): void => {
    download('cutpoint-cases.jsonl', new Blob([caseLines(cases)], { type: 'application/x-ndjson' }));
  };
  return (
    <section className="lab-part" aria-label="Test cases">
      <div className="lab-part-head">
        <h3>
          <Term id="test-case">Test cases</Term>
        </h3>
        <button
          type="button"
          className="button plain"
          disabled={running !== null || able.length === 0}
          onClick={() => void runAll()}
        >
          Run all with update {count(update)}
        </button>
        <button type="button" className="button plain" disabled={cases.length === 0} onClick={save}>
          JSONL
        </button>
      </div>
      {problem !== null && <p role="alert">{problem}</p>}
      <ul className="cases">
        {cases.map((one) => (
          <Case key={one.id} one={one} shelf={shelf} refusal={caseRefusal(one, config)} running={running} />
        ))}
      </ul>
    </section>
  );
}

interface CaseProps {
  one: TestCase;
  shelf: CaseShelf;
  refusal: string | null;
  running: number | null;
}

function Case({ one, shelf, refusal, running }: CaseProps): React.JSX.Element {
  const [first] = one.results;
  return (
    <li>
      <input
        className="field case-name"
        aria-label="Name of the test case"
        defaultValue={one.name}
        maxLength={80}
        onBlur={(event) => event.target.value !== one.name && shelf.rename(one.id, event.target.value)}
      />
      <p className="small quiet">
        {one.question} {one.forced === null ? `Cut at ${one.step}.` : `Other tokens in step ${one.step}.`} Right answer:{' '}
        {one.rightAnswer}.
      </p>
      <ol className="case-results small">
        {one.results.map((result, k) => (
          <li key={k} data-same={first?.answer === result.answer && first.reward === result.reward}>
            update {count(result.update)}: <b>{result.answer ?? 'no answer'}</b>, R {fixed(result.reward)}
            {k > 0 && first && <span className="quiet"> {compareResults(first, result)}</span>}
          </li>
        ))}
      </ol>
      {refusal !== null && <p className="small quiet">{refusal}</p>}
      <div className="tree-tools">
        <button
          type="button"
          className="button plain"
          disabled={refusal !== null || running !== null}
          onClick={() => void shelf.run(one.id)}
        >
          {running === one.id ? 'Running …' : 'Run again'}
        </button>
        <button type="button" className="button plain" onClick={() => shelf.remove(one.id)}>
          Remove
        </button>
      </div>
    </li>
  );
}
