/** The dialog in which a world of one's own is made: facts in, problems by line or a preview of the questions out. */
import './own-world.css';
import { useEffect, useId, useRef } from 'react';
import { MAX_ENTITIES, MAX_FACTS, MAX_NAME_LENGTH, MAX_RELATIONS } from '../../../config/triple-limits';
import { editOwnWorld } from '../../../store/files/world/own-world';
import { closeOwnWorldDialog, ownWorldRefusal, startOwnWorld } from '../../../store/files/world/start-own-world';
import { openFiles } from '../../../store/files/open/open-file';
import type { OwnWorldDialog, TriplesSummary } from '../../../store/state/studio-state';
import { count } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { Phrases } from './phrases';
import { Taken } from './taken';

/** Longer text is not shown: a field of that size would take seconds for every letter. */
const MOST_SHOWN = 200_000;
const EXAMPLE = '# subject, relation, object, with tabs or commas between\nAnna, city, Oslo\nOslo, country, Norway';

export function OwnWorld(): React.JSX.Element | null {
  const dialog = useStudioState((state) => state.ownWorldDialog);
  return dialog && <Dialog dialog={dialog} />;
}

function Dialog({ dialog }: { dialog: OwnWorldDialog }): React.JSX.Element {
  const studio = useStudio();
  const frame = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const measured = useStudioState((state) => state.update > state.firstUpdate);
  const usable = useStudioState((state) => state.support.status === 'ok');
  useEffect(() => {
    frame.current?.showModal();
  }, []);
  // What is in it already, from a drop or from the run, was not read by this dialog.
  useEffect(() => {
    if (studio.store.getState().ownWorldDialog?.asked === 0) editOwnWorld(studio, {});
  }, [studio]);
  const refusal = usable ? ownWorldRefusal(dialog) : 'Training needs WebGPU, which this browser lacks.';
  return (
    <dialog className="own-world" ref={frame} aria-labelledby={heading} onClose={() => closeOwnWorldDialog(studio)}>
      <h2 id={heading}>Your own world</h2>
      {dialog.wanted !== null && (
        <p className="message" role="status">
          The link is of a run on “{dialog.wanted.name}”, a world of somebody’s own. A link cannot hold its facts: paste
          them or choose their file, and the run begins.
        </p>
      )}
      <p className="small quiet">
        One fact a line: subject, relation, object, as .tsv, .csv or N-Triples. Lines that begin with # are comments. At
        most {count(MAX_FACTS)} facts, {count(MAX_ENTITIES)} entities, {MAX_RELATIONS} relations and {MAX_NAME_LENGTH}{' '}
        characters a name. Nothing leaves this page.
      </p>
      <Facts dialog={dialog} />
      <div aria-live="polite">
        <Taken dialog={dialog} />
        <Problems dialog={dialog} />
        {dialog.reading?.world && <Preview world={dialog.reading.world} />}
      </div>
      {dialog.reading?.world && <Phrases phrases={dialog.reading.world.phrases} text={dialog.file.text} />}
      <div className="own-world-foot">
        <p className="small quiet" role="status">
          {refusal ?? (measured ? 'The run on the page ends.' : 'It begins with a warm start, which takes minutes.')}
        </p>
        <button type="button" className="button" onClick={() => frame.current?.close()}>
          {dialog.wanted === null ? 'Cancel' : 'Go on without'}
        </button>
        <button
          type="button"
          className="button primary"
          disabled={refusal !== null}
          onClick={() => void startOwnWorld(studio)}
        >
          Train on it
        </button>
      </div>
    </dialog>
  );
}

function Facts({ dialog }: { dialog: OwnWorldDialog }): React.JSX.Element {
  const studio = useStudio();
  const input = useRef<HTMLInputElement>(null);
  const { name, text } = dialog.file;
  return (
    <div className="own-world-facts">
      <label>
        Name
        <input
          className="field"
          value={name}
          maxLength={60}
          autoComplete="off"
          onChange={(event) => editOwnWorld(studio, { name: event.target.value })}
        />
      </label>
      <button type="button" className="button" onClick={() => input.current?.click()}>
        Choose a file
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".tsv,.csv,.txt,.nt,.nq,text/*"
        aria-label="File of facts"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          void openFiles(studio, files);
        }}
      />
      {text.length > MOST_SHOWN ? (
        <p className="own-world-long">
          {count(text.length)} characters, too long to be edited here.{' '}
          <button type="button" className="button plain" onClick={() => editOwnWorld(studio, { text: '' })}>
            Clear
          </button>
        </p>
      ) : (
        <label className="own-world-text">
          Facts
          <textarea
            className="field"
            rows={9}
            spellCheck={false}
            placeholder={EXAMPLE}
            value={text}
            onChange={(event) => editOwnWorld(studio, { text: event.target.value })}
          />
        </label>
      )}
    </div>
  );
}

function Problems({ dialog }: { dialog: OwnWorldDialog }): React.JSX.Element | null {
  const { reading } = dialog;
  if (reading === null || reading.problemCount === 0) return null;
  const hidden = reading.problemCount - reading.problems.length;
  return (
    <div className="message message-problem own-world-problems">
      <h3>{reading.problemCount === 1 ? 'One problem' : `${count(reading.problemCount)} problems`}</h3>
      <ul>
        {reading.problems.map(({ line, message }) => (
          <li key={`${line} ${message}`}>
            {line > 0 && <b>Line {line}: </b>}
            {message}
          </li>
        ))}
        {hidden > 0 && <li>and {count(hidden)} more</li>}
      </ul>
    </div>
  );
}

function Preview({ world }: { world: TriplesSummary }): React.JSX.Element {
  const [one, two, three] = world.questions;
  return (
    <>
      <p>
        <b>{count(world.facts)}</b> facts, <b>{count(world.entities)}</b> entities of {world.types} types,{' '}
        <b>{world.relations.length}</b> relations ({world.relations.join(', ')})
        {world.inverses.length > 0 && ` and ${world.inverses.length} that read one of them backwards`}.{' '}
        <b>{count(one)}</b> questions of one hop, <b>{count(two)}</b> of two, <b>{count(three)}</b> of three.
      </p>
      <table className="own-world-questions">
        <caption>Questions it asks</caption>
        <thead>
          <tr>
            <th scope="col">Hops</th>
            <th scope="col">Question</th>
            <th scope="col">Answer</th>
          </tr>
        </thead>
        <tbody>
          {world.examples.map(({ hops, question, answer }) => (
            <tr key={question}>
              <td>{hops}</td>
              <td>{question}</td>
              <td>{answer}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
