import { useId } from 'react';
import type { Answer, Option } from '../../../lessons/lesson';
import type { Asked } from '../../../lessons/played';
import { say } from '../../../lessons/words';

interface AskProps {
  asked: Asked;
  label: string;
  /** What is being answered, null once it is locked. */
  working: Answer | null;
  locked: Answer | undefined;
  canLock: boolean;
  onChange: (answer: Answer) => void;
  onLock: () => void;
}

/** What a step asks, by hand and by keyboard; once it is locked it stands as it was given. */
export function Ask({ asked, label, working, locked, canLock, onChange, onLock }: AskProps): React.JSX.Element {
  const answer = working ?? locked ?? null;
  return (
    <fieldset className="lesson-ask" disabled={working === null}>
      <legend>{label}</legend>
      <Answering asked={asked} answer={answer} onChange={onChange} label={label} />
      {working !== null && (
        <button type="button" className="button primary" disabled={!canLock} onClick={onLock}>
          {asked.kind === 'press' ? label : say('runner.lock')}
        </button>
      )}
    </fieldset>
  );
}

interface AnsweringProps {
  asked: Asked;
  answer: Answer | null;
  label: string;
  onChange: (answer: Answer) => void;
}

function Answering({ asked, answer, label, onChange }: AnsweringProps): React.JSX.Element | null {
  switch (asked.kind) {
    case 'choice':
      return (
        <Choice
          options={asked.options}
          chosen={answer?.kind === 'choice' ? [answer.choice] : []}
          type="radio"
          onToggle={(choice) => onChange({ kind: 'choice', choice })}
        />
      );
    case 'many': {
      const chosen = answer?.kind === 'many' ? answer.chosen : [];
      return (
        <Choice
          options={asked.options}
          chosen={chosen}
          type="checkbox"
          onToggle={(at) =>
            onChange({ kind: 'many', chosen: chosen.includes(at) ? chosen.filter((c) => c !== at) : [...chosen, at] })
          }
        />
      );
    }
    case 'number':
      return (
        <label className="lesson-slider">
          <input
            type="range"
            aria-label={label}
            min={asked.min}
            max={asked.max}
            step={asked.step}
            value={answer?.kind === 'number' ? answer.value : asked.min}
            onChange={(event) => onChange({ kind: 'number', value: Number(event.target.value) })}
          />
          <output>
            {answer?.kind === 'number' ? answer.value : asked.min}
            {asked.unit}
          </output>
        </label>
      );
    case 'order':
    case 'cuts':
    case 'curve':
    case 'press':
      return null;
  }
}

interface ChoiceProps {
  options: readonly Option[];
  chosen: readonly number[];
  type: 'radio' | 'checkbox';
  onToggle: (at: number) => void;
}

function Choice({ options, chosen, type, onToggle }: ChoiceProps): React.JSX.Element {
  const name = useId();
  return (
    <ul className="lesson-options">
      {options.map(({ label, note }, at) => (
        <li key={at}>
          <label className="lesson-option">
            <input type={type} name={name} checked={chosen.includes(at)} onChange={() => onToggle(at)} />
            <span>{label}</span>
            {note !== undefined && <span className="quiet">{note}</span>}
          </label>
        </li>
      ))}
    </ul>
  );
}
