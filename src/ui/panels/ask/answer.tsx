import type { Em } from '../../../lib/exact-match';
import { useEffect, useState } from 'react';
import type { Answered, loadFacts } from '../../../store/lab/ask-it';
import { entityName } from '../../../store/lab/ask-it';
import type { StepView } from '../../../recordings/decode-trajectory';
import { count, fixed, probability, rightness } from '../../format';
import { Passages } from '../../primitives/passages';
import { RewardFormula } from '../../primitives/reward-formula';
import { StepLine } from '../../primitives/step-line';
import { useStudioState } from '../../studio-context';
import { NameSelect } from './name-select';

type Facts = Awaited<ReturnType<typeof loadFacts>>;

const STEP_MS = 900;

interface AnswerProps {
  answer: Answered;
  /** Shown beside it. */
  before: Answered | undefined;
  slowly: boolean;
  busy: boolean;
  facts: Facts | null;
  onQuery: (step: number, query: number[]) => void;
}

/** One trajectory from the question to the answer: draft, review, cut, and what was written instead. */
export function Answer({ answer, before, slowly, busy, facts, onQuery }: AnswerProps): React.JSX.Element {
  const { view, question, note, rightAnswer, batch } = answer;
  const { draft, final, cut, review } = view;
  // What appears one after the other: the steps of the draft, the review, the steps behind the cut, the answer.
  const grown = cut > 0 ? final.steps.slice(cut - 1) : [];
  const moments = draft.steps.length + 1 + grown.length + 1;
  const shown = useMoments(moments, slowly);
  const reviewAt = draft.steps.length;
  return (
    <article className="answer" aria-label={`Answer to ${question}`}>
      <h3>{question}</h3>
      <p className="small quiet">
        {note === '' ? 'the world as it is' : note}; weights of update {count(batch.update)}
      </p>
      <ol className="answer-steps">
        {draft.steps.slice(0, shown).map((step) => (
          <Step key={step.number} step={step} em={draft.em} lost={cut > 0 && shown > reviewAt && step.number >= cut}>
            {cut === 0 && step.kind === 'search' && (
              <QueryEditor facts={facts} busy={busy} onQuery={(query) => onQuery(step.number, query)} />
            )}
          </Step>
        ))}
      </ol>
      {shown > reviewAt && (
        <p className="answer-review">
          {cut > 0
            ? note.startsWith('query')
              ? `Rewritten from step ${cut}`
              : `The refiner cuts at step ${cut}`
            : 'The draft stays'}
          {review && (
            <span className="small quiet">
              {' '}
              accept {probability(review[0] ?? 0)},{' '}
              {review.slice(1).map((chance, k) => (k > 0 ? ', ' : '') + `cut at ${k + 1} ${probability(chance)}`)}
            </span>
          )}
        </p>
      )}
      {cut > 0 && (
        <ol className="answer-steps">
          {grown.slice(0, Math.max(0, shown - reviewAt - 1)).map((step) => (
            <Step key={step.number} step={step} em={final.em} grown>
              {step.kind === 'search' && (
                <QueryEditor facts={facts} busy={busy} onQuery={(query) => onQuery(step.number, query)} />
              )}
            </Step>
          ))}
        </ol>
      )}
      {shown >= moments && (
        <div className="answer-outcome">
          <p>
            <b>{final.answer ?? 'no answer'}</b>{' '}
            <span className="quiet">
              {final.em === 0 ? `wrong: ${rightAnswer} is right` : rightness(final.em)}
              {final.endReason && `, ${final.endReason}`}
            </span>
          </p>
          <div className="formula small">
            <RewardFormula side={final} />
          </div>
          {before && before.question === question && <Difference answer={answer} before={before} />}
        </div>
      )}
    </article>
  );
}

/** How many moments are shown: all at once, or one after the other. */
function useMoments(moments: number, slowly: boolean): number {
  const [shown, setShown] = useState(slowly ? 1 : moments);
  useEffect(() => {
    if (!slowly || shown >= moments) return;
    const timer = setTimeout(() => setShown(shown + 1), STEP_MS);
    return () => clearTimeout(timer);
  }, [slowly, shown, moments]);
  return slowly ? shown : moments;
}

interface StepProps {
  step: StepView;
  em: Em;
  lost?: boolean;
  grown?: boolean;
  children?: React.ReactNode;
}

function Step({ step, em, lost = false, grown = false, children }: StepProps): React.JSX.Element {
  const text = step.kind === 'search' ? `“${step.text}”` : step.text;
  return (
    <li className={lost ? 'branch-step branch-lost' : grown ? 'branch-step branch-gained' : 'branch-step'}>
      <span className="small">{step.number}</span>
      <div>
        <StepLine step={step} em={em} />
        <p>{lost ? <s>{text}</s> : text}</p>
        {step.passages.length > 0 && <Passages passages={step.passages} brief />}
        {children}
      </div>
    </li>
  );
}

function Difference({ answer, before }: { answer: Answered; before: Answered }): React.JSX.Element {
  const [now, then] = [answer.view.final, before.view.final];
  return (
    <p className="small quiet">
      The other one: {then.answer ?? 'no answer'}, R {fixed(then.reward)}.{' '}
      {now.answer === then.answer ? 'The answer is the same' : 'The answer is another one'}
      {now.reward === then.reward
        ? ', and so is the reward.'
        : `; the reward differs by ${fixed((now.reward ?? NaN) - (then.reward ?? NaN))}.`}
    </p>
  );
}

interface QueryEditorProps {
  facts: Facts | null;
  busy: boolean;
  onQuery: (query: number[]) => void;
}

/** Another query for a step: an entity and a relation. The actor goes on from what it finds. */
function QueryEditor({ facts, busy, onQuery }: QueryEditorProps): React.JSX.Element | null {
  const world = useStudioState((state) => state.world);
  const [entity, setEntity] = useState(0);
  const [relation, setRelation] = useState(0);
  if (!world || !facts) return null;
  const entities = [...new Set(Array.from(facts.single.keys(), (f) => facts.facts[3 * f] ?? 0))];
  return (
    <details className="query-editor small">
      <summary>Other query</summary>
      <div className="ask-pickers">
        <NameSelect
          label="Entity of the query"
          value={entity}
          names={entities.map((one) => [one, entityName(world, one)])}
          onChange={setEntity}
        />
        <NameSelect
          label="Relation of the query"
          value={relation}
          names={world.relations.map(({ name }, r) => [r, name])}
          onChange={setRelation}
        />
        <button
          type="button"
          className="button"
          disabled={busy}
          onClick={() => onQuery([world.entityBase + entity, world.relationBase + relation])}
        >
          Go on from here
        </button>
      </div>
    </details>
  );
}
