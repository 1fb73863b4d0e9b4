import { useId, useState } from 'react';
import { setBreakpoints } from '../../../store/run/actions';
import { useStudio, useStudioState } from '../../studio-context';
import { Term } from '../../terms/term';

/** Conditions that pause the run by themselves, right after the update that meets them. */
export function BreakpointFields(): React.JSX.Element {
  const studio = useStudio();
  const breakpoints = useStudioState((state) => state.breakpoints);
  const { zeroVarianceGroups, revisionRate, entropyBelow, pinnedAnswer } = breakpoints;
  const change = (part: Partial<typeof breakpoints>): void => setBreakpoints(studio, { ...breakpoints, ...part });
  return (
    <fieldset className="breakpoints small">
      <legend>
        <Term id="breakpoint">Pause by itself</Term> when
      </legend>
      <Condition
        label="groups with equal rewards, at least"
        on={zeroVarianceGroups !== null}
        onToggle={(on) => change({ zeroVarianceGroups: on ? 1 : null })}
      >
        <Field
          label="groups"
          value={zeroVarianceGroups ?? 1}
          min={1}
          max={64}
          onChange={(value) => change({ zeroVarianceGroups: value })}
        />
      </Condition>
      <Condition
        label="share of drafts cut leaves"
        on={revisionRate !== null}
        onToggle={(on) => change({ revisionRate: on ? { low: 0.05, high: 0.8 } : null })}
      >
        <Field
          label="lowest share"
          value={revisionRate?.low ?? 0.05}
          min={0}
          max={1}
          onChange={(low) => change({ revisionRate: { low, high: revisionRate?.high ?? 0.8 } })}
        />
        to
        <Field
          label="highest share"
          value={revisionRate?.high ?? 0.8}
          min={0}
          max={1}
          onChange={(high) => change({ revisionRate: { low: revisionRate?.low ?? 0.05, high } })}
        />
      </Condition>
      <Condition
        label="entropy falls below"
        on={entropyBelow !== null}
        onToggle={(on) => change({ entropyBelow: on ? 0.2 : null })}
      >
        <Field
          label="nats per token"
          value={entropyBelow ?? 0.2}
          min={0}
          max={10}
          onChange={(value) => change({ entropyBelow: value })}
        />
        <Term id="nats">nats</Term>
      </Condition>
      <Condition
        label="the answer to a pinned question changes"
        on={pinnedAnswer}
        onToggle={(on) => change({ pinnedAnswer: on })}
      />
    </fieldset>
  );
}

interface ConditionProps {
  label: string;
  on: boolean;
  onToggle: (on: boolean) => void;
  children?: React.ReactNode;
}

function Condition({ label, on, onToggle, children }: ConditionProps): React.JSX.Element {
  const id = useId();
  return (
    <span className={on ? 'condition' : 'condition condition-off'}>
      <input id={id} type="checkbox" checked={on} onChange={(event) => onToggle(event.target.checked)} />
      <label htmlFor={id}>{label}</label>
      {children}
    </span>
  );
}

interface FieldProps {
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}

/** Half-typed text stays here; only a number in range becomes the condition's. */
function Field({ label, value, min, max, onChange }: FieldProps): React.JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const usable = (text: string): boolean => text.trim() !== '' && Number(text) >= min && Number(text) <= max;
  return (
    <input
      className="field condition-field"
      inputMode="decimal"
      aria-label={`${label}, ${min} to ${max}`}
      aria-invalid={typed !== null && !usable(typed)}
      value={typed ?? String(value)}
      onChange={(event) => {
        setTyped(event.target.value);
        if (usable(event.target.value)) onChange(Number(event.target.value));
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
