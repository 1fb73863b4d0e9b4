/** Ask it: a question of a world, and this actor that searches, is reviewed, is cut and answers; the world can be changed. */
import './ask.css';
import { useEffect, useState } from 'react';
import { refusalText } from '../../../store/run/ask-engine';
import { ask, askedRowOf, askWithQuery, loadFacts } from '../../../store/lab/ask-it';
import type { Answered } from '../../../store/lab/ask-it';
import { EvidenceLegend } from '../../primitives/evidence';
import { useStudio, useStudioState } from '../../studio-context';
import { useCurrentView } from '../../use-current-view';
import { Answer } from './answer';
import { ItsWeights } from '../../primitives/its-weights';
import { LiveAsk } from './live-ask';
import { QuestionPicker } from './question-picker';
import type { Asked } from './question-picker';
import { WorldEditor } from './world-editor';
import { LessonLink } from '../../primitives/lesson-link';

type Facts = Awaited<ReturnType<typeof loadFacts>>;
type Edits = Answered['edits'];

/** A world that is never trained on. */
const HELD_OUT = { heldOut: 0 } as const;

export function AskIt(): React.JSX.Element {
  const studio = useStudio();
  const view = useCurrentView();
  const world = useStudioState((state) => state.world);
  const model = useStudioState((state) => state.live?.abilities?.model ?? null);
  const recorded = useStudioState((state) => state.recording !== null);
  const ready = useStudioState((state) => state.runState !== null && state.runState !== 'loading');
  const support = useStudioState((state) => state.support.status);
  const [place, setPlace] = useState<Answered['world']>(HELD_OUT);
  const [facts, setFacts] = useState<Facts | null>(null);
  const [edits, setEdits] = useState<Edits>([]);
  const [answers, setAnswers] = useState<readonly Answered[]>([]);
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [slowly, setSlowly] = useState(true);
  const runId = useStudioState((state) => state.runId);
  useEffect(() => {
    if (!ready || !world || recorded) return;
    let current = true;
    loadFacts(studio, place)
      .then((loaded) => current && setFacts(loaded))
      .catch((error: unknown) => current && setProblem(refusalText(error)));
    return () => {
      current = false;
    };
  }, [studio, place, ready, world, recorded, runId]);

  const perform = async (question: () => Promise<Answered>): Promise<void> => {
    setAsking(true);
    setProblem(null);
    try {
      const answer = await question();
      setAnswers((before) => [...before.slice(-1), answer]);
    } catch (error) {
      setProblem(refusalText(error));
    } finally {
      setAsking(false);
    }
  };
  const put = ({ chain }: Asked): Promise<void> =>
    perform(() => ask(studio, { world: place, chain, edits, replicate: 0, note: noteOf(edits) }));
  const rerun = (): Promise<void> =>
    perform(async () => {
      if (!view) throw new Error('No trajectory is on screen.');
      const row = askedRowOf(studio, view);
      // Training's drafts were written by the weights before their update, answers to pinned questions by those after it.
      const weights = 'pinned' in row ? view.batch.update : view.batch.update - 1;
      return ask(studio, { world: row, chain: null, edits, replicate: 0, note: noteOf(edits), weights });
    });
  const goTo = (next: Answered['world']): void => {
    setPlace(next);
    setFacts(null);
    setEdits([]);
    setAnswers([]);
  };
  const newest = answers.at(-1);
  if (view?.engine === null && model !== null) {
    return (
      <section className="panel ask" aria-label="Ask it">
        <div className="panel-head">
          <h2>Ask it</h2>
        </div>
        <LiveAsk view={view} model={model} />
      </section>
    );
  }
  return (
    <section className="panel ask" aria-label="Ask it">
      <div className="panel-head">
        <h2>Ask it</h2>
        <EvidenceLegend />
      </div>
      {recorded && (
        <div className="empty">
          <p>A recorded run is on screen. Its weights answer here once the engine has them, which takes WebGPU.</p>
          <p>
            <ItsWeights /> <LessonLink to="one-question" />
          </p>
        </div>
      )}
      <div className="ask-body" hidden={recorded}>
        <fieldset className="ask-world">
          <legend className="visually-hidden">Whose world</legend>
          <label>
            <input type="radio" name="world" checked={'heldOut' in place} onChange={() => goTo(HELD_OUT)} /> a world it
            is never trained on
          </label>
          <label>
            <input
              type="radio"
              name="world"
              checked={!('heldOut' in place)}
              disabled={!view}
              onChange={() => view && goTo(askedRowOf(studio, view))}
            />{' '}
            the world of the trajectory on screen
          </label>
        </fieldset>
        {world && facts ? (
          <>
            <QuestionPicker key={runId} world={world} facts={facts} busy={asking} onAsk={(asked) => void put(asked)} />
            {!('heldOut' in place) && (
              <p>
                <button type="button" className="button" disabled={asking} onClick={() => void rerun()}>
                  Rerun the trajectory on screen
                </button>{' '}
                <span className="small quiet">with the same random numbers, in this world as you changed it</span>
              </p>
            )}
            <label className="small">
              <input type="checkbox" checked={slowly} onChange={(event) => setSlowly(event.target.checked)} /> slowly,
              step by step
            </label>
          </>
        ) : (
          <p className="quiet">
            {support === 'ok' || support === 'checking'
              ? 'The world appears here once the engine is ready.'
              : 'Asking takes WebGPU: the message above says what is missing.'}
          </p>
        )}
        <p className="small ask-status" role={problem === null ? 'status' : 'alert'}>
          {problem ?? (asking ? 'Searching …' : '')}
        </p>
        <div className="ask-answers">
          {answers.map((answer) => (
            <Answer
              key={answer.id}
              answer={answer}
              before={answers.find((other) => other !== answer)}
              slowly={slowly && answer === newest}
              busy={asking}
              facts={facts}
              onQuery={(step, query) => void perform(() => askWithQuery(studio, answer, step, query))}
            />
          ))}
        </div>
        {world && facts && (
          <WorldEditor world={world} facts={facts} edits={edits} answer={newest ?? null} onEdits={setEdits} />
        )}
      </div>
    </section>
  );
}

function noteOf(edits: Edits): string {
  if (edits.length === 0) return '';
  return edits.length === 1 ? '1 passage changed' : `${edits.length} passages changed`;
}
