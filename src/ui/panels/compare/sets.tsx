/** Two training steps or two files: their numbers side by side, and the questions whose result changed. */
import { useMemo, useRef } from 'react';
import { cancelReading, openOtherRollouts } from '../../../store/files/open/open-rollouts';
import { fileAt } from '../../../store/lab/answers';
import type { SetRef } from '../../../store/state/compared';
import type { Studio } from '../../../store/state/studio-state';
import { changeCompared } from '../../../store/view/compare-actions';
import { changesBetweenSets, summarizeSet } from '../../../store/view/rollout-sets';
import type { RowSet } from '../../../store/view/rollout-sets';
import { count, percent } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { ChangedQuestions } from './changed-questions';
import { SetNumbers } from './set-numbers';
import { stepText } from './words';

export function Sets({ refs }: { refs: readonly [SetRef, SetRef | null] }): React.JSX.Element {
  const studio = useStudio();
  const other = useStudioState((state) => state.rollouts.other);
  const both = useMemo(
    () => {
      const [a, b] = [rowsOf(studio, refs[0]), refs[1] && rowsOf(studio, refs[1])];
      if (!a || !b) return null;
      return {
        summaries: [summarizeSet(a), summarizeSet(b)] as const,
        changes: changesBetweenSets(a, b),
        sets: [a, b] as const,
      };
    },
    // A second file of the same place is another one.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [studio, refs, other],
  );
  const choose = (next: readonly [SetRef, SetRef | null]): void => changeCompared(studio, { kind: 'sets', refs: next });
  return (
    <>
      <div className="set-choice">
        <Choice name="A" chosen={refs[0]} onChoose={(set) => choose([set ?? refs[0], refs[1]])} />
        <Choice name="B" chosen={refs[1]} onChoose={(set) => choose([refs[0], set])} />
        <OtherFile />
      </div>
      <Reading />
      {both === null || refs[1] === null ? (
        <p className="quiet">Choose a step for B, or open another file to compare this one with.</p>
      ) : (
        <>
          <SetNumbers summaries={both.summaries} sets={both.sets} />
          <ChangedQuestions changes={both.changes} refs={[refs[0], refs[1]]} />
        </>
      )}
    </>
  );
}

function rowsOf(studio: Studio, { file, step }: SetRef): RowSet | null {
  const opened = fileAt(studio, file);
  if (opened === null) return null;
  const { table } = opened.shelf.file;
  const range = opened.about.steps.find((entry) => entry.step === step);
  return { table, from: range?.from ?? 0, to: range?.to ?? table.groups.length };
}

interface ChoiceProps {
  name: string;
  chosen: SetRef | null;
  onChoose: (set: SetRef | null) => void;
}

function Choice({ name, chosen, onChoose }: ChoiceProps): React.JSX.Element {
  const shown = useStudioState((state) => state.rollouts.file);
  const other = useStudioState((state) => state.rollouts.other);
  const files = [
    ...(shown ? [{ which: 'shown' as const, about: shown }] : []),
    ...(other ? [{ which: 'other' as const, about: other }] : []),
  ];
  const valueOf = ({ file, step }: SetRef): string => `${file} ${step ?? 'all'}`;
  const sets = files.flatMap(({ which, about }) => {
    const steps = about.steps.length > 1 ? about.steps : [];
    return [{ step: null, from: 0, to: about.rows }, ...steps].map(({ step, from, to }) => {
      return { set: { file: which, step }, rows: to - from };
    });
  });
  return (
    <label className="set-label">
      <b>{name}</b>
      <select
        className="field"
        aria-label={`Set ${name}`}
        value={chosen ? valueOf(chosen) : ''}
        onChange={({ target }) => onChoose(sets.find(({ set }) => valueOf(set) === target.value)?.set ?? null)}
      >
        {chosen === null && <option value="">choose …</option>}
        {files.map(({ which, about }) => (
          <optgroup key={which} label={about.name}>
            {sets
              .filter(({ set }) => set.file === which)
              .map(({ set, rows }) => (
                <option key={valueOf(set)} value={valueOf(set)}>
                  {other === null ? '' : `${about.name}, `}
                  {stepText(set.step)} ({count(rows)})
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

function OtherFile(): React.JSX.Element {
  const studio = useStudio();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className="button" onClick={() => input.current?.click()}>
        Another file …
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="File to compare with"
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          target.value = '';
          if (files.length > 0) void openOtherRollouts(studio, files);
        }}
      />
    </>
  );
}

function Reading(): React.JSX.Element | null {
  const studio = useStudio();
  const reading = useStudioState((state) => state.rollouts.reading);
  if (reading === null) return null;
  const { name, read, size } = reading;
  return (
    <p className="set-reading">
      Reading {name}: <progress aria-label={`Reading ${name}`} value={read} max={Math.max(1, size)} />{' '}
      {percent(read / Math.max(1, size), 0)}{' '}
      <button type="button" className="button plain" onClick={() => cancelReading(studio)}>
        Cancel
      </button>
    </p>
  );
}
