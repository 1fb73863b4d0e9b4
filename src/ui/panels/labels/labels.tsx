/** A person's labels and note on the step on screen, or on its trajectory. Loaded after the first paint. */
import './labels.css';
import { useEffect, useId, useState } from 'react';
import { labelsOf, MOST_LABEL, MOST_LABELS, MOST_NOTE } from '../../../store/files/labels/labels';
import type { Remark } from '../../../store/files/labels/labels';
import { select } from '../../../store/view/view-actions';
import type { CurrentView } from '../../../store/view/current-view';
import { useStudio, useStudioState } from '../../studio-context';

/** The note is kept so long after the last key. */
const WAIT_MS = 400;

export function Labels({ view }: { view: CurrentView }): React.JSX.Element {
  const studio = useStudio();
  const book = labelsOf(studio);
  const { stored, trajectory, side, step } = view;
  const [of, setOf] = useState<'step' | 'trajectory'>('step');
  const shown = useStudioState((state) => state.labels);
  useEffect(() => void book.open(), [book, stored]);
  const said = shown?.rows === stored ? shown.said.get(trajectory.place)?.text : undefined;
  const at = { side, step: of === 'step' ? step.number : null };
  return (
    <details
      className="labels"
      onToggle={({ currentTarget }) => {
        // What is being labelled stays on screen.
        if (currentTarget.open && !view.chosen) select(studio, { row: trajectory.row, side, step: step.number });
      }}
    >
      <summary>
        Labels and notes
        {said !== undefined && said !== '' && <span className="small quiet"> {said}</span>}
      </summary>
      <div className="labels-body">
        <div className="labels-row" role="group" aria-label="What is labelled">
          {(['step', 'trajectory'] as const).map((what) => (
            <button
              key={what}
              type="button"
              className="button plain"
              aria-pressed={of === what}
              onClick={() => setOf(what)}
            >
              {what === 'step' ? `This step (${step.number})` : 'The trajectory'}
            </button>
          ))}
        </div>
        {book.canLabel ? (
          <Fields
            key={`${stored.batch.update} ${trajectory.row} ${at.side} ${at.step} ${shown?.rows === stored}`}
            view={view}
            at={at}
          />
        ) : (
          <p className="small quiet">
            This folder is still being written: stop following it and open its files to label them.
          </p>
        )}
      </div>
    </details>
  );
}

function Fields({ view, at }: { view: CurrentView; at: Pick<Remark, 'side' | 'step'> }): React.JSX.Element {
  const studio = useStudio();
  const book = labelsOf(studio);
  const id = useId();
  const names = useStudioState((state) => state.labels?.names);
  const problem = useStudioState((state) => state.labels?.problem ?? null);
  const [remark, setRemark] = useState(() => book.of(view, at));
  const [label, setLabel] = useState('');
  const [told, setTold] = useState('');
  const keep = (next: Remark): void => {
    setRemark(next);
    setTold('');
    void book.say(view, next).then(() => setTold('Kept in this browser'));
  };
  const { labels, note } = remark;
  // A note is not kept letter by letter, nor lost when another row is looked at.
  const [typed, setTyped] = useState(note);
  useEffect(() => {
    if (typed === note) return undefined;
    const timer = setTimeout(() => keep({ ...remark, note: typed }), WAIT_MS);
    return () => clearTimeout(timer);
  });
  const leave = (): void => {
    if (typed !== note) keep({ ...remark, note: typed });
  };
  return (
    <>
      <form
        className="labels-row"
        onSubmit={(event) => {
          event.preventDefault();
          if (label.trim() === '') return;
          keep({ ...remark, labels: [...labels, label] });
          setLabel('');
        }}
      >
        {labels.map((one) => (
          <button
            key={one}
            type="button"
            className="badge label-chip"
            aria-label={`Remove label ${one}`}
            onClick={() => keep({ ...remark, labels: labels.filter((other) => other !== one) })}
          >
            {one} <span aria-hidden="true">×</span>
          </button>
        ))}
        <input
          className="field"
          aria-label="New label"
          placeholder="Label"
          list={id}
          value={label}
          maxLength={MOST_LABEL}
          disabled={labels.length >= MOST_LABELS}
          onChange={(event) => setLabel(event.target.value)}
        />
        <datalist id={id}>
          {names?.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <button type="submit" className="button" disabled={label.trim() === ''}>
          Add label
        </button>
      </form>
      <textarea
        className="field labels-note"
        aria-label="Note"
        placeholder="Note"
        value={typed}
        maxLength={MOST_NOTE}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={leave}
      />
      <p className="small quiet" role="status">
        {problem ?? told}
      </p>
    </>
  );
}
