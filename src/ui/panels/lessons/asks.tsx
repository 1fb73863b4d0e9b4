import { useId } from 'react';
import type { Answer, Built, Option } from '../../../lessons/lesson';
import type { Asked } from '../../../lessons/played';
import { say } from '../../../lessons/words';
import { CutLine } from '../../primitives/cut-line';
import { DrawCurve } from '../../primitives/draw-curve';
import { Order } from '../../primitives/order';
import { Pieces } from '../../primitives/pieces';

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
export function Ask({ asked, label, working, locked, canLock, onChange, onLock }: AskProps): React.ReactNode {
  const answer = working ?? locked ?? null;
  if (asked.kind === 'press') {
    return (
      working !== null && (
        <button type="button" className="button primary" disabled={!canLock} onClick={onLock}>
          {label}
        </button>
      )
    );
  }
  return (
    <fieldset className="lesson-ask" disabled={working === null}>
      <legend>{label}</legend>
      <Answering asked={asked} answer={answer} onChange={onChange} label={label} disabled={working === null} />
      {working !== null && (
        <button type="button" className="button primary" disabled={!canLock} onClick={onLock}>
          {say('runner.lock')}
        </button>
      )}
    </fieldset>
  );
}

interface AnsweringProps {
  asked: Exclude<Asked, { kind: 'press' }>;
  answer: Answer | null;
  label: string;
  disabled: boolean;
  onChange: (answer: Answer) => void;
}

function Answering({ asked, answer, label, disabled, onChange }: AnsweringProps): React.JSX.Element {
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
      return (
        <div className="lesson-hand">
          <Order
            label={label}
            items={asked.options}
            order={answer?.kind === 'order' ? answer.order : []}
            disabled={disabled}
            onChange={(order) => onChange({ kind: 'order', order })}
            words={{
              grip: (item, place) => say('ask.order.grip', { item, place, places: asked.options.length }),
              up: (item) => say('ask.order.up', { item }),
              down: (item) => say('ask.order.down', { item }),
            }}
          />
          {!disabled && <p className="lesson-hint">{say('ask.order.hint')}</p>}
        </div>
      );
    case 'cuts':
      return (
        <Cuts
          drafts={asked.drafts}
          cuts={answer?.kind === 'cuts' ? answer.cuts : []}
          label={label}
          disabled={disabled}
          onChange={(cuts) => onChange({ kind: 'cuts', cuts })}
        />
      );
    case 'curve': {
      const { min, max, step } = asked;
      return (
        <div className="lesson-hand">
          <DrawCurve
            label={label}
            xs={asked.xs}
            points={answer?.kind === 'curve' ? answer.points : []}
            known={asked.known}
            range={{ min, max, step }}
            disabled={disabled}
            yTicks={[min, (min + max) / 2, max]}
            onChange={(points) => onChange({ kind: 'curve', points })}
            words={{
              xLabel: say('ask.curve.x'),
              yLabel: say('ask.curve.y'),
              point: (x) => say('ask.curve.point', { x }),
              value: (value) => (value === undefined ? say('ask.curve.open') : value.toFixed(2)),
            }}
          />
          {!disabled && <p className="lesson-hint">{say('ask.curve.hint')}</p>}
        </div>
      );
    }
    case 'build':
      return (
        <Bench
          asked={asked}
          built={answer?.kind === 'build' ? answer : { pieces: [], setting: 0 }}
          label={label}
          disabled={disabled}
          onChange={(built) => onChange({ kind: 'build', ...built })}
        />
      );
  }
}

interface BenchProps {
  asked: Extract<Asked, { kind: 'build' }>;
  built: Built;
  label: string;
  disabled: boolean;
  onChange: (built: Built) => void;
}

function Bench({ asked, built, label, disabled, onChange }: BenchProps): React.JSX.Element {
  const { pieces, setting } = built;
  const told = { value: asked.value(built).toFixed(2), goal: asked.goal.toFixed(2) };
  return (
    <div className="lesson-hand">
      {asked.settings.length > 1 && (
        <div role="radiogroup" aria-label={say('ask.build.settings')}>
          <p>{say('ask.build.settings')}</p>
          <Choice
            options={asked.settings}
            chosen={[setting]}
            type="radio"
            onToggle={(to) => onChange({ pieces, setting: to })}
          />
        </div>
      )}
      <Pieces
        label={label}
        items={asked.pieces.map((piece) => piece.label)}
        pieces={pieces}
        most={asked.most}
        disabled={disabled}
        onChange={(to) => onChange({ pieces: to, setting })}
        words={{
          again: (piece) => say('ask.build.again', { piece }),
          out: (piece) => say('ask.build.out', { piece }),
          back: say('ask.build.back'),
          none: say('ask.build.none'),
        }}
      />
      <p className="lesson-worth" role="status">
        {say('ask.build.worth', told)}
      </p>
      {!disabled && <p className="lesson-hint">{say('ask.build.hint')}</p>}
    </div>
  );
}

interface CutsProps {
  drafts: readonly (readonly string[])[];
  cuts: readonly number[];
  label: string;
  disabled: boolean;
  onChange: (cuts: readonly number[]) => void;
}

function Cuts({ drafts, cuts, label, disabled, onChange }: CutsProps): React.JSX.Element {
  return (
    <div className="lesson-hand">
      {drafts.map((steps, draft) => {
        const cut = cuts[draft] ?? -1;
        const inWords = (at: number): string => {
          if (at < 0) return say('ask.cuts.open');
          return at === 0 ? say('ask.cuts.accept') : say('ask.cuts.at', { step: at, text: steps[at - 1] ?? '' });
        };
        return (
          <div key={draft}>
            <CutLine
              label={drafts.length === 1 ? label : say('ask.cuts.draft', { draft: draft + 1 })}
              steps={steps.length}
              cut={cut}
              disabled={disabled}
              onChange={(to) => onChange(cuts.with(draft, to))}
              words={{ accept: say('ask.cuts.keep'), value: inWords }}
            />
            <p className="lesson-cut" aria-hidden="true">
              {inWords(cut)}
            </p>
          </div>
        );
      })}
      {!disabled && <p className="lesson-hint">{say('ask.cuts.hint')}</p>}
    </div>
  );
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
