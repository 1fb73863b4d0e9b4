/** What a person keeps, and what became of it with later weights, or by another model. */
import { useStore } from 'zustand';
import { modelLabel } from '../../../lib/model-label';
import { caseLines } from '../../../store/lab/branch-jsonl';
import type { CaseShelf, KeptCase } from '../../../store/lab/case-shelf';
import { compareLive } from '../../../store/lab/live/live-cases';
import type { LiveCase } from '../../../store/lab/live/live-cases';
import { caseRefusal, compareResults } from '../../../store/lab/test-case';
import type { TestCase } from '../../../store/lab/test-case';
import { download } from '../../../store/files/save/download';
import { count, fixed } from '../../format';
import { useStudioState } from '../../studio-context';
import { Term } from '../../terms/term';

/** What is said of cases of a kind. */
interface Words<C extends KeptCase> {
  /** Who would regenerate them now. */
  now: string;
  note: string | null;
  file: string;
  refusal: (one: C) => string | null;
  /** What was done. */
  cut: (one: C) => string;
  /** Who made a result. */
  by: (result: C['results'][number]) => string;
  compare: (first: C['results'][number], now: C['results'][number]) => string;
}

export function OwnCases({ shelf }: { shelf: CaseShelf<TestCase> }): React.JSX.Element | null {
  const update = useStudioState((state) => state.update);
  const config = useStudioState((state) => state.config);
  const words: Words<TestCase> = {
    ...{ now: `update ${count(update)}`, note: null, file: 'cutpoint-cases.jsonl', compare: compareResults },
    refusal: (one) => caseRefusal(one, config),
    cut: ({ forced, step }) => (forced === null ? `Cut at ${step}.` : `Other tokens in step ${step}.`),
    by: (result) => `update ${count(result.update)}`,
  };
  return <Cases shelf={shelf} words={words} />;
}

/** Of the connected model server: what it refuses it says when it is asked. */
export function LiveCases({ shelf }: { shelf: CaseShelf<LiveCase> }): React.JSX.Element | null {
  const model = useStudioState((state) => modelLabel(state.live?.abilities?.model ?? ''));
  const seeded = useStudioState((state) => state.live?.abilities?.seeded !== false);
  const words: Words<LiveCase> = {
    ...{ now: model, file: 'cutpoint-live-cases.jsonl', compare: compareLive, refusal: () => null },
    note: seeded ? null : 'This server keeps no seeds, so each run draws anew.',
    cut: ({ edit, step, seed }) => `${edit === '' ? `Cut at ${step}` : `With another ${edit}`}, seed ${seed}.`,
    by: (result) => result.model,
  };
  return <Cases shelf={shelf} words={words} />;
}

interface CasesProps<C extends KeptCase> {
  shelf: CaseShelf<C>;
  words: Words<C>;
}

function Cases<C extends KeptCase>({ shelf, words }: CasesProps<C>): React.JSX.Element | null {
  const { cases, problem, running } = useStore(shelf.store);
  if (cases.length === 0 && problem === null) return null;
  const able = cases.filter((one) => words.refusal(one) === null).map(({ id }) => id);
  const save = (): void => {
    download(words.file, new Blob([caseLines(shelf.kind.format, cases)], { type: 'application/x-ndjson' }));
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
          onClick={() => void shelf.run(...able)}
        >
          Run all with {words.now}
        </button>
        <button type="button" className="button plain" disabled={cases.length === 0} onClick={save}>
          JSONL
        </button>
      </div>
      {problem !== null && <p role="alert">{problem}</p>}
      {words.note !== null && <p className="small quiet">{words.note}</p>}
      <ul className="cases">
        {cases.map((one) => (
          <Case key={one.id} one={one} shelf={shelf} words={words} running={running} />
        ))}
      </ul>
    </section>
  );
}

interface CaseProps<C extends KeptCase> extends CasesProps<C> {
  one: C;
  running: number | null;
}

function Case<C extends KeptCase>({ one, shelf, words, running }: CaseProps<C>): React.JSX.Element {
  const results: readonly C['results'][number][] = one.results;
  const [first] = results;
  const refusal = words.refusal(one);
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
        {one.question} {words.cut(one)} {one.rightAnswer !== '' && `Right answer: ${one.rightAnswer}.`}
      </p>
      <ol className="case-results small">
        {results.map((result, k) => (
          <li key={k} data-same={first?.answer === result.answer && first.reward === result.reward}>
            {words.by(result)}: <b>{result.answer ?? 'no answer'}</b>, R {fixed(result.reward)}
            {k > 0 && first && <span className="quiet"> {words.compare(first, result)}</span>}
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
        {running === one.id && shelf.kind.cancels && (
          <button type="button" className="button plain" onClick={() => shelf.cancel()}>
            Cancel
          </button>
        )}
        <button type="button" className="button plain" onClick={() => shelf.remove(one.id)}>
          Remove
        </button>
      </div>
    </li>
  );
}
