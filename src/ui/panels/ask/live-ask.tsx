/** Ask it, in any words: the connected model answers with its retriever; the answer can be reviewed, cut and answered again. */
import { modelLabel } from '../../../lib/model-label';
import { useState } from 'react';
import { askLive, benchAnswer } from '../../../store/lab/live/live-ask';
import type { LiveAnswer } from '../../../store/lab/live/live-ask';
import { problemText } from '../../../store/lab/live/connection';
import type { CurrentView } from '../../../store/view/current-view';
import { emText, fixed } from '../../format';
import { Passages } from '../../primitives/passages';
import { StepLine } from '../../primitives/step-line';
import { useStudio } from '../../studio-context';

export function LiveAsk({ view, model }: { view: CurrentView; model: string }): React.JSX.Element {
  const studio = useStudio();
  const [question, setQuestion] = useState('');
  const [right, setRight] = useState('');
  const [seed, setSeed] = useState(1n);
  const [answer, setAnswer] = useState<LiveAnswer | null>(null);
  const [asking, setAsking] = useState<AbortController | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const put = async (): Promise<void> => {
    const controller = new AbortController();
    setAsking(controller);
    setProblem(null);
    try {
      setAnswer(await askLive(studio, view, { question, right, seed }, controller.signal));
      setSeed(seed + 1n);
    } catch (error) {
      if (!controller.signal.aborted) setProblem(problemText(error));
    } finally {
      setAsking(null);
    }
  };
  return (
    <div className="ask-body">
      <p className="small quiet">
        {modelLabel(model)} answers, with the prompt of the rollout on screen: your question takes the place of its own.
      </p>
      <form
        className="live-question"
        onSubmit={(event) => {
          event.preventDefault();
          void put();
        }}
      >
        <label>
          <span className="small quiet">Your question</span>
          <input
            className="field"
            value={question}
            placeholder={view.batch.questions[view.group] ?? ''}
            onChange={(event) => setQuestion(event.target.value)}
          />
        </label>
        <label>
          <span className="small quiet">Right answer, if you know it</span>
          <input className="field" value={right} onChange={(event) => setRight(event.target.value)} />
        </label>
        <button type="submit" className="button primary" disabled={asking !== null || question.trim() === ''}>
          Ask
        </button>
        {asking && (
          <button type="button" className="button" onClick={() => asking.abort()}>
            Cancel
          </button>
        )}
      </form>
      <p className="small ask-status" role={problem === null ? 'status' : 'alert'}>
        {problem ?? (asking ? 'Searching …' : '')}
      </p>
      {answer && <Answered answer={answer} onCut={() => benchAnswer(studio, view, answer)} />}
    </div>
  );
}

function Answered({ answer, onCut }: { answer: LiveAnswer; onCut: () => void }): React.JSX.Element {
  const { side, rollout } = answer;
  return (
    <section className="live-answer" aria-label="Answer">
      <h3>{rollout.question}</h3>
      <ol>
        {side.steps.map((step) => (
          <li key={step.number}>
            <StepLine step={step} em={side.em} />
            <p>{step.kind === 'search' ? `“${step.text}”` : step.text}</p>
            {step.passages.length > 0 && <Passages passages={step.passages} brief />}
          </li>
        ))}
      </ol>
      <p>
        <b>{side.answer ?? 'no answer'}</b>{' '}
        {side.em !== null && (
          <span className="small quiet">
            EM {emText(side.em)}, R {fixed(side.reward)}
          </span>
        )}
      </p>
      <button type="button" className="button" disabled={side.steps.length === 0} onClick={onCut}>
        Review and cut it in Cut Lab
      </button>
    </section>
  );
}
