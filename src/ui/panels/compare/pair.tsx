/** Two whole trajectories in columns, with what differs. */
import { useMemo } from 'react';
import { goToTrajectory } from '../../../store/files/open/go-to-trajectory';
import { pairOf } from '../../../store/lab/pair';
import type { Pair, PairSide } from '../../../store/lab/pair';
import type { TrajectoryRef } from '../../../store/state/compared';
import type { StepView } from '../../../recordings/decode-trajectory';
import { count, emText, fixed } from '../../format';
import { Passages } from '../../primitives/passages';
import { StepLine } from '../../primitives/step-line';
import { useStudio, useStudioState } from '../../studio-context';
import { Gone } from './gone';

export function PairOfTrajectories({ refs }: { refs: readonly [TrajectoryRef, TrajectoryRef] }): React.JSX.Element {
  const studio = useStudio();
  const version = useStudioState((state) => state.batchVersion);
  // Lines of a file lie outside React: the version says when some came.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const pair = useMemo(() => pairOf(studio, refs), [studio, refs, version]);
  if (pair === null) return <Gone />;
  const { sides, sameQuestion, partsAt } = pair;
  const steps = Math.max(...sides.map((side) => side.steps.length));
  return (
    <>
      {sameQuestion && <p className="compare-question">{sides[0].question}</p>}
      <Facts pair={pair} />
      <p>
        {partsAt === null
          ? 'They take the same steps: same queries, passages and answer.'
          : partsAt === 1
            ? 'They part at step 1.'
            : `They part at step ${partsAt}: before it they ask and find the same.`}
      </p>
      <div className="pair" style={{ '--rows': steps + 1 }}>
        <Column name={`A: ${whereOf(...sides)}`} side={sides[0]} steps={steps} partsAt={partsAt} ask={!sameQuestion} />
        <Column
          name={`B: ${whereOf(sides[1], sides[0])}`}
          side={sides[1]}
          steps={steps}
          partsAt={partsAt}
          ask={!sameQuestion}
        />
      </div>
    </>
  );
}

/** What each came to, and a sign where the two differ. */
function Facts({ pair }: { pair: Pair }): React.JSX.Element {
  const facts: [name: string, of: (side: PairSide) => string][] = [
    ['answer', ({ view }) => view.final.answer ?? 'none'],
    ['right answer', ({ rightAnswer }) => rightAnswer],
    ['exact match', ({ view }) => emText(view.final.em)],
    ['reward', ({ view }) => fixed(view.final.reward)],
    ['searches', ({ view }) => count(view.final.searches)],
    [
      'length',
      ({ size, sizeUnit }) => (size === null ? '–' : `${count(size)}${sizeUnit === 'mixed' ? '' : ` ${sizeUnit}`}`),
    ],
    ['ended by', ({ view }) => view.final.endReason ?? 'an answer'],
  ];
  return (
    <div className="compare-scroll" tabIndex={0} role="group" aria-label="What differs">
      <table className="compare-table pair-facts small">
        <thead>
          <tr>
            <td />
            <th scope="col">A: {whereOf(pair.sides[0], pair.sides[1])}</th>
            <th scope="col">B: {whereOf(pair.sides[1], pair.sides[0])}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {facts.map(([name, of]) => {
            const [a, b] = [of(pair.sides[0]), of(pair.sides[1])];
            return (
              <tr key={name} className={a === b ? '' : 'compare-differs'}>
                <th scope="row">{name}</th>
                <td>{a}</td>
                <td>{b}</td>
                <td>{a === b ? '' : <Differs />}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Differs(): React.JSX.Element {
  return (
    <>
      <span aria-hidden="true">≠</span>
      <span className="visually-hidden">differs</span>
    </>
  );
}

/** @param other whose file need not be named where it is the same */
function whereOf({ file, step, number }: PairSide, other: PairSide): string {
  const when = step === null ? [] : [`${file === null ? 'update' : 'step'} ${count(step)}`];
  return [...(file === null || file === other.file ? [] : [file]), ...when, `rollout ${number}`].join(', ');
}

interface ColumnProps {
  name: string;
  side: PairSide;
  steps: number;
  partsAt: number | null;
  /** The two answer different questions. */
  ask: boolean;
}

function Column({ name, side, steps, partsAt, ask }: ColumnProps): React.JSX.Element {
  const studio = useStudio();
  const { view, ref, question } = side;
  const { cut, draft, final } = view;
  return (
    <section className="pair-column" aria-label={name}>
      <div className="pair-head">
        <h3>{name}</h3>
        {ref.file !== 'other' && (
          <button type="button" className="button plain" onClick={() => goToTrajectory(studio, ref)}>
            Go to it
          </button>
        )}
        {ask && <p className="pair-note">“{question}”</p>}
        {cut > 0 && (
          <p className="small quiet pair-note">
            Cut at step {cut}; its draft answered {draft.answer ?? 'nothing'}.
          </p>
        )}
      </div>
      {Array.from({ length: steps }, (_, k) => {
        const own = side.steps[k];
        if (!own) return <div key={k} className="pair-step pair-none" />;
        return <Step key={k} step={own.step} same={own.same} parts={partsAt === k + 1} em={final.em} />;
      })}
    </section>
  );
}

interface StepProps {
  step: StepView;
  same: boolean;
  /** The first step in which the two differ. */
  parts: boolean;
  em: PairSide['view']['final']['em'];
}

function Step({ step, same, parts, em }: StepProps): React.JSX.Element {
  const { kind, thought, text, passages, number } = step;
  return (
    <div className={`pair-step ${same ? 'pair-same' : 'pair-differs'}${parts ? ' pair-parts' : ''}`}>
      <p className="pair-line">
        <span aria-hidden="true">{same ? '=' : '≠'}</span> <span className="small">{number}</span>
        <StepLine step={step} em={em} />
        <span className="visually-hidden">{same ? 'the same in both' : 'differs'}</span>
        {parts && <span className="badge">here they part</span>}
      </p>
      {thought !== '' && thought !== text && <p className="small quiet pair-words">{thought}</p>}
      <p className="pair-words">{kind === 'search' ? `“${text}”` : text}</p>
      {passages.length > 0 && <Passages passages={passages} brief />}
    </div>
  );
}
