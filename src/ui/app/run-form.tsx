import { Fragment, useState } from 'react';
import { PAUSE, PLAY, RESET, STEP } from '../../store/run/actions';
import { readTarget, runFor, runOn } from '../../store/run/run-for';
import type { TargetKind } from '../../store/run/run-for';
import { count } from '../format';
import { closeMenu } from '../primitives/menu';
import { useStudio, useStudioState } from '../studio-context';

/** Asks how far to run; stands in a menu. */
export function RunForm(): React.JSX.Element {
  const studio = useStudio();
  const target = useStudioState((state) => state.target);
  const update = useStudioState((state) => state.update);
  const [text, setText] = useState('100');
  const [kind, setKind] = useState<TargetKind>('more');
  const [problem, setProblem] = useState<string | null>(null);
  const end = readTarget(text, kind, update);
  return (
    <form
      className="run-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const refused = runFor(studio, text, kind);
        setProblem(refused);
        if (refused === null) closeMenu(event.currentTarget);
      }}
    >
      <label>
        <span className="small quiet">Run, then stop</span>
        <span className="run-form-line">
          <input
            className="field"
            inputMode="numeric"
            autoFocus
            aria-label={kind === 'more' ? 'How many updates' : 'Number of the update'}
            aria-invalid={problem !== null}
            aria-describedby="run-form-note"
            value={text}
            onChange={(event) => (setText(event.target.value), setProblem(null))}
          />
          <select
            className="field"
            aria-label="Counted"
            value={kind}
            onChange={(event) => (setKind(event.target.value === 'to' ? 'to' : 'more'), setProblem(null))}
          >
            <option value="more">more updates</option>
            <option value="to">is the update to stop at</option>
          </select>
        </span>
      </label>
      <p className="small quiet run-form-note" id="run-form-note" role={problem === null ? undefined : 'alert'}>
        {problem ?? (typeof end === 'number' ? `Stops at update ${count(end)}.` : end.problem)}
      </p>
      <div className="run-form-line">
        <button type="submit" className="button primary">
          Run
        </button>
        {target !== null && (
          <button
            type="button"
            className="button"
            onClick={({ currentTarget }) => (runOn(studio), closeMenu(currentTarget))}
          >
            No end
          </button>
        )}
      </div>
      <TransportHelp />
    </form>
  );
}

/** What the controls of the bar do, for who has no mouse to rest on them. */
function TransportHelp(): React.JSX.Element {
  return (
    <dl className="run-form-help small">
      {[PLAY, PAUSE, STEP, RESET].map(({ name, help }) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{help}</dd>
        </Fragment>
      ))}
      <dt>both …</dt>
      <dd>What a Step trains: the losses of actor and refiner, or one of them alone</dd>
      <dt>speed</dt>
      <dd>Updates a minute at most; slow motion shows each phase by phase</dd>
    </dl>
  );
}
