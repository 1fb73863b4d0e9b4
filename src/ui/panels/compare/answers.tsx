/** Every answer to the question of one trajectory, in order of training step; a press puts one beside it. */
import { useMemo, useState } from 'react';
import { goToTrajectory } from '../../../store/files/open/go-to-trajectory';
import { answersToQuestion, FIRST_ANSWERS } from '../../../store/lab/answers';
import type { AnswersAtStep, FoundTrajectory } from '../../../store/lab/answers';
import type { TrajectoryRef } from '../../../store/state/compared';
import { openCompared } from '../../../store/view/compare-actions';
import { count, emText, fixed } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { Gone } from './gone';

export function Answers({ from }: { from: TrajectoryRef }): React.JSX.Element {
  const studio = useStudio();
  const [most, setMost] = useState(FIRST_ANSWERS);
  const batchVersion = useStudioState((state) => state.batchVersion);
  const all = useMemo(
    () => answersToQuestion(studio, from, most),
    // What is kept of the run, and lines of a file, lie outside React: the version says when to look again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [studio, from, most, batchVersion],
  );
  if (all === null) return <Gone />;
  const { question, rightAnswer, word, total, steps } = all;
  return (
    <>
      <p className="compare-question">{question}</p>
      <p className="small quiet">
        Right answer: {rightAnswer}. {count(total)} {total === 1 ? 'answer' : 'answers'} in the{' '}
        {word === 'step' ? 'file' : 'updates that are kept'}.
        {word === 'update' && ' The run draws new questions with every update; a pinned one is asked at each.'}
      </p>
      <div className="compare-scroll" tabIndex={0} role="group" aria-label="Answers by step">
        <table className="compare-table answers-table small">
          <thead>
            <tr>
              <th scope="col">{word}</th>
              <th scope="col">answer</th>
              <th scope="col">EM</th>
              <th scope="col">reward</th>
              <th scope="col">searches</th>
              <td />
            </tr>
          </thead>
          {steps.map((step, k) => (
            <StepRows key={k} step={step} word={word} from={from} />
          ))}
        </table>
      </div>
      {total > most && (
        <button type="button" className="button" onClick={() => setMost(Infinity)}>
          Show all {count(total)}
        </button>
      )}
    </>
  );
}

interface StepRowsProps {
  step: AnswersAtStep;
  word: string;
  from: TrajectoryRef;
}

function StepRows({ step, word, from }: StepRowsProps): React.JSX.Element {
  const { answers, known, right, pinned } = step;
  const name = step.step === null ? `no ${word}` : count(step.step);
  return (
    <tbody>
      <tr className="answers-step">
        <th scope="rowgroup">{name}</th>
        <td colSpan={5} className="quiet">
          {known === 0 ? 'exact match unknown' : `${right} of ${known} right`}
          {pinned && ', pinned: asked again beside the training'}
        </td>
      </tr>
      {answers.map((answer) => (
        <AnswerRow key={answer.ref.row} answer={answer} from={from} />
      ))}
    </tbody>
  );
}

function AnswerRow({ answer, from }: { answer: FoundTrajectory; from: TrajectoryRef }): React.JSX.Element {
  const studio = useStudio();
  const { ref, view, number, step } = answer;
  const { final } = view;
  const here = sameRef(ref, from);
  const where = `${step === null ? '' : `step ${step}, `}rollout ${number}`;
  return (
    <tr aria-current={here ? 'true' : undefined}>
      <td className="quiet">{number}</td>
      <td className="answers-answer">
        {final.answer ?? <span className="quiet">{final.endReason ?? 'no answer'}</span>}
      </td>
      <td>{emText(final.em)}</td>
      <td>{fixed(final.reward)}</td>
      <td>{final.searches}</td>
      <td className="answers-actions">
        {here ? (
          <span className="quiet">on screen</span>
        ) : (
          <button
            type="button"
            className="button plain"
            aria-label={`Compare with ${where}`}
            onClick={() => openCompared(studio, { kind: 'pair', refs: [from, ref] })}
          >
            Compare
          </button>
        )}
        {!here && ref.file !== 'other' && (
          <button
            type="button"
            className="button plain"
            aria-label={`Go to ${where}`}
            onClick={() => goToTrajectory(studio, ref)}
          >
            Go to
          </button>
        )}
      </td>
    </tr>
  );
}

function sameRef(a: TrajectoryRef, b: TrajectoryRef): boolean {
  if (a.file === 'run' && b.file === 'run' && (a.update !== b.update || a.pin !== b.pin)) return false;
  return a.file === b.file && a.row === b.row;
}
